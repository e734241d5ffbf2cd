"""What the mails about accounts say.

They hold nothing that a stranger may choose freely: whoever types another's address into a form
must not get their own words delivered there.
"""

from __future__ import annotations

from app.mail import Letter

_VERIFY = """\
Hello {username},

please confirm that this address is yours, within 48 hours:

  {url}/verify-email?token={token}

or by the API:

  curl -X POST {url}/v1/auth/email/verify \\
    -H 'Content-Type: application/json' \\
    -d '{{"token": "{token}"}}'

If you did not sign up for Vitae, ignore this mail: then nothing happens.
"""

_RESET = """\
Hello {username},

somebody, probably you, wants a new password for your Vitae account. Choose it within one hour:

  {url}/reset-password?token={token}

or by the API:

  curl -X POST {url}/v1/auth/password/reset \\
    -H 'Content-Type: application/json' \\
    -d '{{"token": "{token}", "password": "YOUR NEW PASSWORD"}}'

If it was not you, ignore this mail: your password stays as it is.
"""

_CHANGED = """\
Hello {username},

the password of your Vitae account was just changed by a link sent to this address, and all
sessions were signed out.

If it was not you, somebody else can read your mail. Secure your mailbox first, then ask for a
new link at {url}/forgot-password.
"""


def verify_email(url: str, username: str, token: str) -> Letter:
    """With the link that verifies an address."""
    return Letter(
        "Confirm your e-mail address", _VERIFY.format(url=url, username=username, token=token)
    )


def reset_password(url: str, username: str, token: str) -> Letter:
    """With the link that resets a password."""
    return Letter("Choose a new password", _RESET.format(url=url, username=username, token=token))


def password_changed(url: str, username: str) -> Letter:
    """That the password was changed."""
    return Letter("Your password was changed", _CHANGED.format(url=url, username=username))
