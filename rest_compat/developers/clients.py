"""How clients of MCP are told of this server: what to type, and where."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

from app.web.languages import N_
from rest_compat.developers.literals import pretty


@dataclass(frozen=True, slots=True)
class ClientSetUp:
    """`steps` are messages of the catalogue. `code`, if any, goes into `place`."""

    name: str
    steps: list[str]
    place: str
    code: str


def client_set_ups(server: str) -> list[ClientSetUp]:
    """The clients that most people have, with the addresses of this server written in."""
    url = f"{server}/v1/mcp"
    bearer = {"Authorization": "Bearer ${env:VITAE_TOKEN}"}
    return [
        ClientSetUp(
            "Claude",
            [
                N_("Open Settings, Connectors, and choose “Add custom connector”."),
                N_("Paste the server address and confirm; sign in and allow what you agree to."),
            ],
            "",
            url,
        ),
        ClientSetUp(
            "Claude Code",
            [N_("Run one line; the second form takes a personal token instead of a sign-in.")],
            "",
            f"claude mcp add --transport http vitae {url}\n"
            f"claude mcp add --transport http vitae {url} \\\n"
            '  --header "Authorization: Bearer $VITAE_TOKEN"',
        ),
        ClientSetUp(
            "ChatGPT",
            [
                N_("Switch on developer mode under Settings, Apps & Connectors, Advanced."),
                N_("Choose “Create”, paste the server address and choose OAuth."),
                N_("ChatGPT must reach the server over https from the internet."),
            ],
            "",
            f"{url}?tool_names=underscore",
        ),
        ClientSetUp(
            "Cursor",
            [N_("Put this into the file; without `headers`, Cursor lets you sign in.")],
            "~/.cursor/mcp.json",
            _json({"mcpServers": {"vitae": {"url": url, "headers": bearer}}}),
        ),
        ClientSetUp(
            "VS Code",
            [N_("Put this into the file, or run the line; VS Code lets you sign in.")],
            ".vscode/mcp.json",
            _json({"servers": {"vitae": {"type": "http", "url": url}}}),
        ),
        ClientSetUp(
            "VS Code (code)",
            [N_("The same as a line for the terminal.")],
            "",
            "code --add-mcp " + shlex.quote(_line({"name": "vitae", "type": "http", "url": url})),
        ),
        ClientSetUp(
            "stdio",
            [
                N_("For clients that start a program: `vitae mcp` passes all on to the server."),
                N_("It needs the `vitae` command on the same machine."),
            ],
            "mcp.json",
            _json(
                {
                    "mcpServers": {
                        "vitae": {
                            "command": "vitae",
                            "args": ["mcp"],
                            "env": {"VITAE_URL": server, "VITAE_TOKEN": "vt_…"},
                        }
                    }
                }
            ),
        ),
    ]


def _json(value: dict[str, Any]) -> str:
    return pretty(value)


def _line(value: dict[str, Any]) -> str:
    return "{" + ",".join(f'"{key}":"{one}"' for key, one in value.items()) + "}"
