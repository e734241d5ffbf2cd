"""cv_data: one JSON value, whose model and rules live in `app/cv/`."""

from __future__ import annotations

from typing import NewType

CVData = NewType("CVData", object)
