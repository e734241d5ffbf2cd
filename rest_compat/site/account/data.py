"""Taking everything along, and the end of the account."""

from __future__ import annotations

from starlette.responses import Response

from app.errors import Conflict
from rest_compat.site.account.account import area
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

DATA = "/account/data"

_FORMATS = [
    ("json", "JSON", "All of it, as the API gives it"),
    ("yaml", "YAML", "The same, easier on the eye"),
    ("jsonresume", "JSON Resume", "For other programs"),
    ("docx", "Word", "To be edited"),
    ("markdown", "Markdown", "To be read as it is"),
    ("text", "Plain text", "For forms that take nothing else"),
    ("html", "Web page", "For a browser, or to print"),
    ("vcard", "vCard", "Your contact, for address books"),
]


@area.get(DATA)
async def data(visitor: Visitor) -> Response:
    own = await visitor.call("account")
    return page(visitor, "account/data.html.j2", own=own, formats=_FORMATS, refused="")


@area.file(f"{DATA}/profile/{{format}}")
async def profile(visitor: Visitor) -> Response:
    return await visitor.download("export_profile", {"format": visitor.params["format"]})


@area.file(f"{DATA}/everything.zip")
async def everything(visitor: Visitor) -> Response:
    return await visitor.download("export_account")


@area.post(f"{DATA}/delete")
async def delete(visitor: Visitor, form: Form) -> Response:
    """Have the account deleted, if its name was typed: a button is pressed too easily."""
    own = await visitor.call("account")
    if form.text("username").lower() != own["username"]:
        refused = "Type your username to delete the account."
        return page(
            visitor, "account/data.html.j2", status=422, own=own, formats=_FORMATS, refused=refused
        )
    try:
        deletion = await visitor.call("delete_account")
    except Conflict as error:
        return page(
            visitor, "account/data.html.j2", own=own, fault=error, formats=_FORMATS, refused=""
        )
    visitor.forget()
    return page(visitor, "account/deleted.html.j2", deletion=deletion)


@area.post(f"{DATA}/keep")
async def keep(visitor: Visitor, form: Form) -> Response:
    await visitor.call("cancel_account_deletion")
    return visitor.to(
        "/account", "Your account stays. Keys and tokens that ended do not come back."
    )
