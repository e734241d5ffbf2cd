from __future__ import annotations

import pytest

from app.index.spoken import languages
from app.services import Services
from tests.search.profiles import read

_SAID = {
    "english": "She has worked with the team and was responsible for all of the reports.",
    "french": "Elle a travaillé avec une équipe et elle était responsable de tous les rapports.",
    "german": "Sie hat mit dem Team gearbeitet und war für alle Berichte und die Zahlen da.",
    "spanish": "Ha trabajado con el equipo y fue responsable de todos los informes de la empresa.",
    "dutch": "Zij heeft met het team gewerkt en was verantwoordelijk voor alle verslagen van het",
    "russian": "Она работала с командой и отвечала за все отчёты отдела.",
    "simple": "אני חוקרת שירת חול מאנדלוסיה ומתרגמת אותה לאנגלית.",
}


@pytest.mark.parametrize(("language", "text"), _SAID.items(), ids=list(_SAID))
async def test_a_text_is_stemmed_as_its_language_is(
    services: Services, language: str, text: str
) -> None:
    async with services.database.connection() as db:
        assert await languages(db, [text]) == [language]


async def test_a_short_part_is_of_the_language_of_the_whole(services: Services) -> None:
    bio = read("data_scientist_fr")["profile"]["bio"]
    async with services.database.connection() as db:
        found = await languages(db, [bio, "Séries temporelles", "Airflow", _SAID["english"]])
    assert found == ["french", "french", "french", "english"]


async def test_nothing_is_of_some_language_too(services: Services) -> None:
    async with services.database.connection() as db:
        assert await languages(db, []) == []
        assert await languages(db, ["", "123 456"]) == ["english", "english"]
