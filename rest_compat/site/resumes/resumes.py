"""Where the routes of résumés are gathered."""

from rest_compat.site.area import Area

HOME = "/resumes"

area = Area("Résumés", HOME)
