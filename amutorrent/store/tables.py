"""The tables, as the newest revision has them. How older databases get there: `migrations/`."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, MetaData, String, Table, Text

LONGEST_NAME = 100
LONGEST_KEY = 500
LONGEST_CATEGORY = 255
LONGEST_USER_NAME = 64

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
