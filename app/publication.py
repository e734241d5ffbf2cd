"""What of a profile is published: what strangers may see of it, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.accounts import MAX_USERNAME
from app.db import Connection, raw_statement
from app.plans import Plans, Tier, tier_of
from app.presentation.effective import Presentation, presentation_of
from app.profile.rules import SECTIONS
from app.settings import Settings
from app.standing import columns, facts

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

# Of a profile. `email` and `phone` are not among them: they have switches of their own.
_FIELDS = (
    "full_name",
    "headline",
    "location",
    "website",
    "github_url",
    "linkedin_url",
    "open_to_work",
    "created_at",
    "updated_at",
)
_CHOSEN = ("theme_id", "accent_color", "section_order", "hidden_sections", "font_preference")
_NOT_TOLD = "'{account_id,origin,parse_id}'::TEXT[]"


@dataclass(frozen=True, slots=True)
class Published:
    """A profile as strangers see it.

    `record` is that of `GET /v1/me` without sections that are hidden (which are empty in it) and
    without an e-mail address or telephone number that is not public. `former`: it was asked for by
    a name given up since, and readers are to be sent to `username`. `avatar_key` names the portrait
    among the artifacts.
    """

    account_id: UUID
    username: str
    former: bool
    visibility: str
    answers_questions: bool
    record: Mapping[str, Any]
    presentation: Presentation
    tier: Tier
    avatar_key: str | None


def _is_hidden(section: str) -> str:
    return f"coalesce('{section}' = ANY(coalesce($2::TEXT[], d.hidden_sections)), false)"


def _rows(section: str) -> str:
    return (
        f"CASE WHEN {_is_hidden(section)} THEN '[]'::JSONB ELSE (SELECT"
        f" coalesce(jsonb_agg(to_jsonb(s) - {_NOT_TOLD} ORDER BY s.position, s.id), '[]')"
        f" FROM {section} AS s WHERE s.account_id = n.id) END AS {section}"
    )


_PUBLISHED = raw_statement(
    f"""
WITH named AS (
    SELECT id, username, false AS former FROM accounts
    WHERE lower(username) = lower($1) AND delete_after IS NULL
    UNION ALL
    SELECT a.id, a.username, true
    FROM former_usernames AS f JOIN accounts AS a ON a.id = f.account_id
    WHERE f.username = lower($1) AND f.kept_until > now() AND a.delete_after IS NULL
    LIMIT 1
)
SELECT n.id AS account_id, n.username, n.former, p.visibility, p.answers_questions, p.avatar_key,
       {", ".join(f"p.{name}" for name in _FIELDS)},
       CASE WHEN NOT {_is_hidden("summary")} THEN p.bio END AS bio,
       CASE WHEN {_is_hidden("languages")} THEN '[]' ELSE p.languages END AS languages,
       CASE WHEN p.email_public THEN p.email END AS email,
       CASE WHEN p.phone_public THEN p.phone END AS phone,
       {", ".join(map(_rows, SECTIONS))},
       {", ".join(f"d.{name}" for name in _CHOSEN)},
       {columns("n.id")}
FROM named AS n
JOIN profiles AS p ON p.account_id = n.id
LEFT JOIN presentations AS d ON d.account_id = n.id
WHERE p.visibility <> 'private'
""",
    "username",
    "hidden",
)
_SHOWN = ("username", *_FIELDS, "bio", "languages", "email", "phone")


def page_url(settings: Settings, username: str) -> str:
    """The address of the public page of a username."""
    return f"{settings.public_url}/u/{username}"


async def published(
    db: Connection, username: str, plans: Plans, *, hidden: Sequence[str] | None = None
) -> Published | None:
    """What is published under a name of any case, or under one that was given up.

    None where there is nobody of that name, the profile is private or its owner is leaving, which
    all look the same. `hidden` are sections to leave out in place of those that the owner hides.
    """
    if len(username) > MAX_USERNAME or not (username.isascii() and username.isprintable()):
        return None
    row: Any = await db.row(_PUBLISHED, username=username, hidden=hidden)
    if row is None:
        return None
    tier = tier_of(facts(row))
    return Published(
        account_id=row["account_id"],
        username=row["username"],
        former=row["former"],
        visibility=row["visibility"],
        answers_questions=row["answers_questions"],
        record={
            "profile": {name: row[name] for name in _SHOWN},
            **{section: row[section] for section in SECTIONS},
        },
        presentation=presentation_of(row, plans.entitlements(tier)),
        tier=tier,
        avatar_key=row["avatar_key"],
    )
