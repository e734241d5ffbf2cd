"""The tables, one file per area. Alembic reads `Base.metadata`."""

from app.models.answers import ConversationRow, QuestionRow
from app.models.audience import AudienceCountRow, AudienceVisitorRow, AudienceWriterRow
from app.models.base import Base
from app.models.billing import (
    AdminActionRow,
    CheckoutRow,
    LostCustomerRow,
    PaidPeriodRow,
    PlanGrantRow,
    StripeCustomerRow,
    StripeEventRow,
    StripeHearingRow,
    SubscriptionRow,
    TrialRow,
    WaitlistRow,
)
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
from app.models.index import ChunkRow, IndexStateRow
from app.models.ledger import LedgerEntryRow, UsageEventRow, WalletRow
from app.models.oauth import OAuthClientRow, OAuthGrantRow, OAuthRefreshTokenRow
from app.models.presentation import PresentationRow
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
from app.models.security import (
    ClosedAccountRow,
    CredentialNetworkRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SecurityEventRow,
)
from app.models.usage import ApiQuotaRow, UsageRow

__all__ = [
    "AccountRow",
    "AdminActionRow",
    "ApiKeyRow",
    "ApiQuotaRow",
    "AudienceCountRow",
    "AudienceVisitorRow",
    "AudienceWriterRow",
    "Base",
    "CertificationRow",
    "CheckoutRow",
    "ChunkRow",
    "ClosedAccountRow",
    "ConversationRow",
    "CredentialNetworkRow",
    "EducationRow",
    "ExperienceRow",
    "FormerUsernameRow",
    "IdempotencyRow",
    "ImportRow",
    "IndexStateRow",
    "LedgerEntryRow",
    "LostCustomerRow",
    "MailRow",
    "OAuthClientRow",
    "OAuthGrantRow",
    "OAuthRefreshTokenRow",
    "OneTimeLinkRow",
    "OutsideIdentityRow",
    "PaidPeriodRow",
    "PersonalTokenRow",
    "PlanGrantRow",
    "PresentationRow",
    "ProfileRow",
    "ProjectRow",
    "QuestionRow",
    "RecoveryCodeRow",
    "RefreshTokenRow",
    "ResumeJobRow",
    "RevisionRow",
    "SecondFactorRow",
    "SecurityEventRow",
    "SessionRow",
    "SkillRow",
    "StripeCustomerRow",
    "StripeEventRow",
    "StripeHearingRow",
    "SubscriptionRow",
    "TrialRow",
    "UsageEventRow",
    "UsageRow",
    "WaitlistRow",
    "WalletRow",
]
