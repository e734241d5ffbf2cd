"""What leads to Stripe's pages: checkout, portal and invoices."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from uuid import UUID

from app.billing import checkout
from app.billing.checkout import Wanted, checked_path
from app.billing.customers import customer_of
from app.billing.objects import Invoice
from app.billing.offers import Cadence, Offers
from app.call import Call
from app.db import uuid7
from app.errors import (
    BillingNotConfigured,
    Conflict,
    DependencyUnavailable,
    FieldError,
    ValidationFailed,
)
from app.payments import Missing, NoCustomer, Payments, Refused
from app.services import Services
from app.unconnected import unconnected
from schema.types.billing import (
    INVOICE_ID,
    BillingInvoice,
    Checkout,
    CheckoutInput,
    CheckoutKind,
    CheckoutMode,
    InvoiceCursor,
    PortalInput,
)
from schema.types.paging import DEFAULT_LIMIT, Limit, Page, window

log = logging.getLogger(__name__)


class NotAnswered(DependencyUnavailable):
    """Stripe will not do what was asked; an operator has to see to it."""

    default_message = "The payment service does not accept this; its operator has been told."
    retryable = False


@unconnected
async def list_invoices(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: InvoiceCursor = None
) -> Page[BillingInvoice]:
    """List your invoices, newest first, as Stripe has them."""
    window(limit, None)  # raises for a limit that is none
    if cursor is not None and not INVOICE_ID.fullmatch(cursor):
        raise _invalid("cursor", "Not a cursor of this list.")
    async with call.services.database.connection() as db:
        customer = await customer_of(db, call.principal.account_id)
    if customer is None:
        return Page(items=[], next_cursor=None)
    with _answered():
        try:
            invoices, more = await _payments(call.services).invoices(customer, limit, cursor)
        except NoCustomer:
            return Page(items=[], next_cursor=None)
        except (Missing, Refused):
            if cursor is None:
                raise
            raise _invalid("cursor", "Not a cursor of this list.") from None
    return Page(
        items=[_invoice(invoice) for invoice in invoices],
        next_cursor=invoices[-1].id if more else None,
    )


@unconnected
async def create_checkout(call: Call, input: CheckoutInput) -> Checkout:
    """Begin to pay: answers with a page at Stripe to send the owner to.

    Asked for again, it is the same page for as long as it is open. Whoever subscribes already is
    sent to the portal, where a subscription is changed.
    """
    services, account_id = call.services, call.principal.account_id
    wanted = _wanted(services.offers, input)
    payments = _payments(services)
    with _answered():
        session = await checkout.begin(services, payments, account_id, wanted)
    if session is None:
        return await _portal(services, payments, account_id, input.return_path)
    if session.url is None:
        raise Conflict("The checkout has been closed; try again.")
    return Checkout(
        mode=CheckoutMode.CHECKOUT,
        url=session.url,
        session_id=session.id,
        expires_at=session.expires_at,
    )


@unconnected
async def create_portal_session(call: Call, input: PortalInput | None = None) -> Checkout:
    """Open the page at Stripe on which you manage what you pay."""
    path = checked_path("/" if input is None else input.return_path)
    async with call.services.database.connection() as db:
        if await customer_of(db, call.principal.account_id) is None:
            raise Conflict("There is nothing to manage: this account has never wanted to pay.")
    return await _portal(call.services, _payments(call.services), call.principal.account_id, path)


@contextlib.contextmanager
def _answered() -> Iterator[None]:
    """Tell nobody but the log what Stripe will not do; raises NotAnswered."""
    try:
        yield
    except (Missing, Refused) as error:
        log.error("Stripe refuses", extra={"fields": {"error": str(error)}})
        raise NotAnswered from error


def _payments(services: Services) -> Payments:
    if services.payments is None:
        raise BillingNotConfigured("Nothing is on sale on this server.")
    return services.payments


async def _portal(
    services: Services, payments: Payments, account_id: UUID, return_path: str
) -> Checkout:
    async with services.database.connection() as db:
        customer = await customer_of(db, account_id)
    if customer is None:
        raise Conflict("There is nothing to manage: this account has never wanted to pay.")
    back = services.settings.public_url + return_path
    with _answered():
        try:
            session_id, url = await payments.portal(str(uuid7()), customer, back)
        except NoCustomer:
            raise Conflict("There is nothing to manage: Stripe has this account no more.") from None
    return Checkout(mode=CheckoutMode.PORTAL, url=url, session_id=session_id, expires_at=None)


def _wanted(offers: Offers, input: CheckoutInput) -> Wanted:
    """What is to be bought; raises ValidationFailed, and BillingNotConfigured without a price."""
    path = checked_path(input.return_path)
    if input.kind is CheckoutKind.SUBSCRIPTION:
        plan, cadence = offers.plan(input.plan or "pro"), input.cadence or Cadence.MONTHLY
        if input.pack is not None:
            raise _invalid("pack", "Is for credits.")
        if plan is None or all(price.cadence is not cadence for price in plan.prices):
            raise _invalid("plan", "There is no such plan, or not at this cadence.")
        price = offers.plan_price(plan, cadence)
        if price is None:
            raise BillingNotConfigured(plan=plan.plan, cadence=cadence.value)
        return Wanted(checkout.SUBSCRIPTION, plan.plan, price, path, cadence=cadence.value)
    if input.plan is not None or input.cadence is not None:
        field = "plan" if input.plan is not None else "cadence"
        raise _invalid(field, "Is for a subscription.")
    pack = offers.pack(input.pack or "")
    if pack is None:
        raise _invalid("pack", "There is no such pack.")
    price = offers.pack_price(pack)
    if price is None:
        raise BillingNotConfigured(pack=pack.pack)
    return Wanted("credits", pack.pack, price, path, credits=pack.credits)


def _invalid(path: str, message: str) -> ValidationFailed:
    return ValidationFailed([FieldError(path, "invalid", message)])


def _invoice(invoice: Invoice) -> BillingInvoice:
    start, end = invoice.period or (None, None)
    return BillingInvoice(
        id=invoice.id,
        number=invoice.number,
        status=invoice.status,
        amount_due=invoice.amount_due,
        amount_paid=invoice.amount_paid,
        currency=invoice.currency,
        created_at=invoice.created_at,
        period_start=start,
        period_end=end,
        url=invoice.url,
        pdf_url=invoice.pdf_url,
    )
