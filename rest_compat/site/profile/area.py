"""The area that the files beside this one add their pages to."""

from __future__ import annotations

from rest_compat.site.area import Area

HOME = "/profile"

area = Area("Profile", HOME)
