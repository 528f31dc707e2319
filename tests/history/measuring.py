"""Two torrent clients and a mule, whose polls a test makes, and the metrics of them over a real database."""

from lab.info import info

from amutorrent import Changes, Totals
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.events import Events
from amutorrent.history import Metrics
from amutorrent.model.metrics import FINE, Bucket
from amutorrent.store import MetricShelf

A, B, MULE = "box-a", "box-b", "mule"
DAY = 86_400_000
START = 20_000 * DAY


class Stage:
    """Two torrent clients and a mule, whose polls a test makes, over a real database."""

    def __init__(self, store):
        self.now = START / 1000
        self.catalogue = Catalogue(Categories(), Events())
        self.shelf = MetricShelf(store)
        self.metrics = Metrics(self.catalogue, self.shelf, clock=lambda: self.now)
        for id, network in ((A, "bittorrent"), (B, "bittorrent"), (MULE, "ed2k")):
            self.catalogue.put_instance(id, info(type=id, name=id, network_type=network))

    async def poll(self, id, at, up=0, down=0, session="s", moved=None):
        self.now = START / 1000 + at
        uploaded, downloaded = moved or (0, 0)
        changes = Changes(
            full=True,
            upload_speed=up,
            download_speed=down,
            totals=Totals(uploaded=uploaded, downloaded=downloaded, session=session) if moved else None,
        )
        self.catalogue.set_stale(id, False)
        await self.catalogue.apply(id, changes)
        self.metrics.sampler.take(id, changes)

    async def saved(self, at=None):
        if at is not None:
            self.now = START / 1000 + at
        return await self.metrics.sampler.save()

    async def read(self, *ids, range="24h", step=FINE):
        return await self.metrics.read(range, step, self.metrics.choose(ids))


def rolled(rows, tier):
    """Make the rows of a tier as the database makes them: one by one."""
    kept = {}
    for row in rows:
        start = row.start - row.start % tier
        same = Bucket(**{**{name: getattr(row, name) for name in row.__struct_fields__}, "tier": tier, "start": start})
        kept[row.name, start] = kept[row.name, start].plus(same) if (row.name, start) in kept else same
    return list(kept.values())
