"""Keys of a file stand in paths, so they are told as carefully as its values."""

from __future__ import annotations

import httpx
import pytest

from app.importing.json_resume import read_json_resume

ODD = ["a\0b", "a\nb", "\u202egnp", "x" * 100_000]


@pytest.mark.parametrize("key", ODD, ids=["nul", "line break", "reordering", "long"])
def test_a_key_is_told_on_one_line_within_bounds(key: str) -> None:
    found = read_json_resume(
        {
            "basics": {"name": "Ada Lovelace", key: "text"},
            "work": [{"name": "Acme", key: {key: "more"}}, {key: "incomplete"}],
            key: "over",
        }
    )
    paths = [text.path for text in found.unplaced]
    assert len(paths) >= 4
    said = [*paths, *(text.section for text in found.unplaced)]
    said += [warning.message for warning in found.warnings]
    for text in said:
        assert text is None or (text.isprintable() and len(text) < 2000), text[:100]


async def test_a_file_with_nul_in_its_keys_is_kept(session: httpx.AsyncClient) -> None:
    body = b'{"basics": {"name": "Ada Lovelace", "a\\u0000b": "x"}, "c\\u0000": [{"d\\u0000": 1}]}'
    answer = await session.post(
        "/v1/me/import/parse", files={"file": ("cv.json", body, "application/json")}
    )
    assert answer.status_code == 200, answer.text
    assert "\\u0000" not in answer.text
