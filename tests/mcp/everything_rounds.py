"""Tools and a prompt that need several rounds: 2026-07-28 answers what it needs to know first."""

from __future__ import annotations

from typing import Any

import mcp_types as types

from tests.mcp.everything_tools import Answer, Asked, Context, say, text, tool

_STATE = "confirmed by nobody yet"

Requests = dict[str, types.InputRequest]


def question(message: str, **properties: str) -> types.ElicitRequest:
    """A question to the person; its properties by their JSON types."""
    schema = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in properties.items()},
        "required": list(properties),
    }
    return types.ElicitRequest(
        params=types.ElicitRequestFormParams(message=message, requested_schema=schema)
    )


def to_model(prompt: str, tokens: int) -> types.CreateMessageRequest:
    message = types.SamplingMessage(role="user", content=text(prompt))
    return types.CreateMessageRequest(
        params=types.CreateMessageRequestParams(messages=[message], max_tokens=tokens)
    )


def needs(requests: Requests, state: str | None = None) -> types.InputRequiredResult:
    return types.InputRequiredResult(input_requests=requests, request_state=state)


def filled_in(responses: types.InputResponses | None, key: str) -> dict[str, Any] | None:
    """What the person filled in; None if this was not asked or not answered."""
    response = (responses or {}).get(key)
    if isinstance(response, types.ElicitResult) and response.action == "accept":
        return response.content or {}
    return None


@tool("test_input_required_result_elicitation", "Asks the person for a name, then greets.")
async def elicitation(asked: Asked) -> Answer:
    given = filled_in(asked.params.input_responses, "user_name")
    if given is None:
        return needs({"user_name": question("What is your name?", name="string")})
    return say(f"Hello, {given.get('name')}!")


@tool("test_streaming_elicitation", "Reports progress, then asks the person.")
async def streaming(asked: Asked) -> Answer:
    await asked.context.session.report_progress(1, 2)
    return await elicitation(asked)


@tool("test_input_required_result_sampling", "Asks the model for a capital.")
async def sampling(asked: Asked) -> Answer:
    response = (asked.params.input_responses or {}).get("capital_question")
    if not isinstance(response, types.CreateMessageResult):
        return needs({"capital_question": to_model("What is the capital of France?", 100)})
    content = response.content
    return say(content.text if isinstance(content, types.TextContent) else "Not a text.")


@tool("test_input_required_result_list_roots", "Asks for the client's roots.")
async def list_roots(asked: Asked) -> Answer:
    response = (asked.params.input_responses or {}).get("client_roots")
    if not isinstance(response, types.ListRootsResult):
        return needs({"client_roots": types.ListRootsRequest()})
    return say("Roots: " + ", ".join(str(root.uri) for root in response.roots))


@tool("test_input_required_result_request_state", "Asks to confirm, and knows what.")
async def request_state(asked: Asked) -> Answer:
    given = filled_in(asked.params.input_responses, "confirm")
    if given is None or asked.params.request_state != _STATE:
        return needs({"confirm": question("Please confirm", ok="boolean")}, _STATE)
    return say("state-ok")


# The state of any tool is sealed, and refused when it comes back changed, before the tool runs.
tool("test_input_required_result_tampered_state", "Asks to confirm, and knows what.")(request_state)


@tool("test_input_required_result_multiple_inputs", "Asks person, model and client at once.")
async def multiple_inputs(asked: Asked) -> Answer:
    requests: Requests = {
        "user_name": question("What is your name?", name="string"),
        "greeting": to_model("Generate a greeting", 50),
        "client_roots": types.ListRootsRequest(),
    }
    if requests.keys() - (asked.params.input_responses or {}).keys():
        return needs(requests, _STATE)
    return say("All three have answered.")


@tool("test_input_required_result_multi_round", "Asks the person twice, one after the other.")
async def multi_round(asked: Asked) -> Answer:
    given, state = asked.params.input_responses, asked.params.request_state or ""
    if state.startswith("name:") and (second := filled_in(given, "step2")) is not None:
        return say(f"{state.removeprefix('name:')} likes {second.get('color')}.")
    if (first := filled_in(given, "step1")) is not None:
        asking = question("Step 2: What is your favorite color?", color="string")
        return needs({"step2": asking}, f"name:{first.get('name')}")
    asking = question("Step 1: What is your name?", name="string")
    return needs({"step1": asking}, "asked")


@tool("test_input_required_result_capabilities", "Asks only what the client can answer.")
async def capabilities(asked: Asked) -> Answer:
    declared = asked.context.session.client_capabilities or types.ClientCapabilities()
    if asked.params.input_responses:
        return say("Answered.")
    requests: Requests = {}
    if declared.elicitation is not None:
        requests["user_name"] = question("What is your name?", name="string")
    if declared.sampling is not None:
        requests["greeting"] = to_model("Generate a greeting", 50)
    return needs(requests) if requests else say("The client can answer nothing.")


async def prompt(
    context: Context, params: types.GetPromptRequestParams
) -> types.GetPromptResult | types.InputRequiredResult:
    """`test_input_required_result_prompt`."""
    given = filled_in(params.input_responses, "user_context")
    if given is None:
        asking = question("What context should the prompt use?", context="string")
        return needs({"user_context": asking})
    told = text(f"Context: {given.get('context')}")
    return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=told)])
