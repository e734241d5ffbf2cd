"""Which tables the archive of an account has as files, and which it leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from app.db import Statement, raw_statement

_PAGE_ROWS = 500
_LARGE_PAGE_ROWS = 5  # of rows that may have megabytes each

_SECRET = ("account_id", "digest", "body_digest", "code_digest", "code_challenge", "commit_digest")
_SERVER_OWN = ("artifact_key", "avatar_key", "lease_until", "visitor", "url")


@dataclass(frozen=True, slots=True)
class Table:
    """`page` finds some rows of `account_id` after the key `after`, each with its `key` and as the
    text of a JSON object, `line`."""

    page: Statement
    rows: int


def _table(name: str, key: str = "id", *, rows: int = _PAGE_ROWS) -> Table:
    left_out = ",".join((*_SECRET, *_SERVER_OWN))
    kind = "::UUID" if key == "id" else ""
    after = (
        f"($2{kind} IS NULL OR {key} > $2{kind})" if kind else f"({key} > coalesce($2::TEXT, ''))"
    )
    sql = (
        f"SELECT ({key})::TEXT AS key, (to_jsonb(t) - '{{{left_out}}}'::TEXT[])::TEXT AS line"  # noqa: S608
        f" FROM {name} AS t WHERE account_id = $1 AND {after} ORDER BY {key} LIMIT {rows}"
    )
    return Table(raw_statement(sql, "account_id", "after"), rows)


FILES: dict[str, Table] = {
    "history.json": _table("revisions", rows=_LARGE_PAGE_ROWS),
    "imports.json": _table("imports", rows=_LARGE_PAGE_ROWS),
    "presentation.json": _table("presentations", "account_id::TEXT"),
    "resume-jobs.json": _table("resume_jobs", rows=_LARGE_PAGE_ROWS),
    "conversations.json": _table("conversations"),
    "wallet.json": _table("wallets", "account_id::TEXT"),
    "ledger.json": _table("ledger_entries"),
    "usage-events.json": _table("usage_events"),
    "api-usage.json": _table("usage", "day::TEXT || credential_id || operation || outcome"),
    "api-quotas.json": _table("api_quotas", "month::TEXT"),
    "plan-grants.json": _table("plan_grants"),
    "trials.json": _table("trials", "account_id::TEXT"),
    "subscriptions.json": _table("subscriptions", "t.id"),
    "checkouts.json": _table("checkouts"),
    "stripe-customer.json": _table("stripe_customers", "customer_id"),
    "waitlist.json": _table("waitlist", "account_id::TEXT"),
    "security-events.json": _table("security_events"),
    "sessions.json": _table("sessions"),
    "networks.json": _table("credential_networks", "credential_id || network"),
    "api-keys.json": _table("api_keys"),
    "tokens.json": _table("personal_tokens"),
    "connected-applications.json": _table("oauth_grants"),
    "sign-in-elsewhere.json": _table("outside_identities", "issuer || ' ' || subject"),
    "former-usernames.json": _table("former_usernames", "username"),
}

_IN_THE_PROFILE = "it is in profile.json"
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        ("profiles", "skills", "experience", "education", "projects", "certifications"),
        _IN_THE_PROFILE,
    ),
    "questions": "it is in transcripts.json",
    "audience_counts": "it is in insights.json",
    "audience_visitors": "digests of strangers; their number is in insights.json",
    "chunks": "made of the profile, to search in it",
    "index_states": "how far that is",
    "idempotency_keys": "answers that were given already",
    "mails": "they were sent, and hold links that open the account",
    "one_time_links": "what opens the account",
    "second_factors": "what opens the account",
    "recovery_codes": "what opens the account",
    "lost_customers": "an address of Stripe's that is no longer good",
    "admin_actions": "what operators have written for each other; its effects are in other files",
}
