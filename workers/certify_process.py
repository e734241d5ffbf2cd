"""Reading a PDF back in a process of a pool (`app.pooled_process`): its certificate comes out."""

from __future__ import annotations

import msgspec

from app.cv.model import CV
from workers.certificate import certificate


class Asked(msgspec.Struct, array_like=True):
    """A PDF and the CV that it was made of."""

    cv: CV
    pdf: bytes


def warm() -> None:
    """Nothing more: what reading needs is loaded with this module."""


def answer(request: bytes) -> bytes:
    asked = msgspec.msgpack.decode(request, type=Asked)
    return msgspec.json.encode(certificate(asked.cv, asked.pdf))
