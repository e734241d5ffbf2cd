"""All pages of the site, area by area, in the order of the navigation."""

from __future__ import annotations

from starlette.routing import Route

from app.auth.visits import Visits
from app.services import Services
from rest_compat.site import (
    account,
    appearance,
    audience,
    front,
    links,
    outside,
    pages,
    profile,
    resumes,
    sign_in,
)
from rest_compat.site.area import Area

AREAS: list[Area] = [
    front.area,
    sign_in.area,
    outside.area,
    links.area,
    profile.area,
    appearance.area,
    resumes.area,
    audience.area,
    account.area,
]

pages.NAVIGATION += [(area.name, area.home) for area in AREAS if area.name]


def site_routes(services: Services) -> list[Route]:
    """GET (and HEAD) of each page, and POST of each form."""
    visits = Visits(services.settings)
    return [route for area in AREAS for route in area.routes(services, visits)]
