"""What can be known of a résumé before it is rendered."""

from __future__ import annotations

import asyncio

from app.call import Call
from app.cv.designs import DESIGNS
from app.cv.model import CV, Template
from app.cv.normalise import TEMPLATES, normalise
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


async def list_resume_templates(call: Call) -> ResumeTemplates:
    """The templates that a résumé can be set in, and what each looks like."""
    return ResumeTemplates(templates=[_template(name) for name in TEMPLATES])


def _template(name: Template) -> ResumeTemplate:
    design = DESIGNS[name]
    return ResumeTemplate(
        name=name,
        title=design.title,
        description=design.description,
        columns=design.columns,
        shows_picture=design.for_picture,
        font_family=design.font_family,
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
        page_size=cv.page_size,
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
