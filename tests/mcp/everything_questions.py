"""Tools that ask the client something while they run, as protocol versions to 2025-11-25 do."""

from __future__ import annotations

from typing import Any

import mcp_types as types

from tests.mcp.everything_tools import Answer, Asked, say, text, texts, tool


async def elicit(asked: Asked, message: str, properties: Any, *required: str) -> types.ElicitResult:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return await asked.context.session.elicit_form(message, schema, asked.context.request_id)


def completed(result: types.ElicitResult) -> Answer:
    return say(f"Elicitation completed: action={result.action}, content={result.content}")


@tool("test_sampling", "Asks the client's model.", texts(prompt="What to ask it."))
async def sampling(asked: Asked) -> Answer:
    question = types.SamplingMessage(role="user", content=text(asked.argument("prompt")))
    answer = await asked.context.session.create_message(
        [question], max_tokens=100, related_request_id=asked.context.request_id
    )
    content = answer.content
    return say(f"LLM response: {content.text if isinstance(content, types.TextContent) else ''}")


@tool("test_elicitation", "Asks the person.", texts(message="What to ask."))
async def elicitation(asked: Asked) -> Answer:
    properties = {
        "username": {"type": "string", "description": "User's response"},
        "email": {"type": "string", "description": "User's email address"},
    }
    result = await elicit(asked, asked.argument("message"), properties, "username", "email")
    return say(f"User response: action={result.action}, content={result.content}")


@tool("test_elicitation_sep1034_defaults", "Asks the person, suggesting answers.")
async def elicitation_defaults(asked: Asked) -> Answer:
    states = ["active", "inactive", "pending"]
    properties = {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": states, "default": "active"},
        "verified": {"type": "boolean", "default": True},
    }
    return completed(await elicit(asked, "Please review these.", properties))


@tool("test_elicitation_sep1330_enums", "Asks the person to choose, in every way there is.")
async def elicitation_enums(asked: Asked) -> Answer:
    plain = ["option1", "option2", "option3"]

    def titled(noun: str) -> list[dict[str, str]]:
        numbers = ("First", "Second", "Third")
        return [{"const": f"value{n}", "title": f"{t} {noun}"} for n, t in enumerate(numbers, 1)]

    properties = {
        "untitledSingle": {"type": "string", "enum": plain},
        "titledSingle": {"type": "string", "oneOf": titled("Option")},
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": plain}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled("Choice")}},
    }
    return completed(await elicit(asked, "Please choose.", properties))
