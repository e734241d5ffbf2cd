"""Which user agents are machines'."""

from __future__ import annotations

import pytest

from app.audience.machines import Machine, machine_of
from tests.audience.visiting import FIREFOX

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"

PEOPLE = {
    "firefox": FIREFOX,
    "chrome": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/141.0.0.0 Safari/537.36",
    "edge": f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    "safari": f"{_IPHONE} (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "in-linkedin": f"{_IPHONE} (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.31",
    "in-facebook": f"{_IPHONE} (KHTML, like Gecko) Mobile/22G86 [FBAN/FBIOS;FBAV/480.0]",
    "cubot-phone": f"Mozilla/5.0 (Linux; Android 14; CUBOT X90) {_WEBKIT} Chrome/140 Mobile Safari",
}
MACHINES = {
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)": "search_engine",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)": "search_engine",
    "facebookexternalhit/1.1": "link_preview",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)": "link_preview",
    "WhatsApp/2.23.20.0": "link_preview",
    "TelegramBot (like TwitterBot)": "link_preview",
    f"Mozilla/5.0 {_WEBKIT}; compatible; GPTBot/1.2; +https://openai.com/gptbot)": "ai",
    f"Mozilla/5.0 {_WEBKIT}; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)": "ai",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)": "monitor",
    "curl/8.5.0": "tool",
    "python-httpx/0.27.0": "tool",
    f"Mozilla/5.0 (X11; Linux x86_64) {_WEBKIT} HeadlessChrome/120.0 Safari/537.36": "tool",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)": "other",
    "something-new/1.0": "tool",
    "": "tool",
}


@pytest.mark.parametrize("agent", PEOPLE.values(), ids=PEOPLE)
def test_a_browser_is_a_persons(agent: str) -> None:
    assert machine_of(agent) is None


@pytest.mark.parametrize(("agent", "sort"), MACHINES.items(), ids=lambda text: str(text)[:30])
def test_a_machine_is_known_by_what_it_calls_itself(agent: str, sort: str) -> None:
    assert machine_of(agent) is Machine(sort)
