"""What Prometheus reads: how the daemon and its clients are. Source: http-api 10 (GET /metrics).

Everything is gathered on the loop, in pieces, and made into text in a worker thread; who asks again within a second
gets the same text. Labels are instance ids, statuses and such: never a name or a hash, of which there is no end.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, get_args

import trio
from msgspec import Struct

from .catalogue import Catalogue
from .client import Changes
from .instances import Instances
from .model import InstanceState, Status
from .watchdog import Watchdog

if TYPE_CHECKING:
    from prometheus_client.core import Metric

LATENCY_EVERY_S = 5.0
FRESH_S = 1.0
SLICE = 2000
"""So many items are counted before others get a turn."""
POLL_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
LATENCY_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Histogram:
    """Counts values by the first bound that they do not pass."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def copy(self) -> tuple[list[tuple[str, float]], float]:
        """Give the bounds with the numbers of values up to each, and the sum of all."""
        total, buckets = 0, list[tuple[str, float]]()
        for bound, count in zip((*map(str, self._bounds), "+Inf"), self._counts, strict=True):
            total += count
            buckets.append((bound, total))
        return buckets, self._sum


class Facts(Struct, frozen=True, kw_only=True):
    """All that is told at one moment; instances by their ids."""

    version: str
    states: Mapping[str, int]
    connected: Mapping[str, tuple[str, bool]]
    items: Mapping[tuple[str, str], int]
    speeds: Mapping[str, tuple[int, int]]
    moved: Mapping[str, tuple[int, int]]
    polls: Mapping[str, tuple[list[tuple[str, float]], float]]
    latency: tuple[list[tuple[str, float]], float]
    longest_step_s: float
    slow_steps: int
    logins: Mapping[str, int]
    sockets: int
    drops: int
    saves: bool
    disk_free: int | None


