"""The account area: what a person manages of the account itself."""

from rest_compat.site.account import overview
from rest_compat.site.account.account import area

__all__ = ["area", "overview"]
