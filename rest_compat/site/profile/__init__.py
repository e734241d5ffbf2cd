"""The profile area: what owners say of themselves, how it came to be, and files."""

from rest_compat.site.profile import history, importing, order, page, portrait, rows
from rest_compat.site.profile.area import area

__all__ = ["area", "history", "importing", "order", "page", "portrait", "rows"]
