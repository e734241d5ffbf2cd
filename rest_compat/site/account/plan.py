"""Plan and credits, and the way to pay. Payments are Stripe's own pages."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from rest_compat.site.account.account import area
from rest_compat.site.forms import Form
from rest_compat.site.pages import number, page
from rest_compat.site.visitor import Visitor

PLAN = "/account/plan"

_SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}
_WHOLE = {"jpy", "krw", "clp", "vnd", "isk", "ugx", "xaf", "xof", "xpf"}  # of no smaller unit
_CAME_BACK = {
    "success": "Thank you. What you have bought is here as soon as Stripe says that it is paid.",
    "canceled": "Nothing was bought.",
}
_WORDS = {
    "grant": "Credits added",
    "hold": "Put aside",
    "capture": "Used",
    "release": "Given back",
    "refund": "Taken back with a payment",
    "adjust": "Corrected by hand",
}


def money(amount: int, currency: str) -> str:
    """An amount in the smallest unit of its currency, as people write it."""
    whole = currency in _WHOLE
    text = number(amount) if whole else f"{number(amount // 100)}.{amount % 100:02d}"
    sign = _SIGNS.get(currency)
    return f"{sign}{text}" if sign else f"{text} {currency.upper()}"


@area.get(PLAN)
async def plan(visitor: Visitor) -> Response:
    billing = await visitor.call("billing")
    asked = {"limit": 20, "cursor": visitor.query.get("cursor")}
    return page(
        visitor,
        "account/plan.html.j2",
        billing=billing,
        plans=(await visitor.call("billing_plans"))["items"],
        packs=(await visitor.call("credit_packs"))["items"],
        ledger=await visitor.call("billing_ledger", asked),
        came_back=_CAME_BACK.get(visitor.query.get("checkout", "")),
        money=money,
        words=_WORDS,
    )


@area.get(f"{PLAN}/invoices")
async def invoices(visitor: Visitor) -> Response:
    listed = await visitor.call("billing_invoices", {"cursor": visitor.query.get("cursor")})
    return page(visitor, "account/invoices.html.j2", invoices=listed, money=money)


@area.post(f"{PLAN}/checkout")
async def checkout(visitor: Visitor, form: Form) -> Response:
    given: dict[str, Any] = {"kind": form.get("kind"), "return_path": PLAN}
    given |= {name: form.get(name) for name in ("plan", "cadence", "pack") if form.get(name)}
    return _leave(visitor, await visitor.call("create_checkout", {"input": given}))


@area.post(f"{PLAN}/portal")
async def portal(visitor: Visitor, form: Form) -> Response:
    given = {"return_path": PLAN}
    return _leave(visitor, await visitor.call("create_portal_session", {"input": given}))


@area.post(f"{PLAN}/waitlist")
async def join_waitlist(visitor: Visitor, form: Form) -> Response:
    await visitor.call("join_waitlist")
    return visitor.to(PLAN, "You will hear of it when something is on sale here.")


@area.post(f"{PLAN}/waitlist/leave")
async def leave_waitlist(visitor: Visitor, form: Form) -> Response:
    await visitor.call("leave_waitlist")
    return visitor.to(PLAN, "You are off the list.")


def _leave(visitor: Visitor, checkout: dict[str, Any]) -> Response:
    """On to a page of Stripe's: by a page of ours, for no form may lead to another site."""
    return page(visitor, "account/leave.html.j2", url=checkout["url"], mode=checkout["mode"])
