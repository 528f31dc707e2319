"""A data directory of ours that takes over what the Node program left, and what is found in it afterwards."""

import json
import time

import trio
from backup.conftest import Home
from sqlalchemy import select

from amutorrent.legacy import import_legacy
from amutorrent.model.metrics import DAY, FINE, MIDDLE
from amutorrent.plugins import load_plugins
from amutorrent.settings import ClientTypes, Settings
from amutorrent.store import MetricShelf
from amutorrent.store.tables import metadata

NOW = int(time.time() * 1000)
TYPES = load_plugins()


class NewHome(Home):
    """A data directory that takes over."""

    def take(self, old, **options):
        settings = Settings(self.path, environ={})
        types = ClientTypes(TYPES.client_types, TYPES.unavailable)
        settings.resolve_clients(types.provided, types.unavailable)

        async def hashed(password):
            return f"hashed {password}"

        report = trio.run(lambda: import_legacy(old.path, settings, types, hashed, **options))
        return {each.name: each for each in report.files}

    def dump(self):
        """Give all rows of all tables, and the settings."""

        def rows(connection):
            return {
                each.name: sorted(map(tuple, connection.execute(select(each))), key=repr)
                for each in metadata.sorted_tables
                if each.name != "counter"
            }

        found = self.use(lambda store, accounts: store.read(rows))
        return found, json.loads((self.path / "config.json").read_text())


def counts(report):
    return {name: (each.read, each.taken, each.known, len(each.skipped)) for name, each in report.items()}


def moved(home):
    """Give the bytes up and down of each name, by tier."""

    async def look(store, accounts):
        shelf, found = MetricShelf(store), {}
        for name in ("main", "rt", "qb", "*", "*ed2k", "*bittorrent"):
            for tier in (FINE, MIDDLE, DAY):
                rows = await shelf.fold([name], tier, 0, 2**62, list)
                found[name, tier] = (sum(each.uploaded for each in rows), sum(each.downloaded for each in rows))
        return found

    return home.use(look)
