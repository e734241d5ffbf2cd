"""Language models behind endpoints that speak as OpenAI's chat completions do.

Each configured provider is asked in turn: twice, if what went wrong may pass. As soon as some of an
answer has been handed on, nobody else is asked, for two answers are none. Keys are sent and never
told.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from app.outgoing import LIMITS

log = logging.getLogger(__name__)

Messages = Sequence[dict[str, str]]

_MOST_TOKENS = 400  # of an answer
_MOST_CHARACTERS = 8_000  # of one, whatever a provider sends
_MOST_LINE = 100_000  # bytes of one event
_ATTEMPTS = 2  # at each provider
_CONNECT_SECONDS = 5.0
_PASSING = (408, 409, 425, 429, 500, 502, 503, 504)
_CHARACTERS_A_TOKEN = 4  # for an estimate, where a provider counts none
_MILLION = 1_000_000


class InvalidProviders(ValueError):
    """ANSWER_PROVIDERS can't be read; the message tells no key."""


class NoModel(Exception):
    """No provider has answered. What was spent on the way is in `spent`."""

    def __init__(self, spent: Spent) -> None:
        super().__init__("no provider has answered")
        self.spent = spent


class _Failed(Exception):
    """An attempt came to nothing; `passing`: another one at the same provider may not."""

    def __init__(self, why: str, *, passing: bool) -> None:
        super().__init__(why)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a model is asked; prices in US dollars for a million tokens."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    input_usd: Decimal = Decimal(0)
    output_usd: Decimal = Decimal(0)


@dataclass(slots=True)
class Spent:
    """What has been spent on one answer, at whichever providers."""

    model: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal = Decimal(0)

    def add(self, provider: Provider, input_tokens: int, output_tokens: int) -> None:
        self.model = provider.model
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens
        self.usd += (
            input_tokens * provider.input_usd + output_tokens * provider.output_usd
        ) / _MILLION


def read(setting: str) -> tuple[Provider, ...]:
    """The providers of ANSWER_PROVIDERS; raises InvalidProviders."""
    if not setting.strip():
        return ()
    try:
        listed = json.loads(setting)
    except ValueError:
        raise InvalidProviders("it is not JSON.") from None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise InvalidProviders("it is not a JSON list of objects.")
    return tuple(_provider(at, one) for at, one in enumerate(listed, 1))


