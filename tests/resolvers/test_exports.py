"""The exports of an owner, over real HTTP."""

from __future__ import annotations
