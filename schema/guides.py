"""What a model should know of tools beyond what their operations are: the guides of several."""

from __future__ import annotations

_DATES = "Dates are YYYY, YYYY-MM or YYYY-MM-DD: give what is known and never make up the rest."
_GROUND = (
    "Write only what the user or a document of theirs has said. Where it comes from a document,"
    " name it in `grounded_in`: what it does not hold is then refused and named."
)

PATCHING = (
    "Send only the fields that change: one that is absent stays, null clears it. `languages` is"
    " replaced as a whole. `visibility`, `email_public` and `phone_public` decide what strangers"
    " see: change them only if the user has just asked for it."
    f" {_GROUND} With `expected_version`, the `version` that profile.get"
    " showed, the change is made only if nobody else changed the profile meanwhile."
)
ADDING = (
    f"The row becomes the last of its section. {_GROUND} {_DATES} A repeat of the call adds"
    " another row: look into profile.get first where you don't know whether a call has worked."
)
REPLACING = (
    "The whole row is replaced: send every field that is to stay, as profile.get shows it, for an"
    f" absent one is cleared. {_GROUND} {_DATES} With `expected_version`, the `version` of the row,"
    " it is done only if nobody else changed it meanwhile."
)
REMOVING = (
    "Ask the user first, unless they have just asked for it. The id is that of the row in"
    " profile.get. With `expected_version`, the `version` of the row, it is done only if nobody"
    " else changed it meanwhile."
)
