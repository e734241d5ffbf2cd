"""The PDFs that jobs name, and their removal.

Several jobs of one account may name one PDF. It goes when none is left whose time is not over, and
its thumbnail with it. A job can come to name a PDF only while another does (`resume_jobs.REUSE`,
which locks that row), and no key is ever stored twice: one that is found without a name after its
rows have gone will never have one again.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.artifacts import Artifacts, pdf_key, thumbnail_key
from app.db import Connection, Database, statement
from app.models import ResumeJobRow

FOLDER = "resume"

_NAMED = statement(
    select(ResumeJobRow.artifact_key)
    .distinct()
    .where(
        ResumeJobRow.artifact_key == func.any(bindparam("keys", type_=ARRAY(Text))),
        ResumeJobRow.expires_at > func.now(),
    )
)


async def named(db: Connection, keys: Iterable[str]) -> set[str]:
    """Those of `keys`, of PDFs and thumbnails, whose PDF a job names that has not expired."""
    keys = set(keys)
    rows = await db.rows(_NAMED, keys=list({pdf_key(key) for key in keys}))
    pdfs = {row["artifact_key"] for row in rows}
    return {key for key in keys if pdf_key(key) in pdfs}


async def remove_nameless(database: Database, artifacts: Artifacts, key: str) -> None:
    """Remove the PDF `key` and its thumbnail unless a job names it; raises DependencyUnavailable.

    Call it when what named the PDF is committed as gone.
    """
    async with database.connection() as db:
        if await named(db, [key]):
            return
    for each in (key, thumbnail_key(key)):
        await artifacts.delete(each)
