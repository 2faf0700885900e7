"""What staff need of the records, and curated answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_staff"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns and the table."""
    with op.batch_alter_table("answers") as answers:
        answers.add_column(sa.Column("origin", sa.String(), nullable=False, server_default="quote"))
        answers.add_column(sa.Column("took_ms", sa.Float(), nullable=False, server_default="0"))
        answers.add_column(sa.Column("request", sa.JSON()))
        answers.add_column(sa.Column("usage", sa.JSON()))
        answers.drop_index("ix_answers_asked_at")
        answers.create_index("ix_answers_newest", ["asked_at", "id"])
    op.create_table(
        "curated",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("cites", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("curated")
    with op.batch_alter_table("answers") as answers:
        answers.drop_index("ix_answers_newest")
        answers.create_index("ix_answers_asked_at", ["asked_at"])
        for name in ("usage", "request", "took_ms", "origin"):
            answers.drop_column(name)
