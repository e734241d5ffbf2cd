"""What the resolvers of the five sections share: rows as they are shown, and bulk changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from app.auth.own import admit
from app.call import Call
from app.cv import bounds
from app.db import uuid7
from app.errors import FieldError, ValidationFailed
from app.grounding.cited import Grounds, hold_to_sources
from app.profile import bulk, rules, sections
from schema.types.paging import DEFAULT_LIMIT, Page, page_in_order, window_in_order
from schema.types.sections import AllIds, Origin, Row, Section, SectionOrder

T = TypeVar("T", bound=Row)

ExpectedVersion = Annotated[
    int | None,
    strawberry.argument(
        description="Do it only if it is still at this version.",
        metadata={"header": "If-Match"},
    ),
]


def shower(section: str, type_: type[T]) -> Callable[[Mapping[str, Any]], T]:
    """A function from a row of `section`, as a record or as JSON, to what is shown of it."""
    names = rules.FIELDS[section]

    def shown(row: Mapping[str, Any]) -> T:
        return type_(
            id=row["id"],
            position=row["position"],
            origin=Origin(row["origin"]),
            created_at=time(row["created_at"]),
            updated_at=time(row["updated_at"]),
            version=row["version"],
            **{name: row[name] for name in names},
        )

    return shown


def time(value: datetime | str) -> datetime:
    """A time of a row; of one that came as JSON it is a text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def list_rows(
    call: Call, section: str, shown: Callable[[Any], T], limit: int, cursor: str | None
) -> Page[T]:
    """One page of a section."""
    rows = await sections.listed(call, section, window_in_order(limit, cursor))
    return page_in_order(rows, limit, shown)


def given(section: str, input: Any, path: str = "") -> dict[str, Any]:
    """The values of an input as they are stored; raises ValidationFailed."""
    return rules.entry(
        section, {name: getattr(input, name) for name in rules.FIELDS[section]}, path
    )


async def grounded(call: Call, section: str, input: Any) -> dict[str, Any]:
    """`given`, once the sources that the input cites, if it does, say what it claims."""
    value = given(section, input)
    if input.grounded_in is not None:
        await admit(call)
        await hold_to_sources(call, _grounds(section, input, value, ""))
    return value


def _grounds(section: str, input: Any, value: Mapping[str, Any], path: str) -> Grounds:
    # As it was given, blank items too: what is complained of has its place in the request.
    lists = {
        name: [rules.line(item, bounds.TEXT) for item in getattr(input, name) or ()]
        for name in ("bullets", "technologies")
        if name in value
    }
    return section, {**value, **lists}, input.grounded_in, path


async def replace_rows(
    call: Call, section: str, items: Sequence[Any], shown: Callable[[Any], T]
) -> Page[T]:
    """Make the rows of a section what `items` say; raises ValidationFailed, Conflict."""
    await call.db.execute(bulk.LOCK, account_id=call.principal.account_id)
    before = await bulk.rows(call, call.db, section)
    wanted = _wanted(section, items, {row["id"]: row for row in before})
    await hold_to_sources(
        call,
        *(
            _grounds(section, item, value, f"items[{index}]")
            for index, (item, value) in enumerate(zip(items, wanted, strict=True))
            if item.grounded_in is not None
        ),
    )
    after = await bulk.write(call, call.db, section, "replace", before, bulk.placed(wanted))
    return page_in_order(after, DEFAULT_LIMIT, shown)


def _wanted(
    section: str, items: Sequence[Any], present: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows to write for `items`; one that says what is there already keeps its origin."""
    wanted: list[dict[str, Any]] = []
    errors: list[FieldError] = []
    named: set[str] = set()
    for index, item in enumerate(items):
        path = f"items[{index}]"
        row_id = str(item.id or uuid7())
        if item.id is not None and row_id not in present:
            errors.append(FieldError(f"{path}.id", "unknown", "There is no such row."))
        if row_id in named:
            errors.append(FieldError(f"{path}.id", "doubled", "Is given twice."))
        named.add(row_id)
        try:
            value = given(section, item, path)
        except ValidationFailed as wrong:
            errors += wrong.fields
            continue
        wanted.append({"id": row_id, **_kept(present.get(row_id), value), **value})
    if errors:
        raise ValidationFailed(errors)
    return wanted


def _kept(row: Mapping[str, Any] | None, value: Mapping[str, Any]) -> dict[str, Any]:
    if row is not None and all(row[name] == value[name] for name in value):
        return {"origin": row["origin"], "parse_id": row["parse_id"]}
    return {"origin": "hand", "parse_id": None}


async def order_section(call: Call, section: Section, ids: AllIds) -> SectionOrder:
    """Put the rows of a section in another order: give the ids of all of them."""
    await call.db.execute(bulk.LOCK, account_id=call.principal.account_id)
    before = await bulk.rows(call, call.db, section.value)
    rows = {UUID(row["id"]): row for row in before}
    errors = [
        FieldError(f"ids[{index}]", "unknown", "There is no such row.")
        for index, row_id in enumerate(ids)
        if row_id not in rows
    ]
    if len(set(ids)) < len(ids):
        errors.append(FieldError("ids", "doubled", "An id is given twice."))
    if missing := rows.keys() - set(ids):
        errors.append(FieldError("ids", "missing", f"{len(missing)} rows are not named."))
    if errors:
        raise ValidationFailed(errors)
    wanted = [rows[row_id] for row_id in ids]
    after = await bulk.write(call, call.db, section.value, "reorder", before, bulk.placed(wanted))
    return SectionOrder(section=section, ids=[UUID(row["id"]) for row in after])
