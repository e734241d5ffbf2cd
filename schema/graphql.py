"""The GraphQL schema as it is served: limits, caches, and errors with our codes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from app.call import Context
from app.errors import DomainError, Internal, ValidationFailed, docs_url
from schema.execution import Executor
from schema.limits import Limits
from schema.operation import name_operations
from schema.root import Mutation, Query, Subscription
from schema.scalars import SCALARS

log = logging.getLogger("vitae.graphql")


class ErrorCodes(SchemaExtension):
    """Gives every error the code, fields and details that REST gives it, and hides our faults."""

    def on_operation(self) -> Iterator[None]:
        yield
        self._describe(self.execution_context.result)

    def on_stream_result(self, result: Any) -> Iterator[None]:
        self._describe(result)
        yield

    def _describe(self, result: Any) -> None:
        if errors := getattr(result, "errors", None):
            context = self.execution_context.context
            result.errors = [describe(error, context) for error in errors]


def describe(error: GraphQLError, context: Context | None) -> GraphQLError:
    """`error` as clients see it."""
    if error.extensions and "code" in error.extensions:
        return error
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    refused = error.path is None and isinstance(cause, ValueError)  # by a scalar
    if cause is None or refused or isinstance(cause, GraphQLError):
        # Syntax, validation, or a value that a scalar refused: the fault is in the document.
        invalid = ValidationFailed.code
        extensions = {"code": invalid, "retryable": False, "docs_url": docs_url(invalid)}
        return _copy(error, error.message, extensions)
    told = cause if isinstance(cause, DomainError) else Internal()
    if isinstance(told, Internal):
        request_id = context.request_id if context else None
        fields = {"request_id": request_id, "path": error.path}
        log.error("unhandled error", exc_info=cause, extra={"fields": fields})
    extensions = {
        "code": told.code,
        "retryable": told.retryable,
        "docs_url": docs_url(told.code),
        "details": told.details,
        "fields": [
            {"path": field.path, "code": field.code, "message": field.message}
            for field in told.fields
        ],
    }
    return _copy(error, told.message, extensions)


def _copy(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )


class Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing: `describe` logs what is our fault, and only that."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(disable_field_suggestions=True),
    scalar_overrides=SCALARS,
    extensions=[ErrorCodes, Limits],
    execution_context_class=Executor,
)
name_operations(Query, Mutation)

if __name__ == "__main__":
    print(schema.as_str())
