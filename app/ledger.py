"""Credits: granted, taken back, held, captured and released.

Whoever changes a wallet locks it first, computes from what it then finds, and writes the entry and
the wallet in one statement: so two at once wait for each other, and nothing is half-done. That a
thing happens once is the unique `ref` of its entry. Jobs hold and settle their price in the
statements that change them, which `app.resume_jobs` builds of the steps that stand here.

A step that changes a wallet computes the whole of it from the step `wallet`, which is what was
locked. PostgreSQL begins an UPDATE with the row as it was when the statement began, and checks the
constraints of what comes of it before it notices that the row has changed since.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.db import Connection, raw_statement

STARTER_REF = "starter"
MOST_CREDITS = 2_000_000_000  # of a wallet, and of a debt; a column holds hardly more
STARTER_SETTING = "vitae.starter_credits"  # of the connection, so that any statement may read it


class WalletFull(ValueError):
    """A wallet, or its debt, can't hold that many credits more; nothing was entered."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """Credits of an account.

    `held` of the `posted` ones are put aside for open jobs. `debt` is what was taken back after it
    had been spent; whatever comes in pays it first. `starter` ones were given to begin with.
    """

    posted: int
    held: int
    debt: int
    starter: int

    @property
    def available(self) -> int:
        """Credits that may be spent now."""
        return self.posted - self.held


async def wallet_of(db: Connection, account_id: UUID) -> Wallet:
    """The account's wallet, made with the starter grant when it is first asked for."""
    row = None
    while row is None:  # one that was made meanwhile is seen by the next statement
        row = await db.row(_WALLET, account_id=account_id)
    return Wallet(row["posted"], row["held"], row["debt"], row["starter"])


async def grant(db: Connection, account_id: UUID, credits: int, ref: str, note: str = "") -> bool:
    """Add `credits`, which pay debt first. False: this `ref` was granted already.

    Raises WalletFull.
    """
    return await _change(db, account_id, "grant", _positive(credits), ref, note)


async def reverse(db: Connection, account_id: UUID, credits: int, ref: str, note: str = "") -> bool:
    """Take `credits` back: what is available at once, and the rest becomes debt.

    False: this `ref` was taken back already. Raises WalletFull.
    """
    return await _change(db, account_id, "refund", -_positive(credits), ref, note)


async def adjust(db: Connection, account_id: UUID, credits: int, ref: str, note: str = "") -> bool:
    """Add `credits` as `grant` does, or take them as `reverse` does if they are negative.

    False: this `ref` was adjusted already. Raises WalletFull.
    """
    return await _change(db, account_id, "adjust", credits, ref, note)


async def _change(
    db: Connection, account_id: UUID, kind: str, credits: int, ref: str, note: str
) -> bool:
    while True:
        row = await db.row(
            _CHANGE, account_id=account_id, kind=kind, credits=credits, ref=ref, note=note
        )
        if row is not None:
            if not row["fits"]:
                raise WalletFull(ref)
            entered: bool = row["entered"]
            return entered
        await wallet_of(db, account_id)


def _positive(credits: int) -> int:
    if credits <= 0:
        raise ValueError("credits are granted and taken back in positive numbers")
    return credits


# The steps of statements. Each locks the wallet by its first step and reads it there.


def locked(account: str) -> str:
    """The step `wallet`: the wallet of the account that the SQL `account` names, locked."""
    return f"""
wallet AS MATERIALIZED (
    SELECT account_id, posted, held, debt, starter, free_job_id
    FROM wallets WHERE account_id = {account} FOR NO KEY UPDATE
)"""  # noqa: S608 - the account is a parameter or a subquery of ours


# A condition of the step that changes a job: by it the wallet is locked first. All who lock both
# do so in this order, and so never wait for each other in a circle.
AFTER_WALLET = "(SELECT count(*) FROM wallet) >= 0"

# `own` is a new job: its price is held, and the free render is its.
HELD = """
paid AS (
    UPDATE wallets w
    SET posted = wallet.posted, held = wallet.held + price, debt = wallet.debt,
        starter = wallet.starter, updated_at = now(),
        free_job_id = CASE WHEN free_use THEN id ELSE wallet.free_job_id END
    FROM own JOIN wallet USING (account_id) WHERE w.account_id = own.account_id
),
entered AS (
    INSERT INTO ledger_entries (account_id, kind, delta_held, ref)
    SELECT account_id, 'hold', price, 'job:' || id FROM own WHERE price > 0
)"""

# `own` is a job that has just succeeded: its price is paid, with starter credits first.
CAPTURED = """
paid AS (
    UPDATE wallets w
    SET posted = wallet.posted - price, held = wallet.held - price, debt = wallet.debt,
        starter = wallet.starter - least(wallet.starter, price), updated_at = now()
    FROM own JOIN wallet USING (account_id)
    WHERE w.account_id = own.account_id AND price > 0
),
entered AS (
    INSERT INTO ledger_entries (account_id, kind, delta_posted, delta_held, ref)
    SELECT account_id, 'capture', -price, -price, 'job:' || id FROM own WHERE price > 0
),
used AS (
    INSERT INTO usage_events (account_id, kind, ref, billed_credits, starter_credits)
    SELECT account_id, 'render', own.id::text, price, coalesce(least(wallet.starter, price), 0)
    FROM own LEFT JOIN wallet USING (account_id)
)"""


def released(ended: str = "true") -> str:
    """The steps for `own`, a job that has `ended` without a PDF: its price comes back.

    It pays debt first, and the free render may be taken again.
    """
    return f"""
paid AS (
    UPDATE wallets w
    SET posted = wallet.posted - least(wallet.debt, price), held = wallet.held - price,
        debt = wallet.debt - least(wallet.debt, price),
        starter = least(wallet.starter, wallet.posted - least(wallet.debt, price)),
        free_job_id = nullif(wallet.free_job_id, id), updated_at = now()
    FROM own JOIN wallet USING (account_id)
    WHERE w.account_id = own.account_id AND (price > 0 OR free_use) AND {ended}
),
entered AS (
    INSERT INTO ledger_entries
        (account_id, kind, delta_posted, delta_held, delta_debt, ref)
    SELECT account_id, 'release', -least(debt, price), -price, -least(debt, price), 'job:' || id
    FROM own JOIN wallet USING (account_id) WHERE price > 0 AND {ended}
)"""  # noqa: S608 - the condition is ours


_WALLET = raw_statement(
    f"""
WITH made AS (
    INSERT INTO wallets (account_id, posted, starter)
    SELECT $1::uuid, credits, credits
    FROM (SELECT current_setting('{STARTER_SETTING}')::int AS credits) AS starting
    WHERE NOT EXISTS (SELECT FROM wallets WHERE account_id = $1)
    ON CONFLICT (account_id) DO NOTHING
    RETURNING account_id, posted, held, debt, starter
),
entered AS (
    INSERT INTO ledger_entries (account_id, kind, delta_posted, ref)
    SELECT account_id, 'grant', posted, '{STARTER_REF}' FROM made WHERE posted > 0
)
SELECT posted, held, debt, starter FROM made
UNION ALL SELECT posted, held, debt, starter FROM wallets WHERE account_id = $1
""",  # noqa: S608 - of constants
    "account_id",
)

# What comes in pays debt; of what goes out, that which is not available becomes debt. Whatever is
# taken, starter credits are the last of it.
_CHANGE = raw_statement(
    f"""
WITH {locked("$1::uuid")},
change AS (
    SELECT account_id,
           CASE WHEN $3::int >= 0 THEN $3 - least(debt, $3)
                ELSE -least(posted - held, -$3) END AS posted,
           CASE WHEN $3 >= 0 THEN -least(debt, $3)
                ELSE -$3 - least(posted - held, -$3) END AS debt
    FROM wallet
),
fitting AS (
    SELECT change.* FROM change JOIN wallet USING (account_id)
    WHERE wallet.posted::bigint + change.posted <= {MOST_CREDITS}
      AND wallet.debt::bigint + change.debt <= {MOST_CREDITS}
),
entered AS (
    INSERT INTO ledger_entries (account_id, kind, delta_posted, delta_debt, ref, note)
    SELECT account_id, $2, posted, debt, $4, $5 FROM fitting
    ON CONFLICT (account_id, kind, ref) DO NOTHING
    RETURNING account_id, delta_posted, delta_debt
),
paid AS (
    UPDATE wallets w
    SET posted = wallet.posted + delta_posted, held = wallet.held,
        debt = wallet.debt + delta_debt,
        starter = least(wallet.starter, wallet.posted + delta_posted), updated_at = now()
    FROM entered JOIN wallet USING (account_id) WHERE w.account_id = entered.account_id
)
SELECT EXISTS (SELECT FROM entered) AS entered, EXISTS (SELECT FROM fitting) OR EXISTS (
    SELECT FROM ledger_entries AS e WHERE e.account_id = $1 AND e.kind = $2 AND e.ref = $4
) AS fits FROM wallet
""",  # noqa: S608 - of constants
    "account_id",
    "kind",
    "credits",
    "ref",
    "note",
)
