"""The language models there are to choose from: `model_catalogue.json`, and what the installation
makes of it.

`MODEL_CATALOGUE` is a JSON object by id, applied to the file as a merge patch (RFC 7396): a new id
adds a model, fields of a known one replace its own, null takes it out.
"""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import msgspec

_BUILT_IN = Path(__file__).with_suffix(".json")
_LARGEST_BYTES = 1_000_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")


class InvalidCatalogue(ValueError):
    """A catalogue that can't be read; the message says where."""


class Protocol(Enum):
    """How a model is spoken to where it is served."""

    OPENAI_CHAT = "openai_chat"
    OPENAI_RESPONSES = "openai_responses"
    ANTHROPIC_MESSAGES = "anthropic_messages"
    EXTRACTIVE = "extractive"


class Surface(Enum):
    """By which way a model is used (Gateway document, `x-ai-mode`).

    `managed`: run by this server as a chat for API clients, which is retired. `api`: run by this
    server as a part of its operations. `mcp`: run by the client, which calls our tools.
    """

    MANAGED = "managed"
    API = "api"
    MCP = "mcp"


class Access(Enum):
    """Which plans this server runs a model for (Gateway document, "Tier Fields")."""

    ALL = "all"
    PAID = "paid"
    SUBSCRIPTION = "subscription"


class _Entry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A model as it is written in a catalogue, below its id."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    protocol: Protocol
    origin: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9._-]{0,63}$")]
    surfaces: Annotated[tuple[Surface, ...], msgspec.Meta(min_length=1)]
    access: Access


class Model(msgspec.Struct, frozen=True):
    """A model. `origin`: who serves it. `surfaces`: in the order of `Surface`, each once."""

    id: str
    label: str
    protocol: Protocol
    origin: str
    surfaces: tuple[Surface, ...]
    access: Access


def catalogue(changes: str = "") -> tuple[Model, ...]:
    """The built-in models with `changes`, in order; raises InvalidCatalogue.

    `changes` is JSON itself if it begins with a brace, otherwise the path of a file of it.
    """
    entries = _objects(_BUILT_IN.read_bytes())
    for id_, change in _objects(_changes(changes)).items():
        if not _ID.fullmatch(id_):
            raise InvalidCatalogue(f"{id_[:140]!r} is not an id of a model.")
        if change is None:
            entries.pop(id_, None)
        elif isinstance(change, dict):
            entries[id_] = {**entries.get(id_, {}), **change}
        else:
            raise InvalidCatalogue(f"{id_}: expected an object or null.")
    return tuple(_model(id_, entry) for id_, entry in entries.items())


def _changes(changes: str) -> bytes:
    if not changes or changes.startswith("{"):
        return changes.encode() or b"{}"
    try:
        with Path(changes).expanduser().open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise InvalidCatalogue(f"{changes[:140]!r} can't be read: {reason}.") from None
    if len(data) > _LARGEST_BYTES:
        raise InvalidCatalogue(f"it has more than {_LARGEST_BYTES} bytes.")
    return data


def _objects(data: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidCatalogue(f"{error}.") from None


def _model(id_: str, entry: dict[str, Any]) -> Model:
    try:
        read = msgspec.convert(entry, _Entry)
    except msgspec.ValidationError as error:
        raise InvalidCatalogue(f"{id_}: {error}.") from None
    return Model(
        id=id_,
        label=read.label,
        protocol=read.protocol,
        origin=read.origin,
        surfaces=tuple(surface for surface in Surface if surface in read.surfaces),
        access=read.access,
    )
