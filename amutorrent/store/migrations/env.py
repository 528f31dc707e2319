"""What Alembic runs: the migrations, over the connection and in the transaction that it was given."""

from alembic import context

from amutorrent.store.schema import VERSION_TABLE
from amutorrent.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
