"""The whole API on one page: every operation, its credentials, its REST route, its tool."""

from __future__ import annotations

import strawberry

import resolvers.api_keys
import resolvers.introspection
import resolvers.passwords
import resolvers.resume_jobs
import resolvers.sessions
import resolvers.tokens
from schema.operation import HttpMethod, Requires, Rest, Tool, mutation, query, subscription
from schema.types.access import CredentialKind, Scope

GET, POST, DELETE = HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE
SESSION, API_KEY, TOKEN = (
    CredentialKind.SESSION,
    CredentialKind.API_KEY,
    CredentialKind.PERSONAL_TOKEN,
)

PUBLIC = Requires(credentials=[])
ANYONE = Requires(credentials=[SESSION, API_KEY, TOKEN], optional=True)
OWNER = Requires(credentials=[SESSION, API_KEY])
IN_PERSON = Requires(credentials=[SESSION])  # what mints credentials, no key or token may do


def gateway(scope: Scope) -> Requires:
    return Requires(credentials=[SESSION, TOKEN], scope=scope)


RESUME = gateway(Scope.RESUME_GENERATE)
CV_DATA_BODY = 4_000_000  # room for a picture


@strawberry.type
class Query:
    auth_me = query(
        resolvers.introspection.auth_me,
        ANYONE,
        Rest(method=GET, path="/v1/auth/me", envelope=True),
    )
    auth_check_chat = query(
        resolvers.introspection.check_scope,
        gateway(Scope.CHAT_RUN),
        Rest(method=GET, path="/v1/auth/check/chat", envelope=True),
    )
    auth_check_resume = query(
        resolvers.introspection.check_scope,
        gateway(Scope.RESUME_GENERATE),
        Rest(method=GET, path="/v1/auth/check/resume", envelope=True),
    )
    auth_check_tools = query(
        resolvers.introspection.check_scope,
        gateway(Scope.TOOLS_INVOKE),
        Rest(method=GET, path="/v1/auth/check/tools", envelope=True),
    )
    auth_check_mcp = query(
        resolvers.introspection.check_scope,
        gateway(Scope.MCP_CONNECT),
        Rest(method=GET, path="/v1/auth/check/mcp", envelope=True),
    )
    scopes = query(
        resolvers.introspection.list_scopes, PUBLIC, Rest(method=GET, path="/v1/auth/scopes")
    )
    api_keys = query(
        resolvers.api_keys.list_api_keys, OWNER, Rest(method=GET, path="/v1/auth/api-keys")
    )
    tokens = query(resolvers.tokens.list_tokens, OWNER, Rest(method=GET, path="/v1/auth/tokens"))

    resume_jobs = query(
        resolvers.resume_jobs.list_resume_jobs,
        RESUME,
        Rest(method=GET, path="/v1/resume/jobs", envelope=True),
        Tool(name="resume.list_jobs"),
    )
    resume_job = query(
        resolvers.resume_jobs.get_resume_job,
        RESUME,
        Rest(method=GET, path="/v1/resume/jobs/{job_id}", envelope=True),
        Tool(name="resume.get_job"),
    )
    resume_job_pdf = query(
        resolvers.resume_jobs.get_resume_job_pdf,
        RESUME,
        Rest(method=GET, path="/v1/resume/jobs/{job_id}/pdf", produces="application/pdf"),
    )


@strawberry.type
class Mutation:
    register = mutation(
        resolvers.sessions.register, PUBLIC, Rest(method=POST, path="/v1/auth/register", status=201)
    )
    login = mutation(resolvers.sessions.login, PUBLIC, Rest(method=POST, path="/v1/auth/login"))
    refresh = mutation(
        resolvers.sessions.refresh, PUBLIC, Rest(method=POST, path="/v1/auth/refresh")
    )
    logout = mutation(
        resolvers.sessions.logout, IN_PERSON, Rest(method=POST, path="/v1/auth/logout", status=204)
    )

    request_password_reset = mutation(
        resolvers.passwords.request_password_reset,
        PUBLIC,
        Rest(method=POST, path="/v1/auth/password/forgot", status=202),
    )
    reset_password = mutation(
        resolvers.passwords.reset_password,
        PUBLIC,
        Rest(method=POST, path="/v1/auth/password/reset", status=204),
    )
    request_email_verification = mutation(
        resolvers.passwords.request_email_verification,
        IN_PERSON,
        Rest(method=POST, path="/v1/auth/email/verification", status=202),
    )
    verify_email = mutation(
        resolvers.passwords.verify_email,
        PUBLIC,
        Rest(method=POST, path="/v1/auth/email/verify", status=204),
    )

    create_api_key = mutation(
        resolvers.api_keys.create_api_key,
        IN_PERSON,
        Rest(method=POST, path="/v1/auth/api-keys", status=201),
    )
    revoke_api_key = mutation(
        resolvers.api_keys.revoke_api_key,
        OWNER,
        Rest(method=DELETE, path="/v1/auth/api-keys/{key_id}", status=204),
    )
    create_token = mutation(
        resolvers.tokens.create_token,
        IN_PERSON,
        Rest(method=POST, path="/v1/auth/tokens", status=201),
    )
    revoke_token = mutation(
        resolvers.tokens.revoke_token,
        OWNER,
        Rest(method=DELETE, path="/v1/auth/tokens/{token_id}", status=204),
    )
    rotate_token = mutation(
        resolvers.tokens.rotate_token,
        IN_PERSON,
        Rest(method=POST, path="/v1/auth/tokens/{token_id}/rotate", status=201),
    )

    create_resume_job = mutation(
        resolvers.resume_jobs.create_resume_job,
        RESUME,
        Rest(
            method=POST,
            path="/v1/resume/jobs",
            status=202,
            envelope=True,
            location="/v1/resume/jobs/{job_id}",
            max_body=CV_DATA_BODY,
        ),
        Tool(name="resume.create_job"),
    )
    cancel_resume_job = mutation(
        resolvers.resume_jobs.cancel_resume_job,
        RESUME,
        Rest(method=POST, path="/v1/resume/jobs/{job_id}/cancel", envelope=True),
        Tool(name="resume.cancel_job"),
    )
    delete_resume_job = mutation(
        resolvers.resume_jobs.delete_resume_job,
        RESUME,
        Rest(method=DELETE, path="/v1/resume/jobs/{job_id}", status=204),
    )


@strawberry.type
class Subscription:
    resume_job = subscription(resolvers.resume_jobs.watch_resume_job, RESUME)
