from __future__ import annotations

import pytest

from app.cv.findings import Unusable
from app.cv.links import email, web_url


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("linkedin.com/in/x", "https://linkedin.com/in/x"),
        ("//example.com", "https://example.com"),
        ("example.com:8080/a?b=c#d", "https://example.com:8080/a?b=c#d"),
        ("HTTP://example.com", "HTTP://example.com"),
        ("https://münchen.de/straße", "https://münchen.de/straße"),
        ("https://例え.テスト", "https://例え.テスト"),
        ("https://medium.com/@ada", "https://medium.com/@ada"),
    ],
)
def test_web_addresses_are_taken_and_completed(given: str, url: str) -> None:
    assert web_url(given) == url


@pytest.mark.parametrize(
    "given",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "mailto:a@b.cd", "ftp://example.com", "vbscript:x"],
)  # fmt: skip
def test_other_schemes_are_refused(given: str) -> None:
    with pytest.raises(Unusable) as caught:
        web_url(given)
    assert caught.value.code == "scheme"


@pytest.mark.parametrize(
    "given",
    ["ada", "@ada", "https://", "https:example.com", "https://a b.com", "https://localhost",
     "https://bank.com@evil.com", "https://[::1]/", "https://[", "https://a.b:99999",
     "https://a.b:x", "https://-a.com", "https://a..b", "https://a.b/<x>", "https://a.b\\@c.d",
     "javascript:1", "tel:5"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(given: str) -> None:
    with pytest.raises(Unusable) as caught:
        web_url(given)
    assert caught.value.code == "url"


@pytest.mark.parametrize("given", ["a@b.cd", "o'neil+cv@sub.example.com", "用户@例え.テスト"])
def test_e_mail_addresses_are_taken(given: str) -> None:
    assert email(given) == given


@pytest.mark.parametrize(
    "given",
    ["a", "a@b", "@b.cd", "a@@b.cd", "a b@c.de", "a@b.cd,e@f.gh", "mailto:a@b.cd", "a@b..cd",
     "<a@b.cd>", "a" * 65 + "@b.cd", "a@" + "b." * 130 + "cd"],
)  # fmt: skip
def test_what_is_no_e_mail_address_is_refused(given: str) -> None:
    with pytest.raises(Unusable):
        email(given)
