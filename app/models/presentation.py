"""How an owner wants a profile to look."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, UpdatedAt, Version


class PresentationRow(Base):
    """What was chosen, whether the plan of today has it or not; who chose nothing has no row.

    Null, or an empty `section_order`, stands for what `app/presentation` has by default.
    """

    __tablename__ = "presentations"
    __table_args__ = (CheckConstraint("accent_color ~ '^#[0-9a-f]{6}$'", name="accent_color"),)

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    theme_id: Mapped[str | None]
    accent_color: Mapped[str | None]
    section_order: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    hidden_sections: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    font_preference: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[Version]
