"""What the command of an operation is called: by a rule from its route, or as is said here."""

from __future__ import annotations

import re

# Operations whose command is written by hand, in the file that is named.
BY_HAND = {
    "create_resume_job": "resume",
    "resume_job_pdf": "resume",
    "resume_job_file": "resume",
    "preview_resume": "resume",
    "login": "sign_in",
    "complete_login": "sign_in",
    "refresh": "session",
    "logout": "sign_in",
    "auth_me": "sign_in",
    "order_section": "sections",
}

# Another service of the installation calls it, no owner.
NOT_FOR_OWNERS = frozenset({"studio_chat"})

_NAMES = {
    "owner": "profile everything",
    "profile": "profile show",
    "update_profile": "profile set",
    "public_profile": "profile public",
    "reset_resume": "profile reset",
    "search_profile": "search",
    "indexing_status": "profile indexing",
    "theme": "theme show",
    "update_theme": "theme set",
    "layout": "layout show",
    "update_layout": "layout set",
    "avatar": "avatar get",
    "set_avatar": "avatar set",
    "delete_avatar": "avatar rm",
    "import_preview": "imports show",
    "parse_import": "imports parse",
    "commit_import": "imports commit",
    "insights": "insights",
    "usage": "usage",
    "models": "models",
    "security_events": "security-events",
    "transcript": "transcripts show",
    "billing": "billing show",
    "billing_plans": "billing plans",
    "credit_packs": "billing packs",
    "billing_status": "billing status",
    "billing_usage": "billing usage",
    "join_waitlist": "billing join-waitlist",
    "leave_waitlist": "billing leave-waitlist",
    "create_checkout": "billing checkout",
    "create_portal_session": "billing portal",
    "api_keys": "keys list",
    "create_api_key": "keys create",
    "revoke_api_key": "keys revoke",
    "create_token": "tokens create",
    "revoke_token": "tokens revoke",
    "rotate_token": "tokens rotate",
    "scopes": "tokens scopes",
    "end_session": "sessions end",
    "end_other_sessions": "sessions end-others",
    "second_factor": "second-factor show",
    "begin_second_factor": "second-factor begin",
    "confirm_second_factor": "second-factor confirm",
    "renew_recovery_codes": "second-factor recovery-codes",
    "disable_second_factor": "second-factor disable",
    "resume_job": "resume get",
    "resume_jobs": "resume list",
    "resume_certificate": "resume certificate",
    "resume_job_thumbnail": "resume thumbnail",
    "resume_templates": "resume templates",
    "cancel_resume_job": "resume cancel",
    "delete_resume_job": "resume rm",
    "revision": "history show",
    "restore_revision": "history restore",
    "ask": "ask",
    "register": "register",
    "auth_check_chat": "check chat",
    "auth_check_resume": "check resume",
    "auth_check_tools": "check tools",
    "auth_check_mcp": "check mcp",
    "account_deletion": "account deletion",
    "delete_account": "account delete",
    "cancel_account_deletion": "account keep",
    "reauthenticate": "account reauthenticate",
    "change_password": "account password",
    "change_email": "account email",
    "confirm_email_change": "account confirm-email",
    "undo_email_change": "account undo-email",
    "request_email_verification": "account send-verification",
    "verify_email": "account verify-email",
    "request_password_reset": "account forgot-password",
    "reset_password": "account reset-password",
}

_REPLACING = (
    "replace_skills",
    "replace_all_experience",
    "replace_all_education",
    "replace_projects",
    "replace_certifications",
)

# Parts of a body that are so much what a command is about that they stand without a name.
POSITIONAL = {
    "ask": ("question",),
    "search_profile": ("q",),
    "create_skill": ("name",),
    "create_certification": ("name",),
    "create_project": ("name",),
    "create_api_key": ("name",),
    "create_token": ("name",),
    "set_avatar": ("file",),
    "parse_import": ("file",),
    "validate_resume": ("cv_data",),
    **dict.fromkeys(_REPLACING, ("items",)),
    "verify_resume": ("file",),
    "change_email": ("email",),
    "request_password_reset": ("email",),
}

# What a table shows, where that is not simply the first fields.
COLUMNS = {
    "resume_jobs": ("status", "template", "pages", "created_at", "expires_at"),
    "resume_templates": ("name", "title", "columns", "description"),
    "billing_ledger": ("kind", "delta_posted", "delta_held", "ref", "created_at"),
}

# What is asked for without being shown, and never stands in a command line.
SECRETS = frozenset({"password", "current_password", "new_password", "code", "token"})

# Who sits at a terminal is asked before these, and before each `DELETE` but the harmless ones.
DESTRUCTIVE = frozenset({"reset_resume", "cancel_resume_job"})
HARMLESS = frozenset({"cancel_account_deletion", "leave_waitlist"})

# What `update` does where the operation beneath replaces.
CHANGING = (
    "Change an entry, named by its id or its number in the list. What you do not name stays as it"
    " is. With nothing named it opens in your editor."
)

_BY_METHOD = {"POST": "add", "PUT": "replace", "PATCH": "set", "DELETE": "rm"}


def words_of(operation: str, method: str, path: str, *, is_list: bool) -> tuple[str, ...]:
    """The words after `vitae` of an operation."""
    if operation in _NAMES:
        return tuple(_NAMES[operation].split())
    parts = path.removeprefix("/v1/").split("/")
    while len(parts) > 1 and parts[0] in ("me", "auth"):
        parts = parts[1:]
    at_one = parts[-1].startswith("{")
    words = [re.sub(r"_", "-", part) for part in parts if not part.startswith("{")]
    group, rest = words[0].removesuffix("-entries"), words[1:]
    group = {"exports": "export", "import": "imports"}.get(group, group)
    if method == "GET":
        verb = "get" if at_one else "list" if is_list else "show"
    elif method == "PUT" and at_one:
        verb = "update"
    else:
        verb = _BY_METHOD[method]
    if not rest or parts[-1] == words[0]:
        return group, verb
    is_told_by_path = method in ("GET", "POST")
    return (group, "-".join(rest)) if is_told_by_path else (group, "-".join([*rest, verb]))
