"""The tables, one file per area. Alembic reads `Base.metadata`."""

from app.models.base import Base
from app.models.idempotency import IdempotencyRow
from app.models.identity import (
    AccountRow,
    ApiKeyRow,
    MailRow,
    OneTimeLinkRow,
    OutsideIdentityRow,
    PersonalTokenRow,
    RefreshTokenRow,
    SessionRow,
)
from app.models.resume import ResumeJobRow

__all__ = [
    "AccountRow",
    "ApiKeyRow",
    "Base",
    "IdempotencyRow",
    "MailRow",
    "OneTimeLinkRow",
    "OutsideIdentityRow",
    "PersonalTokenRow",
    "RefreshTokenRow",
    "ResumeJobRow",
    "SessionRow",
]
