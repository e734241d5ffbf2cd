"""What can be known of a résumé before it is rendered: its templates, and whether it will do."""

from __future__ import annotations

import strawberry

from schema.types.cv_data import CVData
from schema.types.resume import CVWarning

_field = strawberry.field


@strawberry.type(description="A design of the page.")
class ResumeTemplate:
    name: str = _field(description="The `template` of cv_data.")
    title: str = _field(description="What people call it.")
    description: str = _field(description="What it looks like, and whom it suits.")
    columns: int = _field(description="Number of columns.")
    shows_picture: bool = _field(description="Whether it has a place for `identity.picture`.")
    font_family: str = _field(description="The font it is set in, unless cv_data names another.")
    is_default: bool = _field(description="Whether it is taken where cv_data names none.")
    price: int = _field(description="What a render costs in credits.")
    first_is_free: bool = _field(
        description="Whether it costs nothing to an account that has not had its free render yet."
    )


@strawberry.type(description="All templates.")
class ResumeTemplates:
    templates: list[ResumeTemplate] = _field(description="The templates, the default one first.")


@strawberry.input(description="cv_data to look at.")
class ValidateResumeInput:
    cv_data: CVData = _field(
        description="The résumé, as `cv_data` of a job: identity, sections, template and look."
    )


@strawberry.type(description="Something in cv_data that can't be rendered.")
class CVError:
    code: str = _field(description="What sort of thing it is; stable.")
    path: str = _field(description="Where it stands, as in `cv_data.sections.work.items[0].start`.")
    message: str = _field(description="What is wrong, in words.")


@strawberry.type(description="A section as it will be set.")
class CVSectionSummary:
    key: str = _field(description="Its key in cv_data.")
    heading: str = _field(description="Its heading.")
    type: str = _field(description="main or secondary.")
    items: int = _field(description="Number of its items.")
    bullets: int = _field(description="Number of bullets of all its items.")


@strawberry.type(description="A résumé as it was understood.")
class CVSummary:
    name: str = _field(description="First and last name.")
    template: str = _field(description="The template it is set in.")
    theme_color: str = _field(description="The colour, as #rrggbb.")
    font_family: str = _field(description="The font.")
    font_size: float = _field(description="Its size in points.")
    page_size: str = _field(description="The paper: a4 or letter.")
    has_picture: bool = _field(description="Whether there is a portrait.")
    sections: list[CVSectionSummary] = _field(description="Its sections in their order.")


@strawberry.type(description="What would become of cv_data.")
class ResumeValidation:
    valid: bool = _field(description="Whether a job would take it.")
    errors: list[CVError] = _field(description="Why not; empty where it is valid.")
    warnings: list[CVWarning] = _field(
        description="What would be rendered otherwise than given, or not at all."
    )
    summary: CVSummary | None = _field(description="How it was understood; null unless valid.")
