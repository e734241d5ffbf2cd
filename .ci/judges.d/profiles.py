"""Public pages to judge, one in each theme of the catalogue: `profiles.py URL DATA`.

Each is of an account of its own, filled by the API as an owner would, whose plan an operator has
given it. Every second has a portrait. Prints their addresses, one a line.
"""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SOMEONE = json.loads((ROOT / "tests/public/someone.json").read_text())
PASSWORD = "judged by others, again and again"  # noqa: S105


class Owner:
    """An account with a session."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.session = ""
        account = {"username": name, "password": PASSWORD}
        more = {"email": f"{name}@example.com", "full_name": "A Judge"}
        self.ask("POST", "/v1/auth/register", {**account, **more})
        self.session = self.ask("POST", "/v1/auth/login", account)["access_token"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        if self.session:
            headers["authorization"] = f"Bearer {self.session}"
        request = urllib.request.Request(self.url + path, data, headers, method=method)  # noqa: S310
        return json.load(urllib.request.urlopen(request))  # noqa: S310

    def fill(self, *, portrait: bool) -> None:
        for section, rows in SOMEONE.items():
            if section != "profile":
                self.ask("PUT", f"/v1/me/{section}", {"items": rows})
        shown = {"visibility": "public", "phone_public": True}
        self.ask("PATCH", "/v1/me/profile", {**SOMEONE["profile"], **shown})
        if portrait:
            self.ask("PUT", "/v1/me/avatar", {"file": _picture()})


def _picture() -> str:
    out = io.BytesIO()
    Image.new("RGB", (400, 400), "slateblue").save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def main(url: str, data: str) -> None:
    first = Owner(url, "judged-page")
    for number, theme in enumerate(first.ask("GET", "/v1/me/theme")["catalog"]):
        owner = Owner(url, f"judged-{theme['id']}")
        owner.fill(portrait=number % 2 == 0)
        if theme["premium"]:
            command = [str(ROOT / "vitae"), "admin", "set-plan", owner.name, "pro"]
            command += ["--reason", "to be judged", "--data", data]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        chosen = owner.ask("PATCH", "/v1/me/theme", {"theme_id": theme["id"]})
        assert chosen["effective_theme_id"] == theme["id"]
        print(f"{url}/u/{owner.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
