"""Somebody with an account on a running server, and whatever an example needs to be known of it."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pyotp

from app.cv.schema import example
from rest_compat.examples import EXAMPLES
from tests.programs import eventually

PASSWORD = "correct horse battery staple"
SCOPES = ["chat:run", "resume:generate", "tools:invoke", "mcp:connect"]
_SECTIONS = {
    "SKILL": "skills",
    "EXPERIENCE": "experience",
    "EDUCATION": "education",
    "PROJECT": "projects",
    "CERTIFICATION": "certifications",
}
_FINAL = ("succeeded", "failed", "canceled")
_LONG_AGO_SECONDS = 300


class Owner:
    """A new account of the server at `url`."""

    def __init__(self, url: str) -> None:
        self.name = f"reader-{uuid4().hex[:12]}"
        self._http = httpx.Client(base_url=url, timeout=60)
        account = {"username": self.name, "email": f"{self.name}@example.com"}
        self._post("/v1/auth/register", {**account, "password": PASSWORD, "full_name": "Ann Lee"})
        self._begin()

    def close(self) -> None:
        self._http.close()

    def stay(self) -> None:
        """Sign in anew where that was long ago: it proves for ten minutes who it is."""
        if time.monotonic() - self._since > _LONG_AGO_SECONDS:
            self._begin()

    def _begin(self) -> None:
        self._since = time.monotonic()
        self.session = self._signed_in()["access_token"]
        self._http.headers["authorization"] = f"Bearer {self.session}"

    def _signed_in(self) -> dict[str, Any]:
        return self._post("/v1/auth/login", {"username": self.name, "password": PASSWORD})

    def _post(self, path: str, body: Any = None) -> dict[str, Any]:
        answer = self._http.post(path, json=body)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def _get(self, path: str) -> Any:
        return self._http.get(path).raise_for_status().json()

    def value(self, variable: str) -> str:
        """What an example's variable stands for: made anew where the example may use it up."""
        if variable.endswith("_ID") and (kind := variable.removesuffix("_ID")) in _SECTIONS:
            row = EXAMPLES[f"create_{kind.lower()}"]
            return str(self._post(f"/v1/me/{_SECTIONS[kind]}", row)["id"])
        make: Callable[[], str] = getattr(self, variable.lower())
        return make() if callable(make) else make

    @cached_property
    def api_key(self) -> str:
        return str(self._post("/v1/auth/api-keys", {"name": "key"})["key"])

    @cached_property
    def personal_token(self) -> str:
        return str(self._post("/v1/auth/tokens", {"name": "all", "scopes": SCOPES})["token"])

    def key_id(self) -> str:
        return str(self._post("/v1/auth/api-keys", {"name": "old"})["api_key"]["id"])

    def token_id(self) -> str:
        made = self._post("/v1/auth/tokens", {"name": "old", "scopes": SCOPES})
        return str(made["personal_token"]["id"])

    def session_id(self) -> str:
        self._signed_in()
        sessions = self._get("/v1/auth/sessions")["items"]
        return str(next(one["id"] for one in sessions if not one["current"]))

    def refresh_token(self) -> str:
        return str(self._signed_in()["refresh_token"])

    @cached_property
    def job_id(self) -> str:
        """A job that is done."""
        made = self.new_job_id()

        def final() -> bool:
            return self._get(f"/v1/resume/jobs/{made}")["job"]["status"] in _FINAL

        eventually(final)
        eventually(lambda: self._http.get(f"/v1/resume/jobs/{made}/certificate").is_success)
        return made

    def new_job_id(self) -> str:
        job = {**example(), "request_id": uuid4().hex}
        return str(self._post("/v1/resume/jobs", job)["job_id"])

    def parse_id(self) -> str:
        resume = {"basics": {"name": "Ann Lee"}, "skills": [{"name": uuid4().hex}]}
        return str(self._post("/v1/me/import/parse", resume)["parse_id"])

    def revision_id(self) -> str:
        self.value("SKILL_ID")
        return str(self._get("/v1/me/history?limit=1")["items"][0]["id"])

    def transcript_id(self) -> str:
        self._post(f"/v1/profiles/{self.name}/ask", {"question": "Is she open to work?"})
        return str(self._get("/v1/me/transcripts")["items"][0]["id"])

    def skill_ids(self) -> list[str]:
        return [row["id"] for row in self._get("/v1/me/skills?limit=100")["items"]]

    def mcp_session_id(self) -> str:
        params = {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "reader", "version": "1"},
        }
        call = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
        answer = self._http.post(
            "/v1/mcp", json=call, headers={"authorization": f"Bearer {self.personal_token}"}
        )
        return answer.headers["mcp-session-id"]

    @property
    def username(self) -> str:
        return self.name

    def portrait(self, folder: Path) -> None:
        """Have one, so that it can be read and removed."""
        path = folder / "portrait.png"
        with path.open("rb") as file:
            answer = self._http.put("/v1/me/avatar", files={"file": file})
        assert answer.is_success, answer.text

    # What only some examples need, each of an owner who tries nothing else.

    def leaving(self) -> None:
        """Have the account removed soon, and come back to look at that."""
        self._http.request("DELETE", "/v1/me").raise_for_status()
        self._begin()

    def code(self) -> str:
        """A code of an authenticator app that is being set up."""
        return pyotp.TOTP(self._post("/v1/auth/second-factor")["secret"]).now()

    def recovery_code(self) -> str:
        """Have a second factor, and a code that stands in for it."""
        made = self._post("/v1/auth/second-factor/confirm", {"code": self.code()})
        return str(made["recovery_codes"][0])

    def challenge(self) -> str:
        """What a sign-in asks of somebody with a second factor."""
        body = {"username": self.name, "password": PASSWORD}
        refused = httpx.post(self._http.base_url.join("/v1/auth/login"), json=body, timeout=60)
        return str(refused.json()["error"]["details"]["challenge"])

    def printed_parse_id(self) -> str:
        """A preview of a PDF, which has pages to look at."""
        pdf = self._http.get(f"/v1/resume/jobs/{self.job_id}/pdf").content
        answer = self._http.post("/v1/me/import/parse", files={"file": ("cv.pdf", pdf)})
        return str(answer.raise_for_status().json()["parse_id"])

    def verification(self, outbox: Path) -> str:
        self._post_nothing("/v1/auth/email/verification")
        return self._mailed(outbox, self.name, "verify")

    def reset(self, outbox: Path) -> str:
        self._post_nothing("/v1/auth/password/forgot", {"email": f"{self.name}@example.com"})
        return self._mailed(outbox, self.name, "reset")

    def email_change(self, outbox: Path) -> str:
        self._post_nothing("/v1/auth/email/change", {"email": f"new-{self.name}@example.com"})
        return self._mailed(outbox, f"new-{self.name}", "confirm")

    def undoing(self, outbox: Path) -> str:
        # Only an address that was known to be the owner's can undo a change.
        self._post_nothing("/v1/auth/email/verify", {"token": self.verification(outbox)})
        self.email_change(outbox)
        return self._mailed(outbox, self.name, "undo")

    def _post_nothing(self, path: str, body: Any = None) -> None:
        self._http.post(path, json=body).raise_for_status()

    @staticmethod
    def _mailed(outbox: Path, name: str, word: str) -> str:
        """The token in the newest mail to this name whose link has the word."""

        def found() -> str | None:
            for file in sorted(outbox.glob("[!.]*.eml"), reverse=True):
                mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                body = mail.get_body(("plain",))
                text = body.get_content() if body else ""
                link = re.search(r"(\S*)\?token=(vl_\w+)", text)
                if str(mail["To"]).startswith(name) and link and word in link[1]:
                    return link[2]
            return None

        return eventually(found)
