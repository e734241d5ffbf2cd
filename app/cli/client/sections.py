"""`move`: the order of the entries of a section."""

from __future__ import annotations

import functools

import click

from app.cli.client.failures import Exit, Failure
from app.cli.client.invocation import Invocation, command
from app.cli.client.operations import pages

SECTIONS = ("skills", "experience", "education", "projects", "certifications")


def moved(ids: list[str], which: str, to: int) -> list[str]:
    """The ids with the one that is named by its id or number at place `to`; raises Failure."""
    if which.isdecimal() and len(which) <= 4:
        if not 0 < int(which) <= len(ids):
            raise Failure(f"There is no number {which}: the list has {len(ids)}.", Exit.NOT_FOUND)
        which = ids[int(which) - 1]
    if which not in ids:
        raise Failure(f"There is no entry {which}.", Exit.NOT_FOUND)
    others = [one for one in ids if one != which]
    others.insert(max(0, min(to, len(ids)) - 1), which)
    return others


def _move(section: str, invocation: Invocation, which: str, to: int) -> None:
    api, output = invocation.api, invocation.output
    ids = [one["id"] for page in pages(api, f"/v1/me/{section}", {}) for one in page["items"]]
    order = moved(ids, which, to)
    content = api.content("PUT", f"/v1/me/sections/{section}/order", body={"ids": order})
    if output.is_json:
        output.body(content)
    else:
        output.result(f"It is number {order.index(ids_of(ids, which)) + 1} of {len(order)} now.")


def ids_of(ids: list[str], which: str) -> str:
    """The id of what is named by its id or its number in `ids`."""
    return ids[int(which) - 1] if which.isdecimal() and len(which) <= 4 else which


def move(section: str) -> click.Command:
    return command(
        "move",
        functools.partial(_move, section),
        text="""Put an entry elsewhere among its like.

        WHICH is its id, or its number in the list; PLACE is the number it is to have.""",
        parameters=[
            click.Argument(["which"], metavar="WHICH"),
            click.Argument(["to"], metavar="PLACE", type=click.IntRange(min=1)),
        ],
    )
