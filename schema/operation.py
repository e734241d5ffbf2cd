"""An operation: one thing the API can do, declared once in `schema/root.py`.

`query()` and `mutation()` make a Strawberry field of a plain function
`(Call, arguments) -> schema type`. Its `Requires`, `Rest` and `Tool` are schema directives: they
print in the SDL, and whoever generates a surface reads them back from the field. Every surface
runs the same `Operation`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, TypeVar, cast, get_type_hints
from uuid import UUID

import strawberry
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode
from strawberry.schema_directive import Location
from strawberry.types import get_object_definition
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_snake_case

from app.auth.own import admit, is_single_statement
from app.call import Admission, Call, Context
from app.db import Connection
from app.errors import DomainError, PayloadTooLarge
from app.metering.counts import Endpoint
from app.unconnected import NO_CONNECTION, is_unconnected
from schema.declared import ArgumentLimits
from schema.storable import refuse_unstorable
from schema.types.access import CredentialKind, Scope
from schema.types.selection import Selection
from schema.types.upload import Upload


@strawberry.enum
class HttpMethod(Enum):
    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Which kinds of credential are accepted (none: public), and the scope needed.",
)
class Requires:
    """`optional`: a call without credentials is let in; one with bad ones is not. `service`: for
    another service of this installation, which shows its key in X-Service-Key."""

    credentials: list[CredentialKind]
    scope: Scope | None = None
    optional: bool = False
    service: bool = False


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="The REST route of this operation.",
)
class Rest:
    """`envelope`: a gateway route, answering {ok, request_id, …}. `location`: where what was
    made is found, with `{fields}` of the answer. `max_body`: bytes, of each file where it takes
    files. `produces`: the media type, or several parted by `, `. `events`: with `stream: true` in
    its body it is answered piece by piece, as server-sent events. `streams`: a file that is written
    while it is sent, so that nothing can tag it. `fails`: the statuses it may refuse with for
    reasons of its own, beside those that follow from what is declared. `destroys`: it changes or
    removes something for good, as every DELETE does."""

    method: HttpMethod
    path: str
    status: int = 200
    envelope: bool = False
    location: str | None = None
    max_body: int = 1_000_000
    produces: str = "application/json"
    events: bool = False
    streams: bool = False
    fails: list[int] = strawberry.field(default_factory=list)
    destroys: bool = False


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="The MCP tool of this operation.",
)
class Tool:
    """`scope`: what a token needs beside `mcp:connect`. `guide`: what a model should know beyond
    the operation's description. `destructive`: it may remove or replace what is there.
    `idempotent`: a repeat changes nothing more. `waits`: it takes `wait`, follows the job of its
    answer for so many seconds and reports progress."""

    name: str
    title: str
    scope: Scope | None = None
    guide: str = ""
    destructive: bool = False
    idempotent: bool = False
    waits: bool = False


class Once(Protocol):
    """Makes a repeat of a mutation answer as the first time (Idempotency-Key)."""

    async def earlier(self, call: Call) -> Any | None:
        """The answer kept under the key, or None; raises IdempotencyConflict or Conflict."""

    def in_flight(self, call: Call) -> contextlib.AbstractAsyncContextManager[None]:
        """Hold the key for what keeps its answer in a later transaction; raises Conflict."""

    async def keep(self, call: Call, result: Any) -> None:
        """Keep the answer in the transaction of the operation, unless one is kept already."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A resolver with what every surface must know to run it."""

    name: str
    function: Callable[..., Awaitable[Any]]
    requires: Requires
    rest: Rest | None
    tool: Tool | None
    writes: bool
    admission: Admission = field(init=False)
    endpoint: Endpoint = field(init=False)
    limits: ArgumentLimits = field(init=False)
    is_single: bool = field(init=False)
    is_unconnected: bool = field(init=False)

    def __post_init__(self) -> None:
        requires = self.requires
        scopes = () if requires.scope is None else (requires.scope,)
        admission = Admission(
            frozenset(requires.credentials), scopes, requires.optional, requires.service
        )
        object.__setattr__(self, "admission", admission)
        object.__setattr__(self, "limits", ArgumentLimits(self.function))
        object.__setattr__(self, "is_single", is_single_statement(self.function))
        object.__setattr__(self, "is_unconnected", is_unconnected(self.function))
        self.known_as(self.name)

    def known_as(self, name: str) -> None:
        """Have usage name this operation as the API does."""
        method, path = (self.rest.method.value, self.rest.path) if self.rest else ("", "")
        object.__setattr__(self, "endpoint", Endpoint(name, method, path))

    def as_tool(self) -> Operation:
        """This operation as its tool runs it: for sessions and personal tokens of its scopes."""
        assert self.tool is not None
        scopes = (Scope.MCP_CONNECT,) + (() if self.tool.scope is None else (self.tool.scope,))
        kinds = frozenset({CredentialKind.SESSION, CredentialKind.PERSONAL_TOKEN})
        tool = dataclasses.replace(self)
        object.__setattr__(tool, "admission", Admission(kinds, scopes))
        object.__setattr__(tool, "endpoint", self.endpoint)
        return tool

    async def run(
        self,
        context: Context,
        decode: Callable[[], dict[str, Any]],
        *,
        once: Once | None = None,
    ) -> Any:
        """Authorise, resolve and commit; raises DomainError, and then nothing was written.

        It is counted against the rate and quota of the caller first. `decode` gives the arguments.
        It is called once the caller is admitted, so that a stranger learns nothing from what is
        wrong with a request.
        """
        meter = context.services.meter
        metered = await meter.admit(context, self.admission, self.endpoint)
        if metered is None:
            return await self.run_uncounted(context, decode, once=once)
        try:
            result = await self.run_uncounted(context, decode, once=once)
        except Exception as error:
            meter.done(metered, context, self.endpoint, error)
            raise
        meter.done(metered, context, self.endpoint)
        return result

    async def run_uncounted(
        self,
        context: Context,
        decode: Callable[[], dict[str, Any]],
        *,
        once: Once | None = None,
    ) -> Any:
        """`run`, as a part of something that is counted already."""
        if self.is_unconnected:
            return await self._run_unconnected(context, decode, once)
        single = once is None and self.is_single
        async with self._connection(context, single) as db:
            call = Call(context, db, self.admission)
            if single:
                result = await self._resolve_and_admit(call, decode)
            else:
                await admit(call)
                if once is not None and (earlier := await once.earlier(call)) is not None:
                    return earlier
                result = await self._resolve(call, decode)
            if once is not None:
                await once.keep(call, result)
        context.replayed = context.replayed or call.replayed
        await call.committed()
        return result

    async def _run_unconnected(
        self, context: Context, decode: Callable[[], dict[str, Any]], once: Once | None
    ) -> Any:
        """`run` with a short transaction before the resolver and one after it."""
        database = context.services.database
        async with contextlib.AsyncExitStack() as held:
            earlier = None
            async with database.transaction() as db:
                call = Call(context, db, self.admission)
                await admit(call)
                if once is not None:
                    await held.enter_async_context(once.in_flight(call))
                    earlier = await once.earlier(call)
            await call.committed()
            if earlier is not None:
                context.replayed = context.replayed or call.replayed
                return earlier
            call = Call(context, NO_CONNECTION, self.admission)
            result = await self._resolve(call, decode)
            context.replayed = context.replayed or call.replayed
            await call.committed()
            if once is not None:
                async with database.transaction() as db:
                    await once.keep(Call(context, db, self.admission), result)
            return result

    async def owner(self, context: Context) -> UUID:
        """Whose account calls; raises Unauthenticated, InsufficientScope, DependencyUnavailable.

        Asked before a large body is read. `run` asks again: who was let in may be locked out since.
        """
        async with context.services.database.connection() as db:
            call = Call(context.anew(), db, self.admission)
            await admit(call)
        return call.principal.account_id

    def _connection(
        self, context: Context, single: bool
    ) -> contextlib.AbstractAsyncContextManager[Connection]:
        database = context.services.database
        needs_transaction = self.writes and not single
        return database.transaction() if needs_transaction else database.connection()

    async def _resolve(self, call: Call, decode: Callable[[], dict[str, Any]]) -> Any:
        arguments = decode()
        if arguments:
            self._refuse_large(arguments)
            self.limits.check(arguments)
            refuse_unstorable(arguments)
        return await self.function(call, **arguments)

    def _refuse_large(self, arguments: dict[str, Any]) -> None:
        """Raise PayloadTooLarge for a file of more than `Rest.max_body`, however it came."""
        for value in arguments.values():
            if isinstance(value, Upload) and self.rest and len(value.data) > self.rest.max_body:
                raise PayloadTooLarge("The file is too large.", limit_bytes=self.rest.max_body)

    async def _resolve_and_admit(self, call: Call, decode: Callable[[], dict[str, Any]]) -> Any:
        """Of a single statement, which admits the caller itself if it is reached."""
        try:
            result = await self._resolve(call, decode)
        except DomainError:
            await admit(call)  # of what was wrong with the request a stranger learns nothing
            raise
        await admit(call)
        return result