class Telemetry:
    """Gathers the facts. `run` measures how late the loop is."""

    def __init__(
        self,
        version: str,
        catalogue: Catalogue,
        instances: Instances,
        watchdog: Watchdog,
        *,
        moved: Callable[[], Mapping[str, tuple[int, int]]] = dict,
        logins: Callable[[], Mapping[str, int]] = dict,
        saves: Callable[[], bool] = lambda: True,
        disk_free: Callable[[], int | None] = lambda: None,
    ) -> None:
        """`moved` gives the bytes up and down of each instance since the start, `saves` whether the database works."""
        self._version = version
        self._catalogue = catalogue
        self._instances = instances
        self._watchdog = watchdog
        self._moved, self._logins, self._saves, self._disk_free = moved, logins, saves, disk_free
        self._polls: dict[str, Histogram] = {}
        self._latency = Histogram(LATENCY_S)
        self._making = trio.Lock()
        self._made: tuple[float, bytes] = (-FRESH_S, b"")

    def polled(self, instance_id: str, changes: Changes) -> None:
        """Take note of how long a poll took."""
        took_ms = self._instances.get(instance_id).info().last_poll_ms
        if took_ms is not None:
            self._polls.setdefault(instance_id, Histogram(POLL_S)).observe(took_ms / 1000)

    async def run(self) -> None:
        """Measure every few seconds how much later than it should this goes on; until cancelled."""
        while True:
            due = trio.current_time() + LATENCY_EVERY_S
            await trio.sleep_until(due)
            self._latency.observe(trio.current_time() - due)

    async def text(self, sockets: int, drops: int) -> bytes:
        """Give everything in the text format of Prometheus."""
        async with self._making:
            if trio.current_time() - self._made[0] >= FRESH_S:
                facts = await self._gather(sockets, drops)
                made = await trio.to_thread.run_sync(_text, facts)
                self._made = (trio.current_time(), made)
            return self._made[1]

    async def _gather(self, sockets: int, drops: int) -> Facts:
        items = await self._count_items()
        known = {each.id: each for each in self._instances.all()}
        states = Counter(each.state for each in known.values())
        self._polls = {id: each for id, each in self._polls.items() if id in known}
        watched = self._watchdog.statistics()
        return Facts(
            version=self._version,
            states={state: states[state] for state in get_args(InstanceState)},
            connected={id: (each.config.type, each.connected) for id, each in known.items()},
            items=items,
            speeds={
                id: (source.speeds.upload_speed, source.speeds.download_speed)
                for id, source in self._catalogue.sources.items()
                if source.speeds is not None
            },
            moved={id: each for id, each in self._moved().items() if id in known},
            polls={id: each.copy() for id, each in self._polls.items()},
            latency=self._latency.copy(),
            longest_step_s=watched.longest_s,
            slow_steps=watched.over,
            logins=dict(self._logins()),
            sockets=sockets,
            drops=drops,
            saves=self._saves(),
            disk_free=self._disk_free(),
        )

    async def _count_items(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for id, source in list(self._catalogue.sources.items()):
            counts = dict.fromkeys(get_args(Status), 0)
            for number, entry in enumerate(list(source.entries.values())):
                if number % SLICE == SLICE - 1:
                    await trio.lowlevel.checkpoint()
                counts[entry.item.status] += 1
            found |= {(id, status): count for status, count in counts.items()}
        return found


def _text(facts: Facts) -> bytes:
    """Write it down; for a worker thread."""
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest  # late: it is slow to import
    from prometheus_client.registry import Collector

    class Moment(Collector):
        def collect(self) -> "Iterable[Metric]":
            return _metrics(facts)

    registry = CollectorRegistry()
    registry.register(Moment())
    ProcessCollector(registry=registry)
    text: bytes = generate_latest(registry)
    return text


def _metrics(facts: Facts) -> "Iterable[Metric]":
    yield from _of_instances(facts)
    yield from _of_the_daemon(facts)


def _of_instances(facts: Facts) -> "Iterable[Metric]":
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    states = GaugeMetricFamily("amutorrent_instances", "Configured clients by state.", labels=["state"])
    for state, count in facts.states.items():
        states.add_metric([state], count)
    connected = GaugeMetricFamily(
        "amutorrent_instance_connected", "Whether a client answers.", labels=["instance", "type"]
    )
    for id, (kind, is_connected) in facts.connected.items():
        connected.add_metric([id, kind], is_connected)
    items = GaugeMetricFamily("amutorrent_items", "Items in the list by status.", labels=["instance", "status"])
    for key, count in facts.items.items():
        items.add_metric(key, count)
    speeds = GaugeMetricFamily(
        "amutorrent_speed_bytes_per_second", "Speed of a client now.", labels=["instance", "direction"]
    )
    moved = CounterMetricFamily(
        "amutorrent_transferred_bytes", "Bytes that a client counted.", labels=["instance", "direction"]
    )
    for family, found in ((speeds, facts.speeds), (moved, facts.moved)):
        for id, (up, down) in found.items():
            family.add_metric([id, "up"], up)
            family.add_metric([id, "down"], down)
    polls = HistogramMetricFamily("amutorrent_poll_seconds", "How long good polls took.", labels=["instance"])
    for id, (buckets, total) in facts.polls.items():
        polls.add_metric([id], buckets, total)
    yield from (states, connected, items, speeds, moved, polls)


def _of_the_daemon(facts: Facts) -> "Iterable[Metric]":
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    build = GaugeMetricFamily("amutorrent_build_info", "The version that runs.", labels=["version"])
    build.add_metric([facts.version], 1)
    latency = HistogramMetricFamily("amutorrent_loop_latency_seconds", "How late the event loop was.")
    latency.add_metric([], *facts.latency)
    logins = CounterMetricFamily("amutorrent_logins", "Passwords and API keys that were shown.", labels=["result"])
    for result, count in facts.logins.items():
        logins.add_metric([result], count)
    yield from (build, latency, logins)
    yield GaugeMetricFamily(
        "amutorrent_loop_longest_step_seconds", "The longest step since the start.", facts.longest_step_s
    )
    yield CounterMetricFamily("amutorrent_loop_slow_steps", "Steps that held the loop above 50 ms.", facts.slow_steps)
    yield GaugeMetricFamily("amutorrent_sockets", "Open WebSockets.", facts.sockets)
    yield CounterMetricFamily(
        "amutorrent_socket_queue_drops", "How often a slow socket lost its queue and got a full list.", facts.drops
    )
    yield GaugeMetricFamily("amutorrent_storage_usable", "Whether the database works.", int(facts.saves))
    if facts.disk_free is not None:
        yield GaugeMetricFamily(
            "amutorrent_disk_free_bytes", "Free on the disk of the data directory.", facts.disk_free
        )
