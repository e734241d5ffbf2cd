"""Redis that can't be reached, as our errors tell it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from redis.exceptions import RedisError

from app.errors import DependencyUnavailable


@contextlib.contextmanager
def available() -> Iterator[None]:
    """Raise DependencyUnavailable for what Redis or the way to it fails with."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise DependencyUnavailable from error