F = TypeVar("F", bound=Callable[..., Awaitable[Any]])


def query(function: F, requires: Requires, *directives: Rest | Tool) -> Any:
    """A field of Query that runs `function` on a connection in autocommit."""
    return _field(function, requires, directives, writes=False)


def mutation(function: F, requires: Requires, *directives: Rest | Tool) -> Any:
    """A field of Mutation that runs `function` in one transaction."""
    return _field(function, requires, directives, writes=True)


def subscription(function: Callable[..., AsyncGenerator[Any, None]], requires: Requires) -> Any:
    """A field of Subscription: `function` is an async generator `(Context, arguments)`.

    It takes connections of its own for as long as it needs one, since it may live for hours. An
    account has only so many at once.
    """

    async def nothing(call: Call) -> None:
        """Authorise only."""

    admission = Operation(function.__name__, nothing, requires, None, None, writes=False)

    @functools.wraps(function)
    async def resolve(info: strawberry.Info[Context, None], **arguments: Any) -> AsyncIterator[Any]:
        context = info.context.anew()
        await admission.run(context, dict)
        assert context.principal is not None
        # Closed at once when the client leaves, not by the garbage collector some time.
        with context.services.event_streams.one_more(context.principal.account_id):
            async with contextlib.aclosing(function(context, **arguments)) as events:
                async for event in events:
                    # What was good at the beginning may have been revoked since.
                    await admission.run_uncounted(context.anew(), dict)
                    yield event

    resolve.__events__ = function  # type: ignore[attr-defined]
    _sign(resolve, function)
    return strawberry.subscription(
        resolver=resolve, description=inspect.getdoc(function), directives=[requires]
    )


