"""What can be known of a résumé before it is rendered."""

from __future__ import annotations

import asyncio

from app.call import Call
from app.cv import fonts
from app.cv.model import CV, Template
from app.cv.normalise import SHOWS_PICTURE, TEMPLATES, normalise
from app.errors import ValidationFailed
from app.prices import price_of
from app.unconnected import unconnected
from schema.types.resume import CVWarning
from schema.types.resume_checks import (
    CVError,
    CVSectionSummary,
    CVSummary,
    ResumeTemplate,
    ResumeTemplates,
    ResumeValidation,
    ValidateResumeInput,
)

# Title, number of columns, and what it looks like.
_LOOKS: dict[Template, tuple[str, int, str]] = {
    "original": (
        "Original",
        1,
        "Modern, one column: a strong name, much air, and a fine rule above each section. Suits"
        " almost everybody, and machines read it well.",
    ),
    "harvard": (
        "Harvard",
        1,
        "Classic, as a careers office teaches it: one column, a centred name, ruled headings in"
        " capitals, serifs, no ornament. Suits academia, law, finance and consulting.",
    ),
    "business": (
        "Business",
        2,
        "Sober, two columns: main sections on the left, secondary ones in a narrow column on the"
        " right. Suits long careers with many skills, languages and certificates.",
    ),
    "picture": (
        "Picture",
        2,
        "A portrait in a coloured sidebar that runs down every page, with contact details and"
        " secondary sections below it. Suits countries where a photograph is expected.",
    ),
}


async def list_resume_templates(call: Call) -> ResumeTemplates:
    """The templates that a résumé can be set in, and what each looks like."""
    return ResumeTemplates(templates=[_template(name) for name in TEMPLATES])


def _template(name: Template) -> ResumeTemplate:
    title, columns, description = _LOOKS[name]
    return ResumeTemplate(
        name=name,
        title=title,
        description=description,
        columns=columns,
        shows_picture=name in SHOWS_PICTURE,
        font_family=fonts.DEFAULTS[name],
        is_default=name == TEMPLATES[0],
        price=price_of(name, first=False),
        first_is_free=price_of(name, first=True) == 0,
    )


@unconnected
async def validate_resume(call: Call, input: ValidateResumeInput) -> ResumeValidation:
    """Tell what a job would make of cv_data, without making one: errors, warnings, sections.

    Nothing is kept of it. That cv_data is not valid is an answer here, and no error.
    """
    try:
        # A picture takes up to a second of CPU.
        read = await asyncio.to_thread(normalise, input.cv_data)
    except ValidationFailed as wrong:
        errors = [CVError(code=e.code, path=e.path, message=e.message) for e in wrong.fields]
        return ResumeValidation(valid=False, errors=errors, warnings=[], summary=None)
    warnings = [CVWarning(code=w.code, path=w.path, message=w.message) for w in read.warnings]
    return ResumeValidation(valid=True, errors=[], warnings=warnings, summary=_summary(read.cv))


def _summary(cv: CV) -> CVSummary:
    return CVSummary(
        name=f"{cv.identity.first_name} {cv.identity.last_name}".strip(),
        template=cv.template,
        theme_color=cv.theme_color,
        font_family=cv.font_family,
        font_size=cv.font_size,
        has_picture=cv.identity.picture is not None,
        sections=[
            CVSectionSummary(
                key=section.key,
                heading=section.heading,
                type=section.type,
                items=len(section.items),
                bullets=sum(len(item.bullets) for item in section.items),
            )
            for section in cv.sections
        ],
    )
