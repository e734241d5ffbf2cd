"""An example body for every operation that takes one; a test holds each to its schema."""

from __future__ import annotations

from typing import Any

from app.cv.schema import example

EXAMPLES: dict[str, dict[str, Any]] = {
    "register": {
        "username": "hershel",
        "email": "hershel@example.com",
        "password": "correct horse battery staple",
        "full_name": "Hershel Layton",
    },
    "login": {"username": "hershel", "password": "correct horse battery staple"},
    "refresh": {"refresh_token": "vr_…"},
    "request_password_reset": {"email": "hershel@example.com"},
    "reset_password": {"token": "vl_…", "password": "an even better passphrase"},
    "verify_email": {"token": "vl_…"},
    "create_api_key": {"name": "Laptop", "expires_at": "2030-01-01T00:00:00.000Z"},
    "create_token": {"name": "Build server", "scopes": ["resume:generate", "mcp:connect"]},
    "rotate_token": {"overlap_minutes": 60},
    "create_resume_job": example(),
}
