"""The groups that the OpenAPI document and the developer pages sort operations into, by path."""

from __future__ import annotations

from rest_compat import retired
from rest_compat.mcp import wrappers
from rest_compat.oauth import openapi as oauth
from rest_compat.public import routes as public

# By tag: what it is about, and how its paths begin. The longest beginning that fits counts.
_ABOUT = {
    "Profile": (
        "Who you are, your portrait, the order of your entries, and all of it in one answer.",
        ["/v1/me"],
    ),
    "Skills": ("What you can do, and how well.", ["/v1/me/skills"]),
    "Experience": ("The positions you have held.", ["/v1/me/experience"]),
    "Education": ("Where you learned what.", ["/v1/me/education"]),
    "Projects": ("What you have made.", ["/v1/me/projects"]),
    "Certifications": ("What others have certified of you.", ["/v1/me/certifications"]),
    "Presentation": (
        "How your profile looks to its readers, and what they see of it.",
        ["/v1/me/theme", "/v1/me/layout", "/v1/profiles"],
    ),
    "Search": (
        "What of your profile answers a question, by meaning and by words.",
        ["/v1/me/search", "/v1/me/resume/indexing-status"],
    ),
    "Imports": (
        "From a résumé you have to a profile, by way of a preview.",
        ["/v1/me/import", "/v1/me/resume/reset"],
    ),
    "Exports": (
        "All that you have here, to take along.",
        ["/v1/me/exports"],
    ),
    "History": ("Every change of a profile, and the way back.", ["/v1/me/history"]),
    "Résumé jobs": ("From cv_data to a PDF, asynchronously.", ["/v1/resume"]),
    "Billing": (
        "Plans, credits and what they were used for, and the way to pay.",
        ["/v1/me/billing", "/v1/billing"],
    ),
    "Audience": (
        "Who comes to your public page, and what they read, take along and ask.",
        ["/v1/me/insights", "/v1/me/transcripts"],
    ),
    "Usage": ("What you have used of what your plan allows.", ["/v1/me/usage"]),
    "Security": (
        "Where you are signed in, the second factor, and what happened to your account.",
        ["/v1/me/security-events", "/v1/auth/sessions", "/v1/auth/second-factor"],
    ),
    "Accounts": (
        "Registration, sessions, passwords, e-mail addresses, and the end of an account.",
        ["/v1/auth/", "/v1/me/account", "/v1/me/deletion"],
    ),
    "Keys and tokens": (
        "Credentials for scripts and other clients.",
        ["/v1/auth/api-keys", "/v1/auth/tokens", "/v1/auth/scopes"],
    ),
    "Introspection": (
        "Whom a credential stands for, and what it may do.",
        ["/v1/auth/me", "/v1/auth/check"],
    ),
    "Questions": (
        "Questions about a profile, answered from what is public of it.",
        ["/v1/profiles/{username}/ask", "/v1/studio/"],
    ),
    "Models": ("Which language models there are, and which you may use.", ["/v1/models"]),
    wrappers.TAG: (
        "The server that models talk to, and its tools for who has no MCP client.",
        ["/v1/mcp"],
    ),
    oauth.TAG: (
        "How an application is connected by its owner's click, and no token is copied.",
        ["/oauth/", "/.well-known/oauth-"],
    ),
    retired.TAG: (
        "Chats that this server once ran for API clients, and what to use instead.",
        ["/v1/chat/", "/v1/responses"],
    ),
    public.TAG: (
        "What owners have published, as pages for people and files for machines.",
        ["/u/", "/sitemap", "/robots.txt"],
    ),
    "System": ("About the server itself.", ["/"]),
}
_OF_PATH = {start: name for name, (_, starts) in _ABOUT.items() for start in starts}

TAGS = [{"name": name, "description": text} for name, (text, _) in _ABOUT.items()]


def tag_of(path: str) -> str:
    """The name of the group an operation at `path` belongs to."""
    return _OF_PATH[max((start for start in _OF_PATH if path.startswith(start)), key=len)]
