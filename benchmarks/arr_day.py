"""A day of polling in minutes: Sonarr and Radarr, each every few seconds. Run `python -m benchmarks.arr_day`.

A real day has 1,440 polls of each queue, 96 of the feed, and some grabs. Ends with 1 if a request failed, if memory
grew, or if the daemon logged a warning or an error.
"""

import argparse
import hashlib
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from .arr import App
from .host import cpu
from .servers import running

ITEMS = 2000
GROWTH_MB = 15
WARM = 0.2
"""So much of the time counts as the warm-up: caches fill, and the rings of the last requests."""
GRAB_EVERY, FEED_EVERY, HEALTH_EVERY = 20, 15, 50
"""Polls between two grabs, two looks at the feed, two health checks."""
EXPECTED = ("held the loop", "Authentication is off")


@dataclass
class Day:
    """Two apps at one daemon, and what came of it."""

    port: int
    process: psutil.Process
    every_s: float = 2.0
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    polls: dict[str, int] = field(default_factory=dict)

    def run(self, is_over: Callable[["Day"], bool], warm: Callable[["Day"], bool]) -> None:
        """Let both poll until it is over; memory is looked at when it is warm, and at the end."""
        over = threading.Event()
        apps = [App(self.port, "Sonarr/4.0.15", "tv"), App(self.port, "Radarr/5.28.0", "radarr")]
        threads = [threading.Thread(target=self._live, args=(app, over)) for app in apps]
        for each in threads:
            each.start()
        try:
            for reached in (warm, is_over):
                while not reached(self) and not self.wrong:
                    time.sleep(0.2)
                self.memory_mb.append(self.process.memory_info().rss / 2**20)
        finally:
            over.set()
            for each in threads:
                each.join()

    def _live(self, app: App, over: threading.Event) -> None:
        number = 0
        while not over.is_set():
            began = time.perf_counter()
            try:
                self._poll(app, number)
            except (AssertionError, OSError, ValueError) as error:
                self.wrong.append(f"{app.agent}: {error!r}")
            self.took.append(time.perf_counter() - began)
            number += 1
            self.polls[app.agent] = number
            over.wait(max(0.0, self.every_s - self.took[-1]))

    def _poll(self, app: App, number: int) -> None:
        rows = json.loads(app.queue())
        assert all(row["category"] == app.category for row in rows)
        if number % GRAB_EVERY == 1:
            self._grab(app, number)
        if number % FEED_EVERY == 2:
            feed = app.send("/indexer/amule/api?t=search&extended=1&offset=0&limit=100", fine=(200, 503))
            assert b"<rss" in feed or b"<error" in feed
        if number % HEALTH_EVERY == 3:
            assert app.category in json.loads(app.send("/api/v2/torrents/categories"))

    def _grab(self, app: App, number: int) -> None:
        """Grab something, find it, and take it from the queue again."""
        hash = hashlib.md5(f"{app.agent} {number}".encode(), usedforsecurity=False).hexdigest() + "0" * 8
        magnet = f"magnet:?xt=urn:btih:{hash}&dn=Some.Show.S01E{number:05d}.mkv&xl=300000"
        app.send("/api/v2/torrents/add", {"urls": magnet, "category": app.category})
        app.send(f"/api/v2/torrents/properties?hash={hash}")
        assert hash in {row["hash"] for row in json.loads(app.queue())}
        app.send("/api/v2/torrents/delete", {"hashes": hash, "deleteFiles": "true"})
        assert hash not in {row["hash"] for row in json.loads(app.queue())}

    def problems(self, log: str) -> Iterator[str]:
        """Name everything that must not be."""
        yield from self.wrong[:20]
        growth = self.memory_mb[-1] - self.memory_mb[0]
        if growth > GROWTH_MB:
            yield f"memory grew by {growth:.0f} MB"
        yield from (line for line in log.splitlines() if not any(words in line for words in EXPECTED))


def live(items: int, is_over: Callable[[Day], bool], warm: Callable[[Day], bool], every_s: float) -> tuple[Day, str]:
    """Run a daemon, and the two over it; gives what was seen, and the warnings and errors that it logged."""
    with tempfile.TemporaryDirectory() as folder:
        errors = Path(folder) / "errors"
        with (
            errors.open("wb") as stream,
            running("serve", items, "warn", module="benchmarks.arr", errors=stream) as (
                port,
                process,
            ),
        ):
            _wait_for_items(App(port, "", ""), items)
            day = Day(port, process, every_s)
            used, began = cpu(process), time.perf_counter()
            day.run(is_over, warm)
            share = (cpu(process) - used) / (time.perf_counter() - began)
            print(f"the daemon used {share:.1%} of one processor", flush=True)
        return day, errors.read_text("utf-8", "replace")


def _wait_for_items(app: App, items: int) -> None:
    while True:
        answer = app.send(f"/api/v2/torrents/info?offset={items - 1}&limit=1", fine=(200, 503))
        if answer.startswith(b"[{"):
            return
        time.sleep(0.2)


def main() -> None:
    """Live a day."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long it lasts (default: 10)")
    parser.add_argument("--items", type=int, default=ITEMS, help="how many other items there are (default: 2000)")
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two polls of an app (default: 2)")
    given = parser.parse_args()
    began = time.monotonic()

    def after(share: float) -> Callable[[Day], bool]:
        return lambda day: time.monotonic() - began > given.minutes * 60 * share

    day, log = live(given.items, after(1), after(WARM), given.every)
    polls = ", ".join(f"{agent} {number}" for agent, number in sorted(day.polls.items()))
    print(f"polls: {polls}; median {statistics.median(day.took) * 1000:.0f} ms, worst {max(day.took) * 1000:.0f} ms")
    print("resident {:.1f} MB when warm, {:.1f} MB at the end".format(*day.memory_mb))
    problems = [*day.problems(log)]
    print("\n".join(problems) or "nothing went wrong, and nothing was logged")
    raise SystemExit(1 if problems else 0)


if __name__ == "__main__":
    main()
