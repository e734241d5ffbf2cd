"""What is on sale: plans by cadence, and packs of credits.

The offers are data, `offers.json` beside this file or the file that the settings name. What Stripe
calls the price of each is a setting, since it differs between Stripe's test mode and its live one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

import msgspec

_BUILT_IN = Path(__file__).with_name("offers.json")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_CURRENCY = re.compile(r"[a-z]{3}")
_MOST_CREDITS = 10_000_000


class InvalidOffers(ValueError):
    """Offers, or the list of their prices, that can't be read; the message says what is wrong."""


class Cadence(Enum):
    """How often a subscription is paid."""

    MONTHLY = "monthly"
    ANNUAL = "annual"


class PlanPrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`amount` in the smallest unit of the currency."""

    cadence: Cadence
    amount: int


class PlanOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A plan to subscribe to. `monthly_credits`: the allowance that comes with it each month."""

    plan: str
    name: str
    description: str
    monthly_credits: int
    prices: tuple[PlanPrice, ...]


class PackOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Credits to buy once. `amount` in the smallest unit of the currency."""

    pack: str
    name: str
    credits: int
    amount: int


class _Offers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    currency: str
    plans: tuple[PlanOffer, ...]
    packs: tuple[PackOffer, ...]


@dataclass(frozen=True, slots=True)
class Sold:
    """A plan and how often it is paid: what a price of Stripe's stands for."""

    plan: PlanOffer
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class Offers:
    """All that is on sale. `price_ids`: Stripe's, by `plan.cadence` or `pack`."""

    currency: str
    plans: tuple[PlanOffer, ...]
    packs: tuple[PackOffer, ...]
    price_ids: Mapping[str, str]

    @classmethod
    def read(cls, path: str, price_ids: str) -> Offers:
        """The offers of a file (empty: the built-in ones); raises InvalidOffers."""
        found = _parsed(path)
        offers = cls(found.currency, found.plans, found.packs, _price_ids(price_ids))
        names = offers.names()
        for name in offers.price_ids:
            if name not in names:
                raise InvalidOffers(f"{name!r} is no offer; these are: {', '.join(names)}.")
        return offers

    def names(self) -> list[str]:
        """What there can be a price of: `plan.cadence` or `pack`."""
        plans = [f"{o.plan}.{price.cadence.value}" for o in self.plans for price in o.prices]
        return plans + [offer.pack for offer in self.packs]

    def plan(self, name: str) -> PlanOffer | None:
        return next((offer for offer in self.plans if offer.plan == name), None)

    def pack(self, name: str) -> PackOffer | None:
        return next((offer for offer in self.packs if offer.pack == name), None)

    def plan_price(self, plan: PlanOffer, cadence: Cadence) -> str | None:
        """Stripe's id of the price, if the plan is sold like that."""
        if all(price.cadence is not cadence for price in plan.prices):
            return None
        return self.price_ids.get(f"{plan.plan}.{cadence.value}")

    def pack_price(self, pack: PackOffer) -> str | None:
        return self.price_ids.get(pack.pack)

    def sold_by(self, price_id: str) -> Sold | None:
        """What a price of Stripe's stands for, if it is one of a plan of ours."""
        for plan in self.plans:
            for price in plan.prices:
                if self.price_ids.get(f"{plan.plan}.{price.cadence.value}") == price_id:
                    return Sold(plan, price.cadence)
        return None


@lru_cache(maxsize=8)
def _parsed(path: str) -> _Offers:
    try:
        found = msgspec.json.decode((Path(path) if path else _BUILT_IN).read_bytes(), type=_Offers)
    except OSError as error:
        raise InvalidOffers(f"{path} can't be read: {error.strerror}.") from None
    except msgspec.MsgspecError as error:
        raise InvalidOffers(str(error)) from None
    names = [offer.plan for offer in found.plans] + [offer.pack for offer in found.packs]
    for name in names:
        if not _NAME.fullmatch(name) or names.count(name) > 1:
            raise InvalidOffers(f"{name!r} is no name, or that of two offers.")
    _check_figures(found)
    return found


def _check_figures(found: _Offers) -> None:
    if not _CURRENCY.fullmatch(found.currency):
        raise InvalidOffers("The currency is three small letters, such as usd.")
    for plan in found.plans:
        cadences = [price.cadence for price in plan.prices]
        if len(set(cadences)) < len(cadences):
            raise InvalidOffers(f"{plan.plan!r} has two prices for the same cadence.")
        if not 0 <= plan.monthly_credits <= _MOST_CREDITS:
            raise InvalidOffers(f"Credits of a plan are 0 to {_MOST_CREDITS}.")
    if not all(0 < pack.credits <= _MOST_CREDITS for pack in found.packs):
        raise InvalidOffers(f"Credits of a pack are 1 to {_MOST_CREDITS}.")
    amounts = [offer.amount for offer in found.packs]
    amounts += [price.amount for offer in found.plans for price in offer.prices]
    if min(amounts, default=0) < 0:
        raise InvalidOffers("Amounts are 0 or more.")


def _price_ids(text: str) -> dict[str, str]:
    """`offer=price, …` as a dictionary."""
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        offer, equals, price = (piece.strip() for piece in part.partition("="))
        if not equals or not offer or not price or offer in found:
            raise InvalidOffers(f"{part!r} is not `offer=price`, or its offer is named twice.")
        if price in found.values():
            raise InvalidOffers(f"{price!r} is the price of two offers.")
        found[offer] = price
    return found
