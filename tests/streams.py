"""What a download holds."""

from __future__ import annotations

from schema.types.download import Stream


async def content(stream: Stream) -> bytes:
    """All bytes of a download, whether they were at hand or came by pieces."""
    opened = await stream.open()
    return opened if isinstance(opened, bytes) else b"".join([chunk async for chunk in opened])
