"""What the mails about accounts say.

They hold nothing that a stranger may choose freely: whoever types another's address into a form
must not get their own words delivered there.
"""

from __future__ import annotations

from datetime import datetime

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

_CHANGED_IN_PERSON = """\
Hello {username},

the password of your Vitae account was just changed, and all other sessions were signed out.

If it was not you, choose another one now at {url}/forgot-password.
"""

_NEW_ADDRESS = """\
Hello {username},

please confirm that this is to be the address of your Vitae account, within 24 hours:

  {url}/confirm-email?token={token}

or by the API:

  curl -X POST {url}/v1/auth/email/confirm \\
    -H 'Content-Type: application/json' \\
    -d '{{"token": "{token}"}}'

If you did not ask for this, ignore this mail: then nothing happens.
"""

_ADDRESS_IN_USE = """\
Hello,

somebody, probably you, wants this address for a Vitae account. It belongs to another one, so that
nothing has changed. If it was you, sign in to that other account, or delete it first.

  {url}
"""

_ADDRESS_CHANGING = """\
Hello {username},

somebody who is signed in to your Vitae account, probably you, has asked to use another e-mail
address for it. It changes once that address is confirmed.
{undo}"""

_UNDO = """
If it was not you, undo it within 7 days; that signs everybody out, too. Then choose a new password.

  {url}/undo-email-change?token={token}

or by the API:

  curl -X POST {url}/v1/auth/email/undo \\
    -H 'Content-Type: application/json' \\
    -d '{{"token": "{token}"}}'
"""

_SECOND_FACTOR_ON = """\
Hello {username},

signing in to your Vitae account now takes a code of your authenticator app beside the password.
Keep the recovery codes where you find them without that app.

If it was not you, choose a new password now at {url}/forgot-password.
"""

_SECOND_FACTOR_OFF = """\
Hello {username},

the second factor of your Vitae account was just removed: signing in takes the password alone.

If it was not you, choose a new password now at {url}/forgot-password, then turn it on again.
"""

_RECOVERY_CODE = """\
Hello {username},

a recovery code of your Vitae account was just used in place of a code of your authenticator app.
Codes that are left: {left}.

If it was not you, choose a new password now at {url}/forgot-password, then make new codes.
"""

_DELETION = """\
Hello {username},

you have asked to delete your Vitae account. Its page is gone from now on, and all sessions, API
keys and tokens have ended. Everything else is removed for good after {until:%d %B %Y, %H:%M} UTC.

Until then you can sign in, take all of it with you as one file, and keep the account after all:

  {url}/account/data

or by the API ({url}/v1/me/exports/account is the file):

  curl -X DELETE {url}/v1/me/deletion -H 'Authorization: Bearer YOUR SESSION'

If it was not you, do that now and choose a new password at {url}/forgot-password.
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


def password_changed_in_person(url: str, username: str) -> Letter:
    """That the password was changed by who was signed in."""
    body = _CHANGED_IN_PERSON.format(url=url, username=username)
    return Letter("Your password was changed", body)


def confirm_new_address(url: str, username: str, token: str) -> Letter:
    """With the link that makes an address the account's."""
    body = _NEW_ADDRESS.format(url=url, username=username, token=token)
    return Letter("Confirm your new e-mail address", body)


def address_in_use(url: str) -> Letter:
    """To the owner of an address that another account wants."""
    return Letter("Your e-mail address is in use already", _ADDRESS_IN_USE.format(url=url))


def address_changing(url: str, username: str, undo: str | None) -> Letter:
    """To the address before; with the token of the link that undoes it, if it may."""
    way_back = "" if undo is None else _UNDO.format(url=url, token=undo)
    body = _ADDRESS_CHANGING.format(username=username, undo=way_back)
    return Letter("Your e-mail address is about to change", body)


def second_factor_on(url: str, username: str) -> Letter:
    """That there is a second factor from now on."""
    body = _SECOND_FACTOR_ON.format(url=url, username=username)
    return Letter("Two-step sign-in is on", body)


def second_factor_off(url: str, username: str) -> Letter:
    """That there is none any more."""
    body = _SECOND_FACTOR_OFF.format(url=url, username=username)
    return Letter("Two-step sign-in is off", body)


def recovery_code_used(url: str, username: str, left: int) -> Letter:
    """That a recovery code was used, and how many are left."""
    body = _RECOVERY_CODE.format(url=url, username=username, left=left)
    return Letter("A recovery code was used", body)


def deletion(url: str, username: str, until: datetime) -> Letter:
    """That the account will be removed, and when."""
    body = _DELETION.format(url=url, username=username, until=until)
    return Letter("Your account will be deleted", body)
