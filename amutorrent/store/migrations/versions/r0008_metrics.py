"""Speeds and bytes over time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBERS = ("slots", "upload_peak", "download_peak", "uploaded", "downloaded", "first_at", "last_at")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "metric",
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("tier", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("start", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("upload_sum", sa.Double, nullable=False),
        sa.Column("download_sum", sa.Double, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in NUMBERS),
        sa.PrimaryKeyConstraint("name", "tier", "start", name="pk_metric"),
    )
    op.create_table(
        "counted",
        sa.Column("instance_id", sa.String(300), nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("uploaded", sa.BigInteger, nullable=False),
        sa.Column("downloaded", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_counted"),
    )
