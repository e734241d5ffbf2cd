from __future__ import annotations


class EmbeddingFailed(Exception):
    """No vectors could be had; the message is one for the owner of what was to be embedded."""
