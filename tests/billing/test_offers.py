"""What is on sale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.billing.offers import Cadence, InvalidOffers, Offers
from app.settings import InvalidSetting, Settings

PLAN: dict[str, Any] = {
    "plan": "pro", "name": "Pro", "description": "All of it.", "monthly_credits": 7,
    "prices": [{"cadence": "annual", "amount": 100}],
}  # fmt: skip
PACK: dict[str, Any] = {"pack": "few", "name": "Few", "credits": 3, "amount": 50}


def _file(folder: Path, **changes: Any) -> str:
    path = folder / "offers.json"
    path.write_text(json.dumps({"currency": "chf", "plans": [PLAN], "packs": [PACK], **changes}))
    return str(path)


def test_offers_are_those_of_the_file_that_is_named(tmp_path: Path) -> None:
    offers = Offers.read(_file(tmp_path), "pro.annual=price_1, few=price_2")
    plan, pack = offers.plan("pro"), offers.pack("few")
    assert plan is not None
    assert pack is not None
    assert offers.plan_price(plan, Cadence.ANNUAL) == "price_1"
    assert offers.plan_price(plan, Cadence.MONTHLY) is None
    assert offers.pack_price(pack) == "price_2"
    sold = offers.sold_by("price_1")
    assert sold is not None
    assert (sold.plan, sold.cadence) == (plan, Cadence.ANNUAL)
    assert offers.sold_by("price_2") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"packs": [PACK, PACK]},
        {"packs": [PACK | {"pack": "pro"}]},
        {"packs": [PACK | {"credits": -1}]},
        {"packs": [PACK | {"pack": "Few credits"}]},
        {"plans": [PLAN | {"prices": [{"cadence": "weekly", "amount": 1}]}]},
        {"sales": []},
        {"packs": [PACK | {"credits": 0}]},
        {"packs": [PACK | {"credits": 3_000_000_000}]},
        {"plans": [PLAN | {"monthly_credits": 3_000_000_000}]},
        {"plans": [PLAN | {"prices": PLAN["prices"] * 2}]},
        {"currency": "dollars"},
    ],
    ids=[
        "twice",
        "pack-like-plan",
        "negative",
        "no-name",
        "no-cadence",
        "unknown-field",
        "empty-pack",
        "huge-pack",
        "huge-plan",
        "cadence-twice",
        "no-currency",
    ],
)
def test_offers_that_make_no_sense_are_refused_at_start(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidSetting, match="BILLING_OFFERS"):
        Settings.from_env({"BILLING_OFFERS": _file(tmp_path, **changes)})


@pytest.mark.parametrize("prices", ["pro.monthly", "=price", "few=", "few=1,few=2"])
def test_prices_that_can_not_be_read_are_refused(prices: str) -> None:
    with pytest.raises(InvalidOffers, match="offer=price"):
        Offers.read("", prices)


@pytest.mark.parametrize("name", ["pro.weekly", "pro", "tiny", "small.monthly"])
def test_a_price_of_what_is_no_offer_is_refused_at_start(name: str) -> None:
    with pytest.raises(InvalidSetting, match=f"STRIPE_PRICES: '{name}' is no offer"):
        Settings.from_env({"STRIPE_PRICES": f"{name}=price_1"})


def test_two_offers_have_two_prices() -> None:
    with pytest.raises(InvalidOffers, match="the price of two offers"):
        Offers.read("", "small=price_1, medium=price_1")


@pytest.mark.parametrize("secret", ["", " , "], ids=["none", "blank"])
def test_a_key_of_stripe_without_the_secret_of_its_webhook_is_refused_at_start(
    secret: str,
) -> None:
    given = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": secret}
    with pytest.raises(InvalidSetting, match="STRIPE_WEBHOOK_SECRET is needed"):
        Settings.from_env(given)
    assert Settings.from_env(given | {"STRIPE_WEBHOOK_SECRET": "whsec_1"}).stripe_secret_key


def test_a_file_of_offers_that_is_not_there_is_named() -> None:
    with pytest.raises(InvalidOffers, match=r"nowhere\.json can't be read"):
        Offers.read("/nowhere.json", "")
