"""JSON Resume, schema 1.0 and what people write before, beside and instead of it.

Its fields are at https://github.com/jsonresume/resume-schema. Older files say `company` for the
`name` of a job, `website` for `url`, `gpa` for `score` and `certifications` for `certificates`.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from app.importing.members import Incomplete, Members, Source
from app.importing.preview import (
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
    found.experience += source.entries(
        whole.take("volunteer"), "volunteer", "volunteer", _volunteer
    )
    found.education = source.entries(whole.take("education"), "education", "education", _education)
    found.projects = source.entries(whole.take("projects"), "projects", "projects", _project)
    for key in ("certificates", "certifications"):
        found.certifications += source.entries(whole.take(key), key, "certificates", _certificate)
    found.languages = _languages(source, whole.take("languages"))
    found.skills = _skills(source, whole.take("skills"))
    _leave_sections(whole)
    return found


def _profile(basics: Members) -> FoundProfile:
    profile = FoundProfile(
        full_name=basics.text("full_name", "name") or _name_in_parts(basics),
        headline=basics.text("headline", "label"),
        bio=basics.text("bio", "summary", multiline=True),
        email=basics.email("email", "email"),
        phone=basics.text("phone", "phone"),
        website=basics.url("website", *_URLS),
        location=_location(basics, "location"),
        evidence=basics.evidence,
    )
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
    network, url, username = (account.peek(key) for key in ("network", "url", "username"))
    for name, (field, host, stem) in _NETWORKS.items():
        if getattr(profile, field) or not (network.lower() == name or _at(url, host)):
            continue
        found = account.url(field, "url")
        if not found and _USERNAME.fullmatch(username):
            found = stem + username
            account.note(field, account.take("username"), account.place("username"), 0.9)
        if found:
            setattr(profile, field, found)
            if given := account.take("network"):
                account.note(field, given, account.place("network"))
            account.skip(*(["username"] if username in found else []))
            profile.evidence += account.evidence
    account.rest_as_one()


def _at(url: str, host: str) -> bool:
    try:
        found = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return False
    return found == host or found.endswith(f".{host}")


def _work(row: Members, employment_type: str | None = None) -> FoundExperience:
    company = row.text("company", "name", "company", "organization")
    title = row.text("title", "position", "title")
    if not (company or title):
        raise Incomplete("this needs a name or a position.")
    without_end = not row.has(*_ENDS)
    start, end, now = row.span(_STARTS, _ENDS)
    if start and without_end:
        now = True
        row.note("is_current", start, row.path, _NO_END, "no_end")
    return FoundExperience(
        company=company,
        title=title,
        location=_location(row, "location"),
        employment_type=employment_type or row.text("employment_type", "employmentType", "type"),
        start_date=start,
        end_date=end,
        is_current=now,
        description=row.prose("description", "summary", "description"),
        bullets=row.texts("bullets", "highlights"),
        technologies=row.texts("technologies", "keywords", "technologies"),
        evidence=row.evidence,
    )


def _volunteer(row: Members) -> FoundExperience:
    row.note("employment_type", "volunteer", row.path)
    return _work(row, "volunteer")


def _education(row: Members) -> FoundEducation:
    institution = row.text("institution", "institution", "name")
    degree = row.text("degree", "studyType", "degree")
    if not (institution or degree):
        raise Incomplete("this needs an institution or a study type.")
    start, end, _ = row.span(_STARTS, _ENDS)
    return FoundEducation(
        institution=institution,
        degree=degree,
        field_of_study=row.text("field_of_study", "area"),
        location=_location(row, "location"),
        start_date=start,
        end_date=end,
        grade=row.text("grade", "score", "gpa"),
        description=row.prose("description", "summary", "description"),
        bullets=row.texts("bullets", "courses", "highlights"),
        evidence=row.evidence,
    )


def _project(row: Members) -> FoundProject:
    name = row.name("name", "name", "title")
    start, end, _ = row.span(_STARTS, _ENDS)
    roles = row.texts("role", "roles", "role", "position")
    return FoundProject(
        name=name,
        role=", ".join(roles) or None,
        url=row.url("url", *_URLS),
        repository_url=row.url("repository_url", "repository", "repo", "github", "githubUrl"),
        start_date=start,
        end_date=end,
        description=row.prose("description", "summary", "description"),
        bullets=row.texts("bullets", "highlights"),
        technologies=row.texts("technologies", "keywords", "technologies"),
        evidence=row.evidence,
    )


def _certificate(row: Members) -> FoundCertification:
    name = row.name("name", "name", "title")
    issued = row.date("issued_on", "date", "issueDate", *_STARTS)
    return FoundCertification(
        name=name,
        issuer=row.text("issuer", "issuer", "authority"),
        issued_on=issued,
        expires_on=row.later("expires_on", issued, "expires", "expiryDate", *_ENDS),
        credential_id=row.text("credential_id", "id", "credentialId"),
        credential_url=row.url("credential_url", *_URLS),
        evidence=row.evidence,
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
    keywords = row.texts("name", "keywords")
    by_keyword = list(row.evidence)
    row.evidence.clear()
    if not keywords:
        return [
            FoundSkill(
                name=row.name("name", "name"),
                level=row.text("level", "level"),
                evidence=row.evidence,
            )
        ]
    category, level = row.text("category", "name"), row.text("level", "level")
    return [
        FoundSkill(name=name, category=category, level=level, evidence=[each, *row.evidence])
        for name, each in zip(keywords, by_keyword, strict=True)
    ]


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
