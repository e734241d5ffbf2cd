"""Searching the profile, and the index that it is searched by."""

from __future__ import annotations

from app import search
from app.auth.own import single_statement
from app.call import Call
from app.errors import FieldError, ValidationFailed
from app.index import reset, status
from app.unconnected import unconnected
from schema.types.presentation import PageSection
from schema.types.search import (
    DEFAULT_PASSAGES,
    MOST_PASSAGES,
    ClearedSection,
    IndexingStatus,
    IndexState,
    PassageLimit,
    Question,
    ResetInput,
    ResetScope,
    ResumeReset,
    SearchAnswer,
    SearchPassage,
    SectionIndex,
    Sections,
)
from schema.types.sections import Section


@unconnected
async def search_profile(
    call: Call, q: Question, limit: PassageLimit = DEFAULT_PASSAGES, sections: Sections = None
) -> SearchAnswer:
    """What of your profile most likely answers a question, by meaning and by words.

    A change is found by its words within seconds, and by its meaning soon after.
    """
    errors = []
    if not q.strip():
        errors.append(FieldError("q", "blank", "Ask something."))
    if not 1 <= limit <= MOST_PASSAGES:
        errors.append(FieldError("limit", "out_of_range", f"Must be 1 to {MOST_PASSAGES}."))
    if errors:
        raise ValidationFailed(errors)
    found = await search.look(
        call.services,
        call.principal.account_id,
        q,
        limit=limit,
        sections=None if sections is None else [section.value for section in sections],
    )
    return SearchAnswer(
        passages=[_passage(passage) for passage in found.passages], by_meaning=found.by_meaning
    )


def _passage(passage: search.Passage) -> SearchPassage:
    return SearchPassage(
        section=PageSection(passage.section),
        item_id=passage.item_id,
        title=passage.title,
        text=passage.text,
        statement=passage.statement,
        score=passage.score,
        similarity=passage.similarity,
        matched=passage.matched,
    )


@single_statement
async def get_indexing_status(call: Call) -> IndexingStatus:
    """How far the index is that your profile is searched by."""
    found = await status.status(call)
    return IndexingStatus(
        status=IndexState(found.state),
        completeness=found.completeness,
        sections=[
            SectionIndex(
                section=PageSection(each.section),
                rows=each.rows,
                chunks=each.chunks,
                embedded=each.embedded,
            )
            for each in found.sections
        ],
        model=found.model,
        updated_at=found.updated_at,
        last_error=found.last_error,
    )


async def reset_resume(call: Call, input: ResetInput | None = None) -> ResumeReset:
    """Clear what was imported into your sections, and all that is made of it for searching.

    Rows that were edited by hand since stay, unless the scope is `all`. Of the profile itself
    nothing is cleared. What remains is indexed anew. Each removal is a revision, which the history
    can undo; a second reset clears nothing more.
    """
    scope = input.scope if input else ResetScope.IMPORTED
    cleared, chunks = await reset.reset(call, imported_only=scope is ResetScope.IMPORTED)
    return ResumeReset(
        scope=scope,
        cleared=[
            ClearedSection(
                section=Section(each.section), rows=each.rows, revision_id=each.revision_id
            )
            for each in cleared
        ],
        chunks=chunks,
    )
