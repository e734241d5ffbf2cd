"""Vitae: one professional profile that becomes résumés."""

__version__ = "0.1.0"
