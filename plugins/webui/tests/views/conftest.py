"""Views in a real browser over real daemons: what every module of these tests needs."""

import json
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import trio
from browser.conftest import browser, page  # noqa: F401  fixtures of these tests, too
from lab.amutorrent import amutorrent
from playwright.sync_api import expect

from amutorrent.model.history import HistoryRow
from amutorrent.model.metrics import DAY, FINE, MIDDLE, TOTAL, Bucket
from amutorrent.store import HistoryShelf, MetricShelf, Store, locate

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": (360, 740), "tablet": (768, 1000), "desktop": (1440, 900)}
HOUR_MS = 3_600_000
expect.set_options(timeout=20_000)


def serious(page) -> list[str]:
    """Give what axe finds on a page that is serious or critical, in words."""
    found = page.evaluate(AXE.read_text() + "; axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def assert_accessible(page) -> None:
    """Check a page as it stands, in light and in dark."""
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        assert serious(page) == [], theme


def assert_fits(page) -> None:
    """Nothing scrolls sideways at any size."""
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)
        wide = page.evaluate("[...document.querySelectorAll('body, .page, .app-content')].map(e => e.scrollWidth - e.clientWidth)")
        assert max(wide) <= 0, name
    page.set_viewport_size({"width": 1280, "height": 720})


@pytest.fixture(params=SIZES)
def sized(request, page):  # noqa: F811  the fixture
    """A page of one of the sizes."""
    width, height = SIZES[request.param]
    page.set_viewport_size({"width": width, "height": height})
    return page


def keep(folder: Path, rows=(), buckets=()) -> None:
    """Put history and metrics into the database that a daemon will open there."""

    async def work() -> None:
        store = Store(locate("", folder))
        async with trio.open_nursery() as nursery:
            await nursery.start(store.run)
            if rows:
                await HistoryShelf(store).change([("", "")], lambda found: list(rows))
            if buckets:
                await MetricShelf(store).add(list(buckets), [])
            nursery.cancel_scope.cancel()

    folder.mkdir(parents=True, exist_ok=True)
    trio.run(work)


def entry(number: int, **changed) -> HistoryRow:
    """A row of the history; the higher the number, the longer ago."""
    started = int(time.time() * 1000) - number * HOUR_MS
    status = ("completed", "completed", "deleted", "missing", "downloading")[number % 5]
    values = {
        "instance_id": "gone",
        "hash": f"{number:032x}",
        "instance_name": "An old client",
        "client_type": "amule",
        "network_type": "ed2k",
        "filename": f"Some.Show.S{number % 20:02d}E{number % 12:02d}.1080p.WEB-{number:04d}.mkv",
        "size": 700_000_000 + number * 1_234_567,
        "status": status,
        "category": ("Default", "tv")[number % 2],
        "path": f"/downloads/{number}",
        "tracker_domain": "",
        "owner_id": 0,
        "username": "external",
        "started_at": started,
        "completed_at": started + HOUR_MS if status != "downloading" else 0,
        "deleted_at": started + 2 * HOUR_MS if status == "deleted" else 0,
        "last_seen_at": started + 2 * HOUR_MS,
        "downloaded": 700_000_000,
        "uploaded": number * 9_000_000,
        "ratio": number / 80,
        **changed,
    }
    return HistoryRow(**values)


def measured(networks: dict[str, list[str]], days: int = 40) -> list[Bucket]:
    """Buckets as if instances had moved things for so many days: network -> its instances."""
    now = int(time.time() * 1000)
    found = []
    for tier, span in ((FINE, 24 * HOUR_MS), (MIDDLE, 31 * DAY), (DAY, days * DAY)):
        for start in range((now - span) // tier * tier, now, tier * (4 if tier == FINE else 1)):
            hours = start / HOUR_MS
            wave = 1 + (hours * 7919 % 24) / 24
            names = [f"*{network}" for network in networks] + [each for ids in networks.values() for each in ids]
            for index, name in enumerate([TOTAL, *names]):
                share = 1 if name == TOTAL else 1 / (index + 1)
                down, up = int(3_000_000 * wave * share), int(700_000 * (3 - wave) * share)
                slots = max(1, tier // FINE)
                found.append(
                    Bucket(
                        name=name,
                        tier=tier,
                        start=start,
                        slots=slots,
                        upload_sum=up * slots,
                        download_sum=down * slots,
                        upload_peak=up * 2,
                        download_peak=down * 2,
                        uploaded=up * tier // 1000,
                        downloaded=down * tier // 1000,
                        first_at=start,
                        last_at=start + tier - 1,
                    )
                )
    return found


@contextmanager
def ours(folder: Path, clients=(), *, rows=(), buckets=(), **server):
    """Run our own daemon over such clients, with such a past."""
    keep(folder, rows, buckets)
    with amutorrent(folder, list(clients), **server) as running:
        yield running


def preferences(page) -> dict[str, object]:
    """What the account of the page has arranged."""
    return json.loads(page.request.get(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/api/auth/preferences").text())
