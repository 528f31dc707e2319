"""What became of each download."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ORDERS = (
    "sort_name", "size", "status", "started_at", "completed_at", "username", "owner_id", "instance_id",
    "instance_name", "client_type", "network_type", "category", "deleted_at", "last_seen_at", "downloaded",
    "uploaded", "ratio", "tracker_domain",
)  # fmt: skip


def upgrade() -> None:
    """Make the table, and an index for each order."""
    op.create_table(
        "history",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("instance_id", sa.String(300), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("instance_name", sa.String(200), nullable=False),
        sa.Column("client_type", sa.String(100), nullable=False),
        sa.Column("network_type", sa.String(100), nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("sort_name", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("category", sa.String(255), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("tracker_domain", sa.String(255), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("completed_at", sa.BigInteger, nullable=False),
        sa.Column("deleted_at", sa.BigInteger, nullable=False),
        sa.Column("last_seen_at", sa.BigInteger, nullable=False),
        sa.Column("downloaded", sa.BigInteger, nullable=False),
        sa.Column("uploaded", sa.BigInteger, nullable=False),
        sa.Column("ratio", sa.Double, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
        sa.UniqueConstraint("hash", "instance_id", name="uq_history_hash_instance_id"),
        sqlite_autoincrement=True,
    )
    for column in ORDERS:
        op.create_index(f"ix_history_{column}", "history", [column, "id"])
