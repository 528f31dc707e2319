"""The tables, as the newest revision has them. How older databases get there: `migrations/`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

LONGEST_NAME = 100
LONGEST_KEY = 500
LONGEST_CATEGORY = 255
LONGEST_USER_NAME = 64
LONGEST_SORTED = 200
"""So much of a text decides its place in an order: an index of PostgreSQL takes no long ones."""

metadata = MetaData(
    naming_convention={  # without names SQLite could never change a constraint again
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

record = Table(
    "record",
    metadata,
    Column("owner", String(LONGEST_NAME), primary_key=True),
    Column("collection", String(LONGEST_NAME), primary_key=True),
    Column("key", String(LONGEST_KEY), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What plugins keep: one JSON text for each owner (the plugin's name), collection and key."""

category = Table(
    "category",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(LONGEST_CATEGORY), nullable=False, unique=True),
    Column("path", Text, nullable=False),
    Column("color", Integer, nullable=False),
    Column("comment", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("path_mappings", Text),
    Column("created_at", BigInteger),
    Column("updated_at", BigInteger),
    sqlite_autoincrement=True,  # an id is never given twice, even when its category was deleted
)
"""The app's categories; `path_mappings` is a JSON object or NULL. `Default` is here, with id 0, once it was changed.

The times are in ms; NULL in rows that were written before there were any. Source: data-model 7.
"""

departed_category = Table(
    "departed_category",
    metadata,
    Column("name", String(LONGEST_CATEGORY), primary_key=True),
    Column("instance_id", String(300), primary_key=True),
    Column("successor", String(LONGEST_CATEGORY)),
    Column("since", BigInteger, nullable=False),
)
"""Names that are no categories any more and that an instance may still have; `successor` NULL: it was deleted."""

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(LONGEST_USER_NAME), nullable=False),
    Column("folded", String(LONGEST_USER_NAME), nullable=False, unique=True),
    Column("is_admin", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("permissions", Text, nullable=False),
    Column("password_hash", String(255)),
    Column("key_generation", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("last_login_at", BigInteger),
    Column("legacy_key", String(64)),
    sqlite_autoincrement=True,  # an id is in the API key: it is never given to somebody else
)
"""Who may sign in; `folded` is the name without its capitals, `permissions` a JSON list. Source: data-model 8."""

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
"""Who is signed in with a cookie."""

preference = Table(
    "preference",
    metadata,
    Column("account_id", Integer, primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
)
"""What the UI remembers for a user, a JSON object; `account_id` 0 is the nameless admin without authentication."""

counter = Table(
    "counter",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),
)
"""Numbers that grow with each change of something, so that another program sees that it has to read again."""

ownership = Table(
    "ownership",
    metadata,
    Column("instance_id", String(300), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("since", BigInteger, nullable=False),
)
"""Who added an item; what is not here belongs to nobody."""

move = Table(
    "move",
    metadata,
    Column("instance_id", String(300), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("phase", String(20), nullable=False),
    Column("plan", Text, nullable=False),
    Column("user_name", String(LONGEST_USER_NAME), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("error", Text),
)
"""Moves of data that have begun and not ended: after a crash they go on, or are undone."""

history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("instance_id", String(300), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("instance_name", String(LONGEST_SORTED), nullable=False),
    Column("client_type", String(LONGEST_NAME), nullable=False),
    Column("network_type", String(LONGEST_NAME), nullable=False),
    Column("filename", Text, nullable=False),
    Column("sort_name", String(LONGEST_SORTED), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("category", String(LONGEST_CATEGORY), nullable=False),
    Column("path", Text, nullable=False),
    Column("tracker_domain", String(LONGEST_CATEGORY), nullable=False),
    Column("owner_id", Integer, nullable=False),
    Column("username", String(LONGEST_USER_NAME), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("completed_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("downloaded", BigInteger, nullable=False),
    Column("uploaded", BigInteger, nullable=False),
    Column("ratio", Double, nullable=False),
    Column("search_text", Text, nullable=False),
    UniqueConstraint("hash", "instance_id"),
    sqlite_autoincrement=True,
)
"""One row for each download of each instance; 0 and "" where there is nothing. Source: data-model 9.

`sort_name` and `search_text` are without capitals: the beginning of the name, and all that is searched.
"""

HISTORY_ORDERS = (
    "sort_name", "size", "status", "started_at", "completed_at", "username", "owner_id", "instance_id",
    "instance_name", "client_type", "network_type", "category", "deleted_at", "last_seen_at", "downloaded",
    "uploaded", "ratio", "tracker_domain",
)  # fmt: skip
"""The columns with an index that gives a page in their order without looking at the other rows."""
for _column in HISTORY_ORDERS:
    Index(f"ix_history_{_column}", history.c[_column], history.c.id)
for _column in ("status", "owner_id", "instance_id"):
    Index(f"ix_history_{_column}_started_at", history.c[_column], history.c.started_at, history.c.id)
"""Newest first is what people look at, and these are what they choose by. The index for searches: `searching.py`."""

metric = Table(
    "metric",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("tier", BigInteger, primary_key=True, autoincrement=False),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("slots", BigInteger, nullable=False),
    Column("upload_sum", Double, nullable=False),
    Column("download_sum", Double, nullable=False),
    Column("upload_peak", BigInteger, nullable=False),
    Column("download_peak", BigInteger, nullable=False),
    Column("uploaded", BigInteger, nullable=False),
    Column("downloaded", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)
"""Speeds and bytes of an instance, or of all, in buckets of 15 s, of 15 min and of a day. Source: data-model 10."""

counted = Table(
    "counted",
    metadata,
    Column("instance_id", String(300), primary_key=True),
    Column("session", Text, nullable=False),
    Column("uploaded", BigInteger, nullable=False),
    Column("downloaded", BigInteger, nullable=False),
)
"""The totals of each client up to which its bytes are in `metric`."""
