"""JSON Resume, schema 1.0 and what people write before, beside and instead of it.

Its fields are at https://github.com/jsonresume/resume-schema. Older files say `company` for the
`name` of a job, `website` for `url`, `gpa` for `score` and `certifications` for `certificates`.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from app.cv import links
from app.cv.findings import Unusable
from app.exporting.json_resume import EXTENSION
from app.importing.members import Incomplete, Members, Source
from app.importing.preview import (
    Evidence,
    FoundCertification,
    FoundEducation,
    FoundExperience,
    FoundLanguage,
    FoundProfile,
    FoundProject,
    FoundSkill,
    Preview,
)

_OF_THE_FILE = ("$schema", "meta")
_STARTS = ("startDate", "start", "start_date")
_ENDS = ("endDate", "end", "end_date")
_URLS = ("url", "website")
_PLACE = ("city", "region", "countryCode")
_NETWORKS = {
    "github": ("github_url", "github.com", "https://github.com/"),
    "linkedin": ("linkedin_url", "linkedin.com", "https://www.linkedin.com/in/"),
}
_USERNAME = re.compile(r"[\w-]{1,100}")
# What most readers of the format show as "Present", though the schema says nothing of it.
_NO_END = 0.7


def read_json_resume(raw: dict[str, Any]) -> Preview:
    """The preview of a JSON Resume. Whatever `raw` holds, it raises nothing."""
    source = Source("json_resume")
    found = source.preview
    whole = Members(source, raw, "", "document", None)
    whole.skip(*_OF_THE_FILE)
    basics = Members(source, whole.take_object("basics"), "basics", "basics", "basics")
    found.profile = _profile(basics)
    basics.rest()

    for key in ("work", "experience"):
        found.experience += source.entries(whole.take(key), key, "work", _work)
    _insert_volunteers(source, whole.take("volunteer"), found.experience)
    found.education = source.entries(whole.take("education"), "education", "education", _education)
    found.projects = source.entries(whole.take("projects"), "projects", "projects", _project)
    for key in ("certificates", "certifications"):
        found.certifications += source.entries(whole.take(key), key, "certificates", _certificate)
    found.languages = _languages(source, whole.take("languages"))
    found.skills = _skills(source, whole.take("skills"))
    _leave_sections(whole)
    return found


def _profile(basics: Members) -> FoundProfile:
    extension = basics.inner(EXTENSION, "extension")
    extension.skip("open_to_work")  # a switch of the owner's, no text
    profile = FoundProfile(
        full_name=basics.text("full_name", "name") or _name_in_parts(basics),
        headline=basics.text("headline", "label"),
        bio=basics.text("bio", "summary", multiline=True),
        email=basics.email("email", "email"),
        phone=basics.text("phone", "phone"),
        website=_url(basics, extension, "website"),
        location=_location(basics, "location"),
        evidence=basics.evidence,
    )
    extension.rest()
    basics.skip("image", "picture")  # addresses or data of a portrait, which is no text
    for account in basics.source.objects(
        basics.take("profiles"), basics.place("profiles"), "profiles", "basics"
    ):
        _account(profile, account)
    return profile


def _name_in_parts(basics: Members) -> str | None:
    parts = (basics.text("full_name", key) for key in ("firstName", "lastName"))
    return " ".join(part for part in parts if part) or None


def _location(row: Members, key: str) -> str | None:
    """A place: a text, or city, region and country of an object; its street stays unplaced."""
    if row.peek(key):
        return row.text("location", key)
    place = row.inner(key, "location")
    parts = [place.text("location", each) for each in _PLACE]
    place.rest_as_one()
    return ", ".join(part for part in parts if part) or None


def _account(profile: FoundProfile, account: Members) -> None:
    """Take an account on GitHub or LinkedIn, by its network or its address, into the profile.

    A user name alone makes an address only where the network is one of the two.
    """
    extension = account.inner(EXTENSION, "extension")
    network, url, username = (account.peek(key) for key in ("network", "url", "username"))
    for name, (field, host, stem) in _NETWORKS.items():
        if getattr(profile, field) or not (network.lower() == name or _at(url, host)):
            continue
        found = _url(account, extension, field, "url")
        if not found and _USERNAME.fullmatch(username):
            found = stem + username
            account.note(field, account.take("username"), account.place("username"), 0.9)
        if found:
            setattr(profile, field, found)
            if given := account.take("network"):
                account.note(field, given, account.place("network"))
            account.skip(*(["username"] if username in found else []))
            profile.evidence += account.evidence
    extension.rest()
    account.rest_as_one()


def _at(url: str, host: str) -> bool:
    try:
        found = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return False
    return found == host or found.endswith(f".{host}")


def _work(row: Members) -> FoundExperience:
    extension = row.inner(EXTENSION, "extension")
    return _position(row, extension)


def _position(
    row: Members, extension: Members, employment_type: str | None = None
) -> FoundExperience:
    company = row.text("company", "name", "company", "organization")
    title = row.text("title", "position", "title")
    if not (company or title):
        raise Incomplete("this needs a name or a position.")
    without_end = not row.has(*_ENDS)
    start, end, now = row.span(_STARTS, _ENDS)
    start, end = _exact_span(extension, start, end)
    said = extension.take("is_current")
    if isinstance(said, bool):
        now = said and end is None
        row.note("is_current", said, extension.place("is_current"))
    elif start and without_end and end is None:
        now = True
        row.note("is_current", start, row.path, _NO_END, "no_end")
    return FoundExperience(
        company=company,
        title=title,
        location=_location(row, "location"),
        employment_type=employment_type
        or row.text("employment_type", "employmentType", "type")
        or extension.text("employment_type", "employment_type"),
        start_date=start,
        end_date=end,
        is_current=now,
        description=row.prose("description", "summary", "description"),
        bullets=row.texts("bullets", "highlights"),
        technologies=row.texts("technologies", "keywords", "technologies"),
        evidence=_with_rest_of(extension, row),
    )


def _insert_volunteers(source: Source, raw: object, experience: list[FoundExperience]) -> None:
    """Voluntary work, each where the extension says that it stood, or else at the end."""
    places: list[object] = []

    def read(row: Members) -> FoundExperience:
        extension = row.inner(EXTENSION, "extension")
        place = extension.take("index")
        row.note("employment_type", "volunteer", row.path)
        found = _position(row, extension, "volunteer")
        places.append(place)
        return found

    found = source.entries(raw, "volunteer", "volunteer", read)
    for place, entry in zip(places, found, strict=True):
        known = isinstance(place, int) and place >= 0
        experience.insert(place if known else len(experience), entry)  # type: ignore[arg-type]


def _exact_span(
    extension: Members, start: str | None, end: str | None
) -> tuple[str | None, str | None]:
    """A span with what the standard can't hold of it."""
    start = start or extension.date("start_date", "start_date")
    return start, end or extension.later("end_date", start, "end_date")


