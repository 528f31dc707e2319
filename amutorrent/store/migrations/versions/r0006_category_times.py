"""When categories were made and changed, and the names that a client may still have of those that are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns, and make the table."""
    op.add_column("category", sa.Column("created_at", sa.BigInteger))
    op.add_column("category", sa.Column("updated_at", sa.BigInteger))
    op.create_table(
        "departed_category",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("instance_id", sa.String(300), nullable=False),
        sa.Column("successor", sa.String(255)),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", "instance_id", name="pk_departed_category"),
    )
