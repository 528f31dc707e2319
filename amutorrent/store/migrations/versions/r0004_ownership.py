"""Whose items are whose."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ownership",
        sa.Column("instance_id", sa.String(300), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "hash", name="pk_ownership"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_ownership_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_ownership_account_id", "ownership", ["account_id"])
