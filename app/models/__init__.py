"""The tables, one file per area. Alembic reads `Base.metadata`."""

from app.models.base import Base
from app.models.history import ImportRow, RevisionRow
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
from app.models.ledger import LedgerEntryRow, UsageEventRow, WalletRow
from app.models.oauth import OAuthClientRow, OAuthGrantRow, OAuthRefreshTokenRow
from app.models.profile import (
    CertificationRow,
    EducationRow,
    ExperienceRow,
    FormerUsernameRow,
    ProfileRow,
    ProjectRow,
    SkillRow,
)
from app.models.resume import ResumeJobRow
from app.models.usage import ApiQuotaRow, UsageRow

__all__ = [
    "AccountRow",
    "ApiKeyRow",
    "ApiQuotaRow",
    "Base",
    "CertificationRow",
    "EducationRow",
    "ExperienceRow",
    "FormerUsernameRow",
    "IdempotencyRow",
    "ImportRow",
    "LedgerEntryRow",
    "MailRow",
    "OAuthClientRow",
    "OAuthGrantRow",
    "OAuthRefreshTokenRow",
    "OneTimeLinkRow",
    "OutsideIdentityRow",
    "PersonalTokenRow",
    "ProfileRow",
    "ProjectRow",
    "RefreshTokenRow",
    "ResumeJobRow",
    "RevisionRow",
    "SessionRow",
    "SkillRow",
    "UsageEventRow",
    "UsageRow",
    "WalletRow",
]
