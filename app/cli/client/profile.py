"""`vitae profile edit`: the profile as YAML in an editor; only what was changed is sent."""

from __future__ import annotations

from typing import Any

from app.cli.client.failures import Exit, Failure
from app.cli.client.generated import show
from app.cli.client.invocation import Invocation, command
from app.cli.client.operations import Request, entity, operation


def _edit(invocation: Invocation) -> None:
    from app.cli.client import editing

    described = operation("update_profile")
    profile, version = entity(invocation.api, described["path"])
    fields = [p for p in described["parameters"] if p["in"] == "body" and p["name"] in profile]
    before = {p["name"]: profile[p["name"]] for p in fields}
    headers = {} if version is None else {"If-Match": version}

    def submit(after: dict[str, Any]) -> bytes:
        changed = {name: after.get(name) for name in before if after.get(name) != before[name]}
        if not changed:
            raise Failure("Nothing was changed.", Exit.OK)
        return Request(described, {}, {}, headers, changed).answered_by(invocation.api)

    answer = editing.edit(before, fields, submit, invocation.output, "Your profile")
    if answer is None:
        invocation.output.note("Nothing was changed.")
    else:
        show(described, answer, invocation)


EDIT = command(
    "edit",
    _edit,
    text="""Edit the profile in your editor ($VISUAL or $EDITOR).

    It opens as YAML. What the server refuses comes back with the reasons; what somebody else has
    changed meanwhile is not written over.""",
)
