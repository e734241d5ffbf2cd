"""Settings as the environment gives them."""

from __future__ import annotations

from app.settings import Settings


def test_a_list_is_read_with_blanks_or_without_and_may_be_empty() -> None:
    given = Settings.from_env(
        {"CORS_ORIGINS": "https://a.example, https://b.example,", "TRUSTED_PROXIES": "10.0.0.1"}
    )
    assert given.allowed_origins == ["https://a.example", "https://b.example"]
    assert given.believed_proxies == ["10.0.0.1"]
    assert Settings().allowed_origins == []
    assert Settings().believed_proxies == []
