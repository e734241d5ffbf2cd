"""What an account may be called: usernames, e-mail addresses, names."""

from __future__ import annotations

import re
from collections.abc import Callable

from email_validator import EmailNotValidError, validate_email

from app.cv import text
from app.errors import FieldError, ValidationFailed

MIN_USERNAME = 3
MAX_USERNAME = 32
MAX_NAME = 200

_USERNAME = re.compile(r"[a-z0-9][a-z0-9_-]*")

# A username becomes part of public addresses: what is a page or a role there can't be a person.
_RESERVED = """
    about abuse account accounts activate admin administrator api app apps assets auth billing
    blog bot careers cdn chat checkout cli config contact credits cv dashboard developer
    developers dns docs download downloads email export exports favicon feed forgot-password
    ftp graphql health healthz help home host hostmaster imap import info insights jobs key
    keys legal login logout mail mailer-daemon marketing mcp me media metrics moderator new news
    no-reply noreply null oauth openapi owner pop3 portal postmaster press pricing privacy
    profile profiles public readyz register render reset-password resume resumes robots root
    sales scopes search security service session sessions settings sign-in sign-up signin
    signup sitemap smtp static status stripe studio subscribe subscription support sysadmin
    system team template templates terms test theme token tokens undefined unsubscribe upload
    user users v1 v2 verify verify-email version vitae webhook webhooks webmaster well-known
    worker workers www
"""
RESERVED_USERNAMES = frozenset(_RESERVED.split())


class Fields:
    """Reads the fields of an input one by one and keeps every error, not only the first."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def read(self, path: str, rule: Callable[[str], str], raw: str) -> str:
        """`rule(raw)`; when it raises Refused, the error is kept under `path`."""
        try:
            return rule(raw)
        except Refused as refused:
            self.errors.append(FieldError(path, refused.code, str(refused)))
            return ""

    def finish(self) -> None:
        """Raises ValidationFailed when there was any error."""
        if self.errors:
            raise ValidationFailed(self.errors)


class Refused(ValueError):
    """A value that breaks a rule, said for the person who typed it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def username(raw: str) -> str:
    """`raw` in lower case; raises Refused.

    3 to 32 of a–z, 0–9, - and _, beginning with a letter or digit, and not reserved.
    """
    # isascii first: the Kelvin sign and others become ASCII letters in lower case.
    name = raw.lower() if raw.isascii() else ""
    if not _USERNAME.fullmatch(name):
        raise Refused("invalid", "Use a-z, 0-9, - and _, beginning with a letter or digit.")
    if not MIN_USERNAME <= len(name) <= MAX_USERNAME:
        raise Refused("invalid", f"Use {MIN_USERNAME} to {MAX_USERNAME} characters.")
    if name in RESERVED_USERNAMES:
        raise Refused("reserved", "This name is reserved.")
    return name


def email(raw: str) -> str:
    """The address with its domain in lower case and ASCII; raises Refused.

    Only syntax is looked at. The part before the @ must be ASCII, since not every mail server
    takes another, and look-alikes of it would be other people.
    """
    try:
        address = validate_email(
            raw, check_deliverability=False, allow_smtputf8=False, strict=True
        ).ascii_email
    except EmailNotValidError:
        address = None
    if address is None:
        raise Refused("invalid", "This is not an e-mail address that can be written to.")
    return address


def one_spelling(raw: str) -> str:
    """What all spellings of an address have in common; to find or to count it by.

    Text that is no address is only trimmed and written in lower case.
    """
    try:
        return email(raw.strip()).lower()
    except Refused:
        return raw.strip().lower()


def line(longest: int) -> Callable[[str], str]:
    """A rule for one line of any text, 1 to `longest` characters once trimmed; raises Refused."""

    def rule(raw: str) -> str:
        cleaned, _ = text.clean(raw, multiline=False)
        if not cleaned:
            raise Refused("empty", "Must not be empty.")
        if len(cleaned) > longest:
            raise Refused("too_long", f"Must be at most {longest} characters.")
        return cleaned

    return rule


full_name = line(MAX_NAME)
