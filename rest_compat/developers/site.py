"""The developer pages of one OpenAPI document, in each language, made when first asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from typing import Any

from jinja2 import Environment

from app.errors import NotFound
from app.web import prose
from app.web.languages import LANGUAGES, messages
from app.web.templating import environment
from rest_compat import errors
from rest_compat.codec import parameters, wire_operations
from rest_compat.developers import guides, markdown
from rest_compat.developers.clients import client_set_ups
from rest_compat.developers.error_index import JSON_RPC, OAUTH, error_entries
from rest_compat.developers.literals import pretty
from rest_compat.developers.reference import Reference
from rest_compat.developers.request import secret_of
from rest_compat.fields import breakable
from rest_compat.mcp.catalogue import tables
from rest_compat.site.pages import NAVIGATION
from rest_compat.stored import Stored

DEVELOPERS = "/developers"
_TYPE_LINK = re.compile(r'href="#type-(\w+)"')

Values = dict[str, Any]


class Site:
    """Pages by their paths below /developers, without the language: "" is the first of all."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self.reference = Reference(document)

    @cached_property
    def paths(self) -> dict[str, str]:
        """Every page there is, with its template."""
        groups, names = self.reference.groups, self.reference.type_names
        operations = [one.id for group in groups for one in group.operations]
        return {
            "": "overview",
            **{f"/guides/{guide.id}": "guide" for guide in guides.guides()},
            "/mcp": "mcp",
            "/errors": "errors",
            "/changelog": "changelog",
            **{f"/reference/{group.id}": "group" for group in groups},
            **{f"/operations/{name}": "operation" for name in operations},
            "/types": "types",
            **{f"/types/{name}": "type" for name in names},
        }

    def html(self, language: str, path: str) -> str:
        """A page in one of LANGUAGES; raises NotFound where there is none."""
        template = self.paths.get(path)
        if template is None:
            raise NotFound
        base = f"/{language}{DEVELOPERS}"
        values = self._shared(language, base) | {"path": path, "base": base}
        values |= self._own(template, path.rpartition("/")[2], values)
        html = _templates(language).get_template(f"{template}.html.j2").render(values)
        here = set(re.findall(r' id="type-(\w+)"', html)) if template == "operation" else set()
        return _TYPE_LINK.sub(
            lambda link: link[0] if link[1] in here else f'href="{base}/types/{link[1]}"', html
        )

    def page(self, language: str, path: str) -> Stored:
        """The bytes of a page; raises NotFound where there is none."""
        return _stored(self, language, path)

    def _shared(self, language: str, base: str) -> Values:
        schemes = self._document["components"]["securitySchemes"]
        secrets = {name: secret_of(name, scheme) for name, scheme in schemes.items()}
        return {
            "reference": self.reference,
            "language": language,
            "languages": LANGUAGES,
            "navigation": NAVIGATION,
            "guides": _guides(language),
            "credential_names": {one.id: one.name for one in self.reference.credentials},
            "headers": {name: f"{one.header}: {one.start}" for name, one in secrets.items()},
            "secrets": secrets,
            "destroying": {wire.name for wire in wire_operations() if wire.rest.destroys},
            "home": "",
        }

    def _own(self, template: str, name: str, shared: Values) -> Values:
        """What a page shows: its title and description in its language, and its own values."""
        translate = messages(shared["language"]).gettext
        make: Callable[[str, Values, Callable[[str], str]], Values]
        make = getattr(self, f"_{template}")
        return make(name, shared, translate)

    def _overview(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        return {
            "title": _("Vitae for developers"),
            "description": _("One professional profile that becomes résumés, over one API."),
        }

    def _guide(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        guide = next(guide for guide in shared["guides"] if guide.id == name)
        server = self.reference.server
        return {
            "title": guide.title,
            "description": guide.summary,
            "body": guides.body(guide.source, shared["base"], server, _("Example")),
        }

    def _mcp(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        return {
            "title": _("Connect an assistant"),
            "description": _("Let Claude, ChatGPT or an editor read and write the profile."),
            "clients": client_set_ups(self.reference.server),
            "catalogue": _catalogue(),
        }

    def _errors(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        example = errors.body(NotFound(), "req_…")
        return {
            "title": _("Error codes"),
            "description": _("What each code means, and what to do about it."),
            "entries": error_entries(),
            "oauth": OAUTH.items(),
            "json_rpc": JSON_RPC.items(),
            "example": pretty(example),
        }

    def _changelog(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        return {
            "title": _("Changelog"),
            "description": _("What is new, newest first."),
            "body": markdown.html(guides.changelog()),
        }

    def _group(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        group = next(group for group in self.reference.groups if group.id == name)
        return {"title": group.name, "description": group.text, "group": group}

    def _operation(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        operation, group = self.reference.operation(name), self.reference.group_of(name)
        return {
            "title": operation.title.striptags(),
            "description": f"{operation.method} {operation.path}",
            "operation": operation,
            "group": group,
            "home": f"/reference/{group.id}",
        }

    def _types(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        return {
            "title": _("Types"),
            "description": _("What operations take and answer, each on a page."),
        }

    def _type(self, name: str, shared: Values, _: Callable[[str], str]) -> Values:
        named = self.reference.type(name)
        return {"title": name, "description": named.text, "type": named, "home": "/types"}


# As many as are read often: all of them would be 30 MB of each process.
@lru_cache(maxsize=300)
def _stored(site: Site, language: str, path: str) -> Stored:
    return Stored.of(site.html(language, path).encode(), "text/html; charset=utf-8")


@cache
def _guides(language: str) -> list[guides.TranslatedGuide]:
    return guides.in_language(messages(language).gettext)


@cache
def _catalogue() -> Any:
    """The tools of MCP as tables."""
    return markdown.html(tables())


@cache
def _templates(language: str) -> Environment:
    templates = environment("developers", ["jinja2.ext.i18n"])
    templates.policies["ext.i18n.trimmed"] = True
    templates.install_gettext_translations(  # type: ignore[attr-defined]
        messages(language), newstyle=True
    )
    templates.filters |= {
        "breakable": breakable,
        "coded": prose.inline,
        "pretty": pretty,
        "variables": parameters,
    }
    return templates
