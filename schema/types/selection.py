"""What of an answer a client has asked for."""

from __future__ import annotations

from typing import NewType

# Names of the fields of the answer, as the schema's Python has them. A resolver with an argument
# `selected: Selection | None = None` is told over GraphQL; None stands for all.
Selection = NewType("Selection", frozenset[str])
