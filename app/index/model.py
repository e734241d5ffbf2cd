"""Which model says what a text means; its vectors can be compared with its own alone."""

from __future__ import annotations

from app.settings import Settings

BUILT_IN = "all-MiniLM-L6-v2-int8"


def model_of(settings: Settings) -> str:
    """The name under which vectors are kept: of the endpoint's model, or of our own."""
    return settings.embeddings_model if settings.embeddings_url else BUILT_IN