def _provider(at: int, given: dict[str, Any]) -> Provider:
    if unknown := given.keys() - {"url", "key", "model", "input_usd", "output_usd"}:
        raise InvalidProviders(f"provider {at} has the unknown field {sorted(unknown)[0]}.")
    texts = {name: given.get(name, "") for name in ("url", "key", "model")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise InvalidProviders(f"url, key and model of provider {at} are texts.")
    if not texts["url"].startswith(("http://", "https://")) or not texts["model"]:
        raise InvalidProviders(f"provider {at} needs an http(s) url and a model.")
    prices = [given.get(name, 0) for name in ("input_usd", "output_usd")]
    if not all(isinstance(price, (int, float)) and 0 <= price < _MILLION for price in prices):
        raise InvalidProviders(f"input_usd and output_usd of provider {at} are 0 or more.")
    costs = [Decimal(str(price)) for price in prices]
    return Provider(texts["url"].rstrip("/"), texts["model"], texts["key"], *costs)


class Providers:
    """All providers, in the order in which they are asked."""

    def __init__(self, providers: Sequence[Provider], timeout_seconds: float) -> None:
        self._providers = providers
        self._timeout_seconds = timeout_seconds
        self._client: httpx.AsyncClient | None = None
        # It tells of every request with its address, in which some providers want their key.
        logging.getLogger("httpx").setLevel(logging.WARNING)

    def __bool__(self) -> bool:
        return bool(self._providers)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def tell(self, messages: Messages, spent: Spent) -> AsyncGenerator[str, None]:
        """The answer in pieces as they come, adding to `spent`; raises NoModel."""
        for provider in self._providers:
            for attempt in range(1, _ATTEMPTS + 1):
                begun = False
                try:
                    async with contextlib.aclosing(
                        self._attempt(provider, messages, spent)
                    ) as told:
                        async for piece in told:
                            begun = True
                            yield piece
                    return
                except _Failed as error:
                    fields = {"model": provider.model, "attempt": attempt, "why": str(error)}
                    log.warning("a model has not answered", extra={"fields": fields})
                    if begun:
                        raise NoModel(spent) from None
                    if not error.passing:
                        break
        raise NoModel(spent)

    async def _attempt(
        self, provider: Provider, messages: Messages, spent: Spent
    ) -> AsyncGenerator[str, None]:
        body = {
            "model": provider.model,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        headers = {"authorization": f"Bearer {provider.key}"} if provider.key else {}
        url = f"{provider.url}/chat/completions"
        counts = _Counts(messages)
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                self._http().stream("POST", url, json=body, headers=headers) as response,
            ):
                if response.status_code != 200:
                    status = response.status_code
                    raise _Failed(f"status {status}", passing=status in _PASSING)
                async for piece in _pieces(response, counts):
                    yield piece
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise _Failed(type(error).__name__, passing=True) from None
        finally:
            if counts.anything:
                spent.add(provider, counts.input_tokens, counts.output_tokens)
        if not counts.complete:
            raise _Failed("the answer has no end", passing=True)

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            timeout = httpx.Timeout(self._timeout_seconds, connect=_CONNECT_SECONDS)
            self._client = httpx.AsyncClient(timeout=timeout, limits=LIMITS)
        return self._client


class _Counts:
    """What a provider says, or else what is estimated, of the tokens of one attempt."""

    def __init__(self, messages: Messages) -> None:
        self._asked = sum(len(message["content"]) for message in messages)
        self._told = 0
        self._usage: dict[str, Any] = {}
        self.complete = False

    @property
    def anything(self) -> bool:
        return bool(self._told or self._usage)

    @property
    def input_tokens(self) -> int:
        return _counted(self._usage, "prompt_tokens", self._asked)

    @property
    def output_tokens(self) -> int:
        return _counted(self._usage, "completion_tokens", self._told)

    def take(self, event: Any) -> str:
        """The text of one event of a stream, or of a whole answer; raises _Failed."""
        if not isinstance(event, dict) or "error" in event:
            raise _Failed("an event that is none", passing=True)
        if isinstance(usage := event.get("usage"), dict):
            self._usage = usage
        choices = event.get("choices")
        if not choices:
            return ""
        try:
            choice = choices[0]
            said = choice.get("delta") or choice.get("message") or {}
            text = said.get("content") or ""
            self.complete = self.complete or choice.get("finish_reason") is not None
        except (AttributeError, IndexError, KeyError, TypeError):
            raise _Failed("an event that is none", passing=True) from None
        if not isinstance(text, str):
            raise _Failed("an event that is none", passing=True)
        self._told += len(text)
        if self._told > _MOST_CHARACTERS:
            raise _Failed("the answer is too long", passing=False)
        return text.replace("\0", "").encode(errors="ignore").decode()  # no half of a pair


def _counted(usage: dict[str, Any], name: str, characters: int) -> int:
    counted = usage.get(name)
    if isinstance(counted, int) and 0 <= counted < _MILLION:
        return counted
    return -(-characters // _CHARACTERS_A_TOKEN)


async def _pieces(response: httpx.Response, counts: _Counts) -> AsyncIterator[str]:
    """The texts of a stream of events, or of one JSON answer of a provider that doesn't stream."""
    if "text/event-stream" not in response.headers.get("content-type", ""):
        body = b"".join([part async for part in _bounded(response)])
        yield counts.take(_json(body))
        return
    rest = b""
    async for part in response.aiter_bytes():
        *lines, rest = (rest + part).split(b"\n")
        if len(rest) > _MOST_LINE:
            raise _Failed("an event without end", passing=False)
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            data = line.removeprefix(b"data:").strip()
            if data == b"[DONE]":
                counts.complete = True
                return
            if text := counts.take(_json(data)):
                yield text


async def _bounded(response: httpx.Response) -> AsyncIterator[bytes]:
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > _MOST_LINE:
            raise _Failed("an answer without end", passing=False)
        yield part


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise _Failed("no JSON", passing=True) from None
