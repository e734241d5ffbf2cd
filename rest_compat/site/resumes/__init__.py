"""Résumés: made with a preview, followed while they are rendered, fetched, and looked through."""

from rest_compat.site.resumes import certificate, jobs, making
from rest_compat.site.resumes.resumes import area

__all__ = ["area", "certificate", "jobs", "making"]