def _url(row: Members, extension: Members, field: str, key: str = "") -> str | None:
    """An address, in the letters that it was written in where the extension, under `key` or else
    the name of the field, still has them."""
    key = key or field
    try:
        spelled = links.web_url(extension.peek(key))
    except Unusable:
        return row.url(field, *_URLS)
    if row.peek("url") == links.ascii_url(spelled):
        row.skip("url")
        return extension.url(field, key)
    return row.url(field, *_URLS)


def _with_rest_of(extension: Members, row: Members) -> list[Evidence]:
    """The evidence of a row, all of whose extension was asked for."""
    extension.rest()
    return row.evidence


def _education(row: Members) -> FoundEducation:
    extension = row.inner(EXTENSION, "extension")
    institution = row.text("institution", "institution", "name")
    degree = row.text("degree", "studyType", "degree")
    if not (institution or degree):
        raise Incomplete("this needs an institution or a study type.")
    start, end, _ = row.span(_STARTS, _ENDS)
    start, end = _exact_span(extension, start, end)
    return FoundEducation(
        institution=institution,
        degree=degree,
        field_of_study=row.text("field_of_study", "area"),
        location=_location(row, "location") or extension.text("location", "location"),
        start_date=start,
        end_date=end,
        grade=row.text("grade", "score", "gpa"),
        description=row.prose("description", "summary", "description")
        or extension.text("description", "description", multiline=True),
        bullets=row.texts("bullets", "courses", "highlights"),
        evidence=_with_rest_of(extension, row),
    )


