"""The tables, as the newest revision has them. How older databases get there: `migrations/`."""

from sqlalchemy import Column, Integer, MetaData, String, Table, Text

LONGEST_NAME = 100
LONGEST_KEY = 500
LONGEST_CATEGORY = 255

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
    sqlite_autoincrement=True,  # an id is never given twice, even when its category was deleted
)
"""The app's categories but `Default`; `path_mappings` is a JSON object or NULL. Source: data-model 7."""
