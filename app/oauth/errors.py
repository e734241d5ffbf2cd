"""What OAuth says in its own words (RFC 6749, 5.2) and not in our error body."""

from __future__ import annotations


class OAuthError(Exception):
    """A refusal: `code` is one that the RFCs define, the description is for developers."""

    def __init__(self, code: str, description: str, *, status: int = 400) -> None:
        self.code = code
        self.description = description
        self.status = status
        super().__init__(f"{code}: {description}")


class UnknownClient(Exception):
    """A client_id that leads to no client; the message says why, for the person at the browser."""