def _project(row: Members) -> FoundProject:
    extension = row.inner(EXTENSION, "extension")
    name = row.name("name", "name", "title")
    start, end, _ = row.span(_STARTS, _ENDS)
    start, end = _exact_span(extension, start, end)
    roles = row.texts("role", "roles", "role", "position")
    return FoundProject(
        name=name,
        role=", ".join(roles) or None,
        url=_url(row, extension, "url"),
        repository_url=row.url("repository_url", "repository", "repo", "github", "githubUrl")
        or extension.url("repository_url", "repository_url"),
        start_date=start,
        end_date=end,
        description=row.prose("description", "summary", "description"),
        bullets=row.texts("bullets", "highlights"),
        technologies=row.texts("technologies", "keywords", "technologies"),
        evidence=_with_rest_of(extension, row),
    )


def _certificate(row: Members) -> FoundCertification:
    extension = row.inner(EXTENSION, "extension")
    name = row.name("name", "name", "title")
    issued = row.date("issued_on", "date", "issueDate", *_STARTS)
    issued = issued or extension.date("issued_on", "issued_on")
    return FoundCertification(
        name=name,
        issuer=row.text("issuer", "issuer", "authority"),
        issued_on=issued,
        expires_on=row.later("expires_on", issued, "expires", "expiryDate", *_ENDS)
        or extension.later("expires_on", issued, "expires_on"),
        credential_id=row.text("credential_id", "id", "credentialId")
        or extension.text("credential_id", "credential_id"),
        credential_url=_url(row, extension, "credential_url"),
        evidence=_with_rest_of(extension, row),
    )


def _languages(source: Source, raw: object) -> list[FoundLanguage]:
    named = [{"language": each} if isinstance(each, str) else each for each in _listed(raw)]
    return source.entries(
        named if isinstance(raw, list) else raw, "languages", "languages", _spoken
    )


def _spoken(row: Members) -> FoundLanguage:
    return FoundLanguage(
        name=row.name("name", "language", "name"),
        level=row.text("level", "fluency", "level"),
        evidence=row.evidence,
    )


def _skills(source: Source, raw: object) -> list[FoundSkill]:
    """Each keyword of a group is a skill, the group its category; a group without is a skill."""
    named = [{"name": each} if isinstance(each, str) else each for each in _listed(raw)]
    groups = source.entries(named if isinstance(raw, list) else raw, "skills", "skills", _skills_of)
    return [skill for group in groups for skill in group]


def _skills_of(row: Members) -> list[FoundSkill]:
    extension = row.inner(EXTENSION, "extension")
    keywords = row.sayings("name", "keywords")
    if not keywords:
        return [
            FoundSkill(
                name=row.name("name", "name"),
                level=row.text("level", "level"),
                years=extension.number("years", "years"),
                evidence=_with_rest_of(extension, row),
            )
        ]
    category, level = row.text("category", "name"), row.text("level", "level")
    shared = list(row.evidence)
    row.evidence.clear()
    years, found = extension.inner("years", "extension"), []
    for name, evidence in keywords:
        number = years.number("years", name)
        said = [evidence, *row.evidence, *shared]
        row.evidence.clear()
        found.append(
            FoundSkill(name=name, category=category, level=level, years=number, evidence=said)
        )
    years.rest()
    extension.rest()
    return found


def _leave_sections(whole: Members) -> None:
    """Keep each entry of every other section, such as awards or publications, as text."""
    for key in whole.untaken():
        raw = whole.take(key)
        for index, entry in enumerate(_listed(raw)):
            whole.source.leave(entry, f"{key}[{index}]", key)
        if not isinstance(raw, list):
            whole.source.leave(raw, key, key)


def _listed(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []
