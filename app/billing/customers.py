"""Which of our accounts a customer at Stripe is."""

from __future__ import annotations

from uuid import UUID

from app.db import Connection, Database, raw_statement
from app.payments import Payments

# A lost one too: what it has paid may be refunded or disputed yet.
_ACCOUNT = raw_statement(
    "SELECT account_id FROM stripe_customers WHERE customer_id = $1"
    " UNION ALL SELECT account_id FROM lost_customers WHERE customer_id = $1",
    "customer_id",
)
_CUSTOMER = raw_statement(
    "SELECT customer_id FROM stripe_customers WHERE account_id = $1", "account_id"
)
_EMAIL = raw_statement("SELECT email FROM accounts WHERE id = $1", "account_id")
_KEEP = raw_statement(
    "INSERT INTO stripe_customers (account_id, customer_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    "account_id",
    "customer_id",
)
_HOLD = raw_statement("SELECT id FROM accounts WHERE id = $1 FOR NO KEY UPDATE", "account_id")
_REPLACE = raw_statement(
    "WITH own AS (UPDATE stripe_customers SET customer_id = $3, created_at = now()"
    " WHERE account_id = $1 AND customer_id = $2 RETURNING account_id)"
    " INSERT INTO lost_customers (customer_id, account_id) SELECT $2, account_id FROM own"
    " WHERE $2 <> $3 ON CONFLICT DO NOTHING",
    "account_id",
    "lost",
    "customer_id",
)


class UnknownCustomer(LookupError):
    """Nobody here is this customer: another's, or one whose account is about to be written."""


async def hold_account(db: Connection, account_id: UUID) -> None:
    """Be the only one who decides what an account may have until the transaction ends."""
    await db.row(_HOLD, account_id=account_id)


async def account_of(db: Connection, customer_id: str | None) -> UUID:
    """The account that a customer is; raises UnknownCustomer."""
    found: UUID | None = await db.value(_ACCOUNT, customer_id=customer_id)
    if found is None:
        raise UnknownCustomer(customer_id)
    return found


async def customer_of(db: Connection, account_id: UUID) -> str | None:
    """What Stripe calls an account, if it has ever wanted to pay."""
    found: str | None = await db.value(_CUSTOMER, account_id=account_id)
    return found


async def made_customer(database: Database, payments: Payments, account_id: UUID) -> str:
    """The same, made now if need be.

    Committed before anything is sold to it. Two at once, or one again after a crash, are given the
    same customer by Stripe, to which the account is the key.
    """
    async with database.connection() as db:
        found = await customer_of(db, account_id)
        email = await db.value(_EMAIL, account_id=account_id)
    if found is not None:
        return found
    made = await payments.new_customer(str(account_id), email)
    async with database.connection() as db:
        await db.execute(_KEEP, account_id=account_id, customer_id=made)
        return await customer_of(db, account_id) or made


async def remade_customer(
    database: Database, payments: Payments, account_id: UUID, lost: str
) -> str:
    """Another customer in place of the one that Stripe has lost."""
    async with database.connection() as db:
        email = await db.value(_EMAIL, account_id=account_id)
    made = await payments.new_customer(str(account_id), email, lost)
    async with database.connection() as db:
        await db.execute(_REPLACE, account_id=account_id, lost=lost, customer_id=made)
        return await customer_of(db, account_id) or made
