"""How a profile looks: themes and layout."""

from __future__ import annotations

from enum import Enum

import strawberry

from app.presentation.layout import FONT_PREFERENCES

_field = strawberry.field

_PLAN = "The plan that counts today: `free`, `flex` or `pro`."
_VERSION = "Raised by each change of theme or layout; with the plan, the ETag."


@strawberry.enum(description="A section of a profile as its readers see it.")
class PageSection(Enum):
    SUMMARY = "summary"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    PROJECTS = "projects"
    SKILLS = "skills"
    LANGUAGES = "languages"
    CERTIFICATIONS = "certifications"


@strawberry.enum(description="What readers have their screen set to.")
class ColorScheme(Enum):
    LIGHT = "light"
    DARK = "dark"


@strawberry.type(description="Colours of a theme, each #rrggbb.")
class ThemeColors:
    background: str = _field(description="Of the page.")
    surface: str = _field(description="Of what stands out from it.")
    text: str = _field(description="Of text.")
    muted: str = _field(description="Of text that matters less.")
    border: str = _field(description="Of lines.")
    accent: str = _field(description="Of links and headings, unless another is chosen.")


@strawberry.type(description="What a theme looks like.")
class ThemePreview:
    light: ThemeColors = _field(description="Its colours by day.")
    dark: ThemeColors = _field(description="Its colours by night; a theme may have the same.")
    heading_font: str = _field(description="Typeface of headings.")
    body_font: str = _field(description="Typeface of text.")


@strawberry.type(description="A theme that there is.")
class Theme:
    id: str = _field(description="What `theme_id` takes.")
    name: str = _field(description="Name to show.")
    premium: bool = _field(description="Whether it needs a plan that has premium themes.")
    available: bool = _field(description="Whether the present plan has it.")
    preview: ThemePreview = _field(description="What it looks like.")


@strawberry.type(description="A colour for each scheme.")
class Accents:
    light: str = _field(description="#rrggbb by day.")
    dark: str = _field(description="#rrggbb by night.")


@strawberry.type(description="A chosen colour that could not be read as it is.")
class ContrastWarning:
    code: str = _field(description="`low_contrast`; stable.")
    message: str = _field(description="The same in words.")
    scheme: ColorScheme = _field(description="In which scheme.")
    background: str = _field(description="Against which ground of the theme it is worst.")
    ratio: float = _field(description="Its contrast with that, 1 to 21, rounded down.")
    needed: float = _field(description="What WCAG AA asks of text.")
    suggestion: str = _field(
        description="The colour nearest to it, as the eye sees it, that has the contrast. The page"
        " uses it instead."
    )


@strawberry.type(description="The theme of a profile, and those there are.")
class ProfileTheme:
    theme_id: str = _field(description="Stored theme selection.")
    effective_theme_id: str = _field(
        description="Theme actually rendered after entitlement checks. When a plan ends, what is"
        " stored stays, and this falls back."
    )
    accent_color: str | None = _field(
        description="Stored accent colour, #rrggbb; null for that of the theme."
    )
    effective_accent: Accents = _field(
        description="Accents actually rendered, each readable on its ground."
    )
    available: bool = _field(description="Whether premium theming is currently available.")
    effective_plan: str = _field(description=_PLAN)
    catalog: list[Theme] = _field(description="Every theme there is.")
    warnings: list[ContrastWarning] = _field(
        description="One for each scheme in which the accent in effect can't be read well enough."
    )
    version: int = _field(description=_VERSION)


@strawberry.input(
    description="Changes of the theme, a JSON merge patch: absent leaves, null takes a choice back."
)
class ThemePatch:
    theme_id: strawberry.Maybe[str | None] = _field(
        description="Theme identifier from the returned catalog.",
        metadata={"schema": {"minLength": 1, "maxLength": 40}},
    )
    accent_color: strawberry.Maybe[str | None] = _field(
        description="Hex color in #RRGGBB format, in any case. Needs a plan with premium themes.",
        metadata={"schema": {"pattern": "^#[0-9A-Fa-f]{6}$"}},
    )


@strawberry.type(description="The layout of a profile.")
class ProfileLayout:
    section_order: list[PageSection] = _field(
        description="Stored order, all sections: those not named follow as they stand by default."
    )
    hidden_sections: list[PageSection] = _field(description="Sections that readers never see.")
    font_preference: str = _field(
        description="Stored typeface: a family of `fonts`, or `theme` for that of the theme."
    )
    effective_section_order: list[PageSection] = _field(
        description="Order actually rendered after entitlement checks."
    )
    effective_hidden_sections: list[PageSection] = _field(
        description="Sections actually hidden. When a plan ends, what was hidden stays hidden."
    )
    effective_font_preference: str = _field(
        description="Typeface actually rendered after entitlement checks."
    )
    available: bool = _field(description="Whether the layout can be changed under this plan.")
    effective_plan: str = _field(description=_PLAN)
    fonts: list[str] = _field(description="Every value that `font_preference` may have.")
    version: int = _field(description=_VERSION)


SOME_SECTIONS = {"uniqueItems": True, "maxItems": len(PageSection)}


@strawberry.input(
    description="Changes of the layout, a JSON merge patch: absent leaves, null takes a choice"
    " back, which every plan allows."
)
class LayoutPatch:
    section_order: strawberry.Maybe[list[PageSection] | None] = _field(
        description="Sections from first to last; those not named follow.",
        metadata={"schema": SOME_SECTIONS},
    )
    hidden_sections: strawberry.Maybe[list[PageSection] | None] = _field(
        description="All sections that readers shall not see.", metadata={"schema": SOME_SECTIONS}
    )
    font_preference: strawberry.Maybe[str | None] = _field(
        description=f"One of {', '.join(FONT_PREFERENCES)}, or another name of one of these as"
        " `font_family` of cv_data takes it, such as Arial.",
        metadata={"schema": {"minLength": 1, "maxLength": 100}},
    )


@strawberry.input(
    description="Choices to look at: those of the theme and of the layout that are absent are as"
    " they are now, null is what all begin with."
)
class PagePreviewInput:
    theme: ThemePatch | None = _field(default=None, description="As it changes the theme.")
    layout: LayoutPatch | None = _field(default=None, description="As it changes the layout.")


@strawberry.type(description="The public page as it would be.")
class PagePreview:
    html: str = _field(
        description="The whole page. It runs no script, and the form on it sends nothing."
    )
    content_security_policy: str = _field(
        description="Content-Security-Policy to show it with; only this origin may frame it."
    )
