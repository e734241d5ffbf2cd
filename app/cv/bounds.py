"""How much a CV may hold: read by the normaliser and printed in the JSON Schema.

Wide enough for a long academic CV, narrow enough that one render stays within its time and
memory limits.
"""

from __future__ import annotations

SECTIONS = 30
ITEMS = 100  # of a section
BULLETS = 50  # of an item
ORDER_ENTRIES = 100

KEY = 100  # characters of a section's key
LINE = 500  # characters of a title, a place, a name, a date in words
URL = 2_000
EMAIL = 254  # RFC 5321, 4.5.3.1.3
TEXT = 5_000  # characters of a section's content, of a description or of one bullet
TOTAL_TEXT = 200_000  # characters of the whole CV; either total makes about a hundred pages
TOTAL_ENTRIES = 2_500  # items and bullets of the whole CV

FONT_SIZE_LEAST = 9.0  # points
FONT_SIZE_MOST = 14.0

PICTURE_BYTES = 3 * 1024 * 1024  # decoded from base64
PICTURE_PIXELS = 40_000_000
PICTURE_SIDE = 800  # pixels of the longest side after re-encoding

FINDINGS = 100  # errors, and warnings, that one answer lists