def anybody() -> Operation:
    """An operation that does nothing, and lets in whoever has credentials of any kind."""

    async def nothing(call: Call) -> None:
        """Authorise only."""

    requires = Requires(credentials=list(CredentialKind))
    return Operation("anybody", nothing, requires, None, None, writes=False)


def operation_of(field: StrawberryField) -> Operation:
    """The operation that `query()` or `mutation()` made `field` of."""
    if field.base_resolver is None:
        raise TypeError(f"{field.name} is not an operation")
    return cast("Operation", field.base_resolver.wrapped_func.__operation__)  # type: ignore[union-attr]


def events_of(field: StrawberryField) -> Callable[..., AsyncGenerator[Any, None]]:
    """The generator `(Context, arguments)` that `subscription()` made `field` of."""
    if field.base_resolver is None:
        raise TypeError(f"{field.name} is not a subscription")
    function: Callable[..., AsyncGenerator[Any, None]] = field.base_resolver.wrapped_func.__events__  # type: ignore[union-attr]
    return function


def name_operations(*roots: type) -> None:
    """Have usage name each operation as its field is named, which is known once `roots` are made.

    Several fields may have one resolver.
    """
    for root in roots:
        for declared in get_object_definition(root, strict=True).fields:
            operation_of(declared).known_as(declared.python_name)


def _field(
    function: F, requires: Requires, directives: tuple[Rest | Tool, ...], *, writes: bool
) -> StrawberryField:
    operation = Operation(
        name=function.__name__,
        function=function,
        requires=requires,
        rest=next((d for d in directives if isinstance(d, Rest)), None),
        tool=next((d for d in directives if isinstance(d, Tool)), None),
        writes=writes,
    )

    narrows = "selected" in inspect.signature(function).parameters

    @functools.wraps(function)
    async def resolve(info: strawberry.Info[Context, None], **arguments: Any) -> Any:
        if narrows:
            arguments["selected"] = _selection(info)
        return await operation.run(info.context.for_operation(), lambda: arguments)

    resolve.__operation__ = operation  # type: ignore[attr-defined]
    # Null where it fails, so that in one document it takes no other operation's answer with it.
    _sign(resolve, function, nullable=True)
    declared: StrawberryField = strawberry.field(
        resolver=resolve,
        description=inspect.getdoc(function),
        directives=[requires, *directives],
    )
    return declared


def _sign(
    resolve: Callable[..., Any], function: Callable[..., Any], *, nullable: bool = False
) -> None:
    """Give `resolve` the signature of `function`, with `info` for its `call`."""
    hints = get_type_hints(function, include_extras=True)
    if nullable and hints["return"] is not type(None):
        hints["return"] = hints["return"] | None
    parameters = [
        parameter
        for parameter in list(inspect.signature(function).parameters.values())[1:]
        if parameter.name != "selected"  # is for us to tell
    ]
    signature = [
        inspect.Parameter("info", inspect.Parameter.KEYWORD_ONLY, annotation=strawberry.Info),
        *(
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])
            for parameter in parameters
        ),
    ]
    del resolve.__wrapped__  # type: ignore[attr-defined]
    resolve.__signature__ = inspect.Signature(signature, return_annotation=hints["return"])  # type: ignore[attr-defined]
    hints.pop("selected", None)
    resolve.__annotations__ = {"info": strawberry.Info, **hints}


def _selection(info: strawberry.Info[Context, None]) -> Selection:
    """Names of the fields that a document selects of what this field answers."""
    names: set[str] = set()
    pending = [node.selection_set for node in info._raw_info.field_nodes]
    while pending:
        selections = pending.pop()
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                names.add(to_snake_case(node.name.value))
            elif isinstance(node, FragmentSpreadNode):
                pending.append(info._raw_info.fragments[node.name.value].selection_set)
            elif isinstance(node, InlineFragmentNode):
                pending.append(node.selection_set)
    return Selection(frozenset(names))
