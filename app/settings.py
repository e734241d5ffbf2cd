"""Settings: one frozen object, read once from the environment by the command line.

Every field says what it is for; the table in README.md is printed from here
(`python -m app.settings`) and compared by a test.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.answering import providers
from app.billing.offers import InvalidOffers, Offers
from app.model_catalogue import InvalidCatalogue, catalogue

PROJECT = Path(__file__).resolve().parent.parent


class InvalidSetting(ValueError):
    """A variable of the environment that can't be read as its type; the message names it."""


def _setting(default: Any, help_text: str, *, secret: bool = False) -> Any:
    return dataclasses.field(default=default, metadata={"help": help_text, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment variable of a field is its name in capitals."""

    data_dir: Path = _setting(PROJECT / ".vitae", "Folder of everything kept on disk.")
    database_url: str = _setting(
        "", "PostgreSQL to use. Empty: an embedded one in the data folder.", secret=True
    )
    redis_url: str = _setting(
        "", "Valkey or Redis to use. Empty: an embedded one in the data folder.", secret=True
    )
    artifacts_url: str = _setting(
        "", "Object store of PDFs, such as s3://bucket/prefix. Empty: the data folder."
    )
    public_url: str = _setting(
        "http://127.0.0.1:8000", "Where people reach this server; used in links and as issuer."
    )
    environment: str = _setting(
        "development", "development or production; GraphiQL is served in development only."
    )
    prometheus_multiproc_dir: str = _setting(
        "", "Folder where the API processes of one machine share their metrics; `up` sets it."
    )
    log_level: str = _setting("info", "debug, info, warning or error.")
    cors_origins: str = _setting(
        "", "Origins, separated by commas, whose pages may call the API; * for any."
    )
    trusted_proxies: str = _setting(
        "", "Addresses, separated by commas, whose X-Forwarded-For and -Proto are believed."
    )

    database_pool_size: int = _setting(10, "Connections to PostgreSQL of each API process.")
    database_pool_wait_seconds: float = _setting(
        5.0, "Longest wait for a connection before the answer is 503."
    )
    statement_timeout_seconds: float = _setting(10.0, "Longest run of one SQL statement.")

    jwt_key: str = _setting(
        "", "Key that signs sessions. Empty: made at first start in the data folder.", secret=True
    )
    encryption_key: str = _setting(
        "",
        "Key that encrypts the secrets of second factors. Empty: derived from JWT_KEY, which then"
        " can't be changed without them: recovery codes stay good.",
        secret=True,
    )
    session_minutes: int = _setting(15, "Life of an access token.")
    refresh_days: int = _setting(30, "Life of a refresh token that is not used.")
    jwks_url: str = _setting("", "JWKS of an outside issuer whose JWTs are accepted too.")
    jwt_issuer: str = _setting("", "Issuer (iss) that those JWTs must name.")
    jwt_audience: str = _setting("", "Audience (aud) that those JWTs must name.")
    oidc_issuer: str = _setting(
        "",
        "OpenID provider by which people may sign in on our pages, such as"
        " https://accounts.example.com; it leads back to /sign-in/outside/back of PUBLIC_URL.",
    )
    oidc_client_id: str = _setting("", "What that provider calls us.")
    oidc_client_secret: str = _setting("", "The secret that it gave us, if it did.", secret=True)
    oidc_name: str = _setting("your organisation", "What people know that provider as.")
    token_rotation_overlap_minutes: int = _setting(
        60, "How long a rotated personal token goes on working, unless the call says otherwise."
    )
    login_attempts_per_address: int = _setting(
        30, "Failed logins and registrations from one address in 15 minutes."
    )
    login_attempts_per_account: int = _setting(
        10,
        "Failed logins of one username or e-mail address in 15 minutes; a network that has signed"
        " in before counts by itself.",
    )

    smtp_url: str = _setting(
        "",
        "Mail server, such as smtp://user:password@host:587. Empty: mails are files in the"
        " data folder.",
        secret=True,
    )
    mail_from: str = _setting("Vitae <no-reply@localhost>", "Sender of mails.")

    render_processes: int = _setting(2, "Render processes of a worker.")
    render_timeout_seconds: float = _setting(30.0, "Longest time one render may take.")
    render_memory_mb: int = _setting(1024, "Most memory one render process may take.")
    read_timeout_seconds: float = _setting(
        5.0, "Longest time until an import answers for a file, waiting included."
    )
    read_memory_mb: int = _setting(
        512, "Most memory each of the two processes that read imported files may take."
    )
    job_lease_seconds: int = _setting(
        15, "How long a claimed job stays with a worker that gives no sign of life."
    )
    profile_pdfs_per_address: int = _setting(
        30,
        "PDFs of public profiles made for one address in 15 minutes; those made before are free.",
    )
    artifact_retention_days: int = _setting(365, "How long a PDF is kept.")

    api_quota_free: int = _setting(
        1000, "Operations by API keys in a calendar month (UTC), of an account on the free plan."
    )
    api_quota_flex: int = _setting(1000, "The same on the flex plan.")
    api_quota_pro: int = _setting(100_000, "The same on the pro plan.")
    api_rate_free: float = _setting(
        10.0, "Operations per second by one API key on the free plan, lasting."
    )
    api_rate_flex: float = _setting(10.0, "The same on the flex plan.")
    api_rate_pro: float = _setting(50.0, "The same on the pro plan.")
    request_rate: float = _setting(
        50.0, "Operations per second by one session or personal token, lasting."
    )
    burst_seconds: float = _setting(
        5.0, "A burst may be as large as what a rate allows in so many seconds."
    )
    chat_allowance_pro: int = _setting(
        300, "Studio answers in a month that are part of the pro plan."
    )
    starter_credits: int = _setting(
        10, "Credits that a new account begins with; they make it no paying one."
    )
    model_catalogue: str = _setting(
        "",
        "Language models beside the built-in ones: a JSON object by id, or the path of a file of"
        " one; fields of a known id replace its own, null takes it out.",
    )
    embeddings_url: str = _setting(
        "",
        "OpenAI-compatible API of embeddings, such as https://api.example.com/v1. Empty: the"
        " workers' own model.",
    )
    embeddings_key: str = _setting("", "Key for it, if it asks for one.", secret=True)
    embeddings_model: str = _setting(
        "text-embedding-3-small", "Model to ask of it; another one embeds everything anew."
    )
    event_streams_per_account: int = _setting(
        20,
        "Open GraphQL subscriptions, with pages that follow résumés, that an account may have at"
        " each API process.",
    )
    mcp_session_minutes: int = _setting(
        30, "How long an MCP session that nobody uses is kept, in minutes."
    )
    mcp_sessions_per_account: int = _setting(200, "Open MCP sessions that an account may have.")
    mcp_streams_per_account: int = _setting(
        20, "Open MCP event streams that an account may have at each API process."
    )
    mcp_calls_per_account: int = _setting(
        20, "MCP requests of an account that each API process answers at the same time."
    )
    stripe_secret_key: str = _setting(
        "",
        "Secret key of a Stripe account. Empty: nothing is sold here, and all else works.",
        secret=True,
    )
    stripe_webhook_secret: str = _setting(
        "",
        "Signing secret of the webhook at /v1/billing/webhook; several, separated by commas, while"
        " one is rolled.",
        secret=True,
    )
    stripe_prices: str = _setting(
        "",
        "Stripe's price ids by offer, such as pro.monthly=price_1, pro.annual=price_2,"
        " small=price_3; an offer without one is shown and can't be bought.",
    )
    stripe_api_url: str = _setting("https://api.stripe.com", "Where Stripe's API is.")
    billing_offers: str = _setting(
        "", "JSON file of the plans and credit packs on sale. Empty: app/billing/offers.json."
    )
    trial_days: int = _setting(
        14, "Days of the one trial that an account may have; 0 for none. It begins with a checkout."
    )
    answer_providers: str = _setting(
        "",
        "Language models that tell answers about profiles: a JSON list of objects with the url of"
        " an OpenAI-compatible API, its key, the model and, if known, input_usd and output_usd for"
        " a million tokens; asked in this order. Empty: answers are quotes.",
        secret=True,
    )
    answer_timeout_seconds: float = _setting(20.0, "Longest time that one model may take.")
    questions_per_address: int = _setting(
        60, "Questions about profiles from one address in an hour."
    )
    questions_per_profile: int = _setting(
        600, "Questions about one profile in an hour, from all addresses."
    )
    studio_key: str = _setting(
        "",
        "Secret of the service that may call /v1/studio/chat, sent as X-Service-Key. Empty: nobody"
        " may.",
        secret=True,
    )
    usage_retention_days: int = _setting(400, "How long daily figures of usage are kept.")
    audience_retention_days: int = _setting(
        1100, "How long daily figures of who came to public profiles are kept."
    )
    transcript_retention_days: int = _setting(
        365, "How long questions of visitors and their answers are kept."
    )
    security_event_retention_days: int = _setting(
        400, "How long security events are kept; 30 at least."
    )
    account_deletion_days: int = _setting(
        14, "How long an account whose owner wants it deleted can still be kept by them."
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read every field from `environ`; raises InvalidSetting."""
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            raw = environ.get(field.name.upper())
            if raw is not None:
                values[field.name] = _read(field.name, field.default, raw)
        if "public_url" in values:
            values["public_url"] = values["public_url"].rstrip("/")
        settings = cls(**values)
        if settings.environment not in ("development", "production"):
            raise InvalidSetting("ENVIRONMENT is development or production.")
        for name in ("api_rate_free", "api_rate_flex", "api_rate_pro", "request_rate"):
            if not 0 < getattr(settings, name) < float("inf"):
                raise InvalidSetting(f"{name.upper()} is more than 0.")
        if not 0 <= settings.starter_credits <= 1_000_000_000:
            raise InvalidSetting("STARTER_CREDITS is 0 to 1000000000.")
        if settings.security_event_retention_days < 30:
            raise InvalidSetting("SECURITY_EVENT_RETENTION_DAYS is 30 or more.")
        if not 0 <= settings.account_deletion_days <= 365:
            raise InvalidSetting("ACCOUNT_DELETION_DAYS is 0 to 365.")
        if settings.encryption_key and len(settings.encryption_key.encode()) < 32:
            raise InvalidSetting("ENCRYPTION_KEY needs at least 32 bytes.")
        if settings.jwt_key and len(settings.jwt_key.encode()) < 32:
            raise InvalidSetting("JWT_KEY needs at least 32 bytes.")
        if settings.studio_key and len(settings.studio_key.encode()) < 32:
            raise InvalidSetting("STUDIO_KEY needs at least 32 bytes.")
        try:
            providers.read(settings.answer_providers)
        except providers.InvalidProviders as error:
            raise InvalidSetting(f"ANSWER_PROVIDERS: {error}") from None
        try:
            Offers.read(settings.billing_offers, settings.stripe_prices)
        except InvalidOffers as error:
            raise InvalidSetting(f"BILLING_OFFERS, STRIPE_PRICES: {error}") from None
        for name in ("audience_retention_days", "transcript_retention_days"):
            if not 1 <= getattr(settings, name) <= 36_500:
                raise InvalidSetting(f"{name.upper()} is 1 to 36500.")
        if settings.stripe_secret_key and not _listed(settings.stripe_webhook_secret):
            raise InvalidSetting(
                "STRIPE_WEBHOOK_SECRET is needed with STRIPE_SECRET_KEY: without it no payment"
                " would be heard of. Stripe shows it at the webhook of /v1/billing/webhook."
            )
        if not 0 <= settings.trial_days <= 730:
            raise InvalidSetting("TRIAL_DAYS is 0 to 730.")
        try:
            catalogue(settings.model_catalogue)
        except InvalidCatalogue as error:
            raise InvalidSetting(f"MODEL_CATALOGUE: {error}") from None
        return settings

    @property
    def allowed_origins(self) -> list[str]:
        """CORS_ORIGINS one by one."""
        return _listed(self.cors_origins)

    @property
    def believed_proxies(self) -> list[str]:
        """TRUSTED_PROXIES one by one."""
        return _listed(self.trusted_proxies)

    def signing_key(self) -> bytes:
        """The key of our sessions; made at first use and kept with the data, readable by us only.

        Several processes may start at once: the first to link its file wins and all read it.
        """
        if self.jwt_key:
            return self.jwt_key.encode()
        path = self.data_dir / "signing.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            draft = self.data_dir / f".signing.{secrets.token_hex(8)}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                path.hardlink_to(draft)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_bytes()


def _listed(text: str) -> list[str]:
    return [part for part in map(str.strip, text.split(",")) if part]


def _read(name: str, default: Any, raw: str) -> Any:
    """`raw` as a value of the same type as `default`."""
    if isinstance(default, Path):
        return Path(raw).expanduser().resolve()
    try:
        return type(default)(raw.strip())
    except ValueError:
        kind = type(default).__name__
        raise InvalidSetting(f"{name.upper()} is not a valid {kind}: {raw!r}.") from None


def table() -> str:
    """The settings as a Markdown table."""
    rows = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
    for field in dataclasses.fields(Settings):
        default = ".vitae" if field.name == "data_dir" else str(field.default)
        shown = f"`{default}`" if default else ""
        rows.append(f"| `{field.name.upper()}` | {shown} | {field.metadata['help']} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
