"""pgvector's type as a column type; any number of dimensions, for that is the model's choice."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import base
from sqlalchemy.types import UserDefinedType


class Vector(UserDefinedType[list[float]]):
    """Statements give it as `$1::REAL[]::VECTOR`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "VECTOR"


# So that Alembic knows it when it compares the tables with the models.
base.ischema_names["vector"] = Vector
