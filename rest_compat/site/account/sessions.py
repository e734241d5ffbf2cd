"""Where somebody is signed in to the account."""

from __future__ import annotations

from starlette.responses import Response

from app.web.browsers import named
from rest_compat.site.account.account import area
from rest_compat.site.forms import Form
from rest_compat.site.pages import counted, page
from rest_compat.site.visitor import Visitor

SESSIONS = "/account/sessions"


@area.get(SESSIONS)
async def sessions(visitor: Visitor) -> Response:
    listed = await visitor.call("sessions", {"cursor": visitor.query.get("cursor")})
    return page(visitor, "account/sessions.html.j2", sessions=listed, named=named)


@area.post(f"{SESSIONS}/end-others")
async def end_others(visitor: Visitor, form: Form) -> Response:
    ended = (await visitor.call("end_other_sessions"))["ended"]
    return visitor.to(SESSIONS, f"{counted(ended, 'other session').capitalize()} ended.")


@area.post(f"{SESSIONS}/{{session_id}}/end")
async def end(visitor: Visitor, form: Form) -> Response:
    await visitor.call("end_session", {"session_id": visitor.params["session_id"]})
    return visitor.to(SESSIONS, "The session has ended.")
