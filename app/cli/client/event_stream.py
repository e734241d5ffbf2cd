"""Server-sent events, as they come."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass

from app.cli.client.wire import Answer, Broken


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is empty where an event has none."""

    id: str
    data: bytes


def events(answer: Answer) -> Iterator[Event]:
    """The events of a stream until its end; raises Broken."""
    event_id, data = "", list[bytes]()
    try:
        with answer.stream:
            for raw in answer.stream:
                line = raw.rstrip(b"\r\n")
                name, _, value = line.partition(b":")
                value = value.removeprefix(b" ")
                if not line:
                    if data or event_id:
                        yield Event(event_id, b"\n".join(data))
                    event_id, data = "", []
                elif name == b"data":
                    data.append(value)
                elif name == b"id":
                    event_id = value.decode("latin-1")
    except (OSError, ValueError, http.client.HTTPException) as error:
        # A stream that another thread closed is a ValueError.
        raise Broken(str(error) or type(error).__name__) from None
