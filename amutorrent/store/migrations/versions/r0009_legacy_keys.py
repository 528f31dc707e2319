"""API keys that were taken over from the program before this one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column."""
    op.add_column("account", sa.Column("legacy_key", sa.String(64)))
