"""The history by status, by user and by client, newest first, and searched by parts of a text."""

from alembic import op

from amutorrent.store.searching import make_search_index

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the indexes."""
    for column in ("status", "owner_id", "instance_id"):
        op.create_index(f"ix_history_{column}_started_at", "history", [column, "started_at", "id"])
    make_search_index(op.get_bind())
