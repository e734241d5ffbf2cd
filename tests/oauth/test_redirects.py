"""Where a browser may be sent back to."""

from __future__ import annotations

import pytest

from app.oauth.redirects import destination, is_acceptable, is_declared, with_answer


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/callback",
        "https://app.example:8443/callback?a=b",
        "https://app.example",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:33418/",
        "http://localhost:1/cb",
        "http://[::1]:4000/cb",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "com.example.app:/callback",
        "claude://claude.ai/mcp-auth-callback/sdk",
        "vscode-insiders://vscode.github-authentication/did-authenticate",
    ],
)
def test_a_client_may_declare(uri: str) -> None:
    assert is_acceptable(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/callback",
        "http://127.0.0.1.evil.example/",
        "http://0.0.0.0/cb",
        "https://user:pass@app.example/",
        "https://app.example/#fragment",
        "https://app.example/\\evil",
        "https://app.example;script-src/",
        "https://app.example,x/",
        "https://*.app.example/",
        "https://app.example:99999/",
        "https://app.exämple/",
        "https://",
        "//app.example/",
        "/callback",
        "javascript:alert(1)",
        "javascript://app.example/%0aalert(1)",
        "JavaScript://app.example/",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@example.com",
        "ms-appinstaller:/?source=https://evil.example/app.msix",
        "microsoft-edge://evil.example/",
        "ms-officecmd:/{",
        "ms-officecmd:/x",
        "itms-services://?action=download-manifest&url=https://evil.example/m.plist",
        "shell:/startup",
        "jar:/https://evil.example/x.jar!/",
        "search-ms:/query=x",
        "myapp://callback",
        "x-apple.systempreferences:/com.apple.preference",
        "com.apple.tv:/x",
        "microsoft.windows.camera:/x",
        "com.:/x",
        ".com:/x",
        "urn:ietf:wg:oauth:2.0:oob",
        "https://app.example/a b",
        "https://app.example/\n",
        "https://app.example/" + "a" * 2000,
        "",
    ],
)
def test_a_client_may_not_declare(uri: str) -> None:
    assert not is_acceptable(uri)


@pytest.mark.parametrize(
    ("uri", "declared", "matches"),
    [
        ("https://a.example/cb", "https://a.example/cb", True),
        ("https://a.example/cb/", "https://a.example/cb", False),
        ("https://a.example/cb?x=1", "https://a.example/cb", False),
        ("https://A.example/cb", "https://a.example/cb", False),
        ("https://a.example:444/cb", "https://a.example/cb", False),
        ("http://127.0.0.1:9/cb", "http://127.0.0.1/cb", True),
        ("http://127.0.0.1:9/cb", "http://127.0.0.1:8/cb", True),
        ("http://[::1]:9/cb", "http://[::1]/cb", True),
        ("http://localhost:9/cb", "http://localhost/cb", True),
        ("http://localhost:9/cb", "http://127.0.0.1/cb", False),
        ("http://127.0.0.1:9/cb?x=1", "http://127.0.0.1/cb", False),
        ("http://127.0.0.1:9/other", "http://127.0.0.1/cb", False),
        ("http://u@127.0.0.1:9/cb", "http://127.0.0.1/cb", False),
        ("http://127.0.0.1:9/cb#x", "http://127.0.0.1/cb", False),
        ("https://127.0.0.1:9/cb", "https://127.0.0.1/cb", False),
        ("http://127.0.0.1:99999/cb", "http://127.0.0.1/cb", False),
        ("", "https://a.example/cb", False),
    ],
)
def test_an_address_is_a_declared_one_but_for_the_port_of_this_computer(
    uri: str, declared: str, matches: bool
) -> None:
    assert is_declared(uri, [declared]) is matches


def test_what_was_declared_under_laxer_rules_is_no_address_to_return_to() -> None:
    assert not is_declared("ms-appinstaller:/x", ["ms-appinstaller:/x"])


def test_an_answer_follows_the_query_that_an_address_has() -> None:
    assert with_answer("https://a.example", {"code": "c d"}) == "https://a.example?code=c+d"
    assert with_answer("app://x/?k=1", {"code": "c"}) == "app://x/?k=1&code=c"


def test_a_destination_is_told_by_its_host_or_its_scheme() -> None:
    assert destination("https://a.example:8443/x").host == "a.example"
    assert destination("cursor://anysphere/x").host == "cursor:"
    assert destination("http://[::1]:3/x").is_this_computer
