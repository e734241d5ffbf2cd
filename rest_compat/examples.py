"""An example body for every operation that takes one; a test holds each to its schema."""

from __future__ import annotations

from typing import Any

from app.cv.schema import example

_ROWS: dict[str, dict[str, Any]] = {
    "skill": {"name": "PostgreSQL", "category": "Databases", "level": "expert", "years": 7},
    "experience": {
        "company": "Layton Systems",
        "title": "Backend Engineer",
        "location": "Lausanne, CH",
        "employment_type": "full-time",
        "start_date": "2021-04",
        "is_current": True,
        "bullets": ["Cut the time of a deployment from an hour to four minutes."],
        "technologies": ["Python", "PostgreSQL"],
    },
    "education": {
        "institution": "EPFL",
        "degree": "MSc",
        "field_of_study": "Computer Science",
        "start_date": "2016",
        "end_date": "2018",
        "grade": "5.6/6",
    },
    "project": {
        "name": "Weathervane",
        "role": "Author",
        "repository_url": "https://github.com/hershel/weathervane",
        "start_date": "2023-02",
        "technologies": ["Rust"],
    },
    "certification": {
        "name": "Certified Kubernetes Administrator",
        "issuer": "Linux Foundation",
        "issued_on": "2024-05-11",
        "expires_on": "2027-05",
    },
}
# A PNG of one pixel.
_DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="
)

EXAMPLES: dict[str, dict[str, Any]] = {
    "ask": {"question": "How many years of experience with PostgreSQL?"},
    "studio_chat": {"username": "hershel", "question": "Where does he work now?"},
    "create_checkout": {
        "kind": "subscription",
        "plan": "pro",
        "cadence": "annual",
        "return_path": "/account",
    },
    "public_ask": {"question": "Which databases has she run in production?"},
    "stripe_webhook": {
        "id": "evt_1",
        "object": "event",
        "type": "invoice.paid",
        "data": {"object": {"id": "in_1", "object": "invoice"}},
    },
    "profile_seen": {"clicks": ["https://github.com/hershel"], "sections": ["skills"]},
    "create_portal_session": {"return_path": "/account"},
    "oauth_register": {
        "client_name": "A Desktop Client",
        "redirect_uris": ["http://127.0.0.1/callback"],
    },
    "oauth_token": {
        "grant_type": "refresh_token",
        "client_id": "https://app.example.com/client.json",
        "refresh_token": "vo_…",
    },
    "oauth_device_authorization": {"client_id": "vitae-cli"},
    "oauth_revoke": {"token": "vo_…", "client_id": "https://app.example.com/client.json"},
    "register": {
        "username": "hershel",
        "email": "hershel@example.com",
        "password": "correct horse battery staple",
        "full_name": "Hershel Layton",
    },
    "login": {"username": "hershel", "password": "correct horse battery staple"},
    "complete_login": {"challenge": "eyJ…", "code": "123456"},
    "change_password": {
        "current_password": "correct horse battery staple",
        "password": "an even better passphrase",
    },
    "change_email": {"email": "hershel.layton@example.com"},
    "confirm_email_change": {"token": "vl_…"},
    "undo_email_change": {"token": "vl_…"},
    "reauthenticate": {"password": "correct horse battery staple", "code": "123456"},
    "confirm_second_factor": {"code": "123456"},
    "refresh": {"refresh_token": "vr_…"},
    "request_password_reset": {"email": "hershel@example.com"},
    "reset_password": {"token": "vl_…", "password": "an even better passphrase"},
    "verify_email": {"token": "vl_…"},
    "create_api_key": {"name": "Laptop", "expires_at": "2030-01-01T00:00:00.000Z"},
    "create_token": {"name": "Build server", "scopes": ["resume:generate", "mcp:connect"]},
    "rotate_token": {"overlap_minutes": 60},
    "create_resume_job": example(),
    "preview_resume": {"cv_data": example()["cv_data"], "format": "png"},
    "validate_resume": {"cv_data": example()["cv_data"]},
    "set_avatar": {"file": f"data:image/png;base64,{_DOT}"},
    "update_profile": {
        "bio": "Backend engineer building scalable infrastructure.",
        "open_to_work": True,
    },
    "preview_page": {
        "theme": {"theme_id": "terminal"},
        "layout": {"hidden_sections": ["certifications"]},
    },
    "update_theme": {"theme_id": "terminal", "accent_color": "#00d4ff"},
    "update_layout": {
        "section_order": ["summary", "projects", "experience"],
        "hidden_sections": ["certifications"],
        "font_preference": "source-serif-4",
    },
    **{f"{verb}_{one}": row for one, row in _ROWS.items() for verb in ("create", "update")},
    "replace_skills": {"items": [_ROWS["skill"]]},
    "replace_all_experience": {"items": [_ROWS["experience"]]},
    "replace_all_education": {"items": [_ROWS["education"]]},
    "replace_projects": {"items": [_ROWS["project"]]},
    "replace_certifications": {"items": [_ROWS["certification"]]},
    "parse_import": {
        "basics": {"name": "Hershel Layton", "email": "hershel@example.com"},
        "work": [{"name": "Layton Systems", "position": "Engineer", "startDate": "2021-04"}],
    },
    "verify_resume": {"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    "plan_import": {"parse_id": "01a200c1-0660-72cb-b725-729e3666a2d1", "mode": "merge"},
    "commit_import": {"parse_id": "01a200c1-0660-72cb-b725-729e3666a2d1", "mode": "merge"},
    "order_section": {"ids": ["01a200c1-0660-72cb-b725-729e3666a2d1"]},
    "restore_revision": {"scope": "change"},
    "reset_resume": {"scope": "imported"},
}

# What an example asks in its query, by operation.
QUERIES: dict[str, dict[str, Any]] = {
    "search_profile": {"q": "Has she built anything for banks?", "limit": 3},
    "insights": {"period": "7d"},
    "history": {"limit": 3},
    "export_profile": {"format": "jsonresume"},
    "export_transcripts": {"format": "json"},
    "export_insights": {"format": "json"},
    "mcp_legacy_message": {"session_id": "as the first event has it"},
    "oauth_authorize": {
        "response_type": "code",
        "client_id": "https://app.example.com/client.json",
        "redirect_uri": "http://127.0.0.1/callback",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    },
}
# Headers that an example needs beside its credential: the variable that holds the value of each.
HEADERS: dict[str, dict[str, str]] = {
    "mcp": {"Mcp-Session-Id": "MCP_SESSION_ID"},
    "mcp_stream": {"Mcp-Session-Id": "MCP_SESSION_ID"},
    "end_mcp_session": {"Mcp-Session-Id": "MCP_SESSION_ID"},
    "stripe_webhook": {"Stripe-Signature": "STRIPE_SIGNATURE"},
}
# Paths with what an example takes of several that there are.
PATHS: dict[str, str] = {
    "resume_job_file": "/v1/resume/jobs/{job_id}/json",
    "order_section": "/v1/me/sections/skills/order",
    "sitemap_part": "/sitemap-{first}.xml",
}
