"""Draw the pictures of the docs: `.venv/bin/python contrib/pictures.py`, once `contrib/test` has installed all.

Real clients of the laboratory move made-up data with names of free films and systems; Chromium looks at it.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lab import amule, qbittorrent  # noqa: E402  # tests/ is found by the line above
from lab.amutorrent import AmutorrentDaemon, amutorrent  # noqa: E402
from lab.ports import free_port, own_address  # noqa: E402
from lab.seeder import Seeder, seeder  # noqa: E402
from lab.torrents import make_torrent  # noqa: E402
from lab.tracker import Tracker, tracker  # noqa: E402
from lab.waiting import wait_until  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from amutorrent.testing import make_ed2k_file, require  # noqa: E402

MIB = 1 << 20
TORRENTS = {  # name: client, category, MiB, kiB/s that the seeder gives (0: all there is)
    "Sintel.2010.1080p.BluRay.x264.mkv": ("nas", "Films", 24, 0),
    "Tears.of.Steel.2012.2160p.mkv": ("nas", "Films", 48, 420),
    "Big.Buck.Bunny.2008.1080p.mkv": ("engine", "Films", 20, 0),
    "Cosmos.Laundromat.2015.1080p.mkv": ("engine", "Films", 36, 310),
    "debian-12.8.0-amd64-netinst.iso": ("nas", "Linux", 16, 0),
    "ubuntu-24.04.1-desktop-amd64.iso": ("engine", "Linux", 64, 560),
    "Fedora-Workstation-41.iso": ("nas", "Linux", 40, 150),
    "LibriVox.The.Time.Machine.m4b": ("engine", "Books", 10, 0),
    "Gutenberg.Top.100.epub": ("engine", "Books", 6, 25),
}
ED2K = {
    "Night of the Living Dead (1968).avi": 5 * MIB,
    "Metropolis (1927).avi": 7 * MIB,
    "Caligari (1920) restored.mkv": 6 * MIB,
}
SHARED = {"His Girl Friday (1940).avi": 3 * MIB, "The General (1926).mkv": 4 * MIB}
CATEGORIES = {"Films": 0xF6823B, "Linux": 0x0B9EF5, "Books": 0x81B910}  # blue, green and red
DESK, PHONE = {"width": 1440, "height": 810}, {"width": 390, "height": 780}
PICTURES = (
    # file, path, window, theme
    ("downloads-dark", "/downloads", DESK, "dark"),
    ("home", "/", DESK, "light"),
    ("phone", "/downloads", PHONE, "light"),
    ("statistics", "/statistics", DESK, "dark"),
    ("clients", "/settings/clients", DESK, "light"),
)


@contextmanager
def world(root: Path) -> Iterator[AmutorrentDaemon]:
    """Run three clients with downloads of all kinds, and our daemon over them."""
    with ExitStack() as stack:
        announce = stack.enter_context(tracker())
        gives = stack.enter_context(seeder(root / "seeder"))
        nas = stack.enter_context(qbittorrent.daemon(root / "nas"))
        mule = amule.AMuleDaemon(root / "mule")
        for name, size in SHARED.items():
            make_ed2k_file(name, size).write(mule.incoming)
        mule.start()
        stack.callback(mule.stop)
        quiet = dict.fromkeys(("dht", "lsd", "pex", "utp"), False)
        place = {"port": free_port(), "interfaces": [own_address()], "downloadDir": str(root / "engine")}
        clients = [
            {**nas.settings, "id": "nas", "name": "NAS"},
            {"type": "libtorrent", "id": "engine", "name": "Built in", **place, **quiet},
            {**mule.settings, "id": "mule", "name": "Mule"},
        ]
        ours = stack.enter_context(amutorrent(root / "ours", clients))
        fill(ours, announce, gives)
        yield ours


def fill(ours: AmutorrentDaemon, announce: Tracker, gives: Seeder) -> None:
    """Add the downloads, and wait until the quick ones are complete."""
    wait_until(lambda: {ours.state(each) for each in ("nas", "engine", "mule")} == {"online"}, 60)
    for name, color in CATEGORIES.items():
        ours.post("/api/v1/categories", title=name, color=color)
    complete = []
    for name, (client, category, mib, rate) in TORRENTS.items():
        torrent = make_torrent(name, mib * MIB, announce.url)
        gives.seed(torrent, limit=rate * 1024)
        announce.wait_seeded(torrent.hash)
        ours.add_file(torrent, client, categoryName=category)
        complete += [] if rate else [(client, torrent.hash)]
    links = [make_ed2k_file(name, size).uri for name, size in ED2K.items()]
    ours.post("/api/v1/downloads/ed2k", links=links, instanceId="mule")
    wait_until(lambda: all(ours.item(*each).get("complete") for each in complete), 120)


def draw(browser: Browser, ours: AmutorrentDaemon, folder: Path) -> None:
    """Take each picture, and one with the details open."""
    for name, path, size, theme in PICTURES:
        context = browser.new_context(viewport=size, color_scheme=theme, locale="en-GB", reduced_motion="reduce")
        page = context.new_page()
        page.goto(ours.url + path)
        page.wait_for_timeout(4000)  # speeds, charts and maps have arrived by then
        page.screenshot(path=folder / f"{name}.png")
        if path == "/downloads" and size == DESK:
            page.get_by_role("link", name="ubuntu-24.04.1").click()
            page.wait_for_timeout(2500)
            page.screenshot(path=folder / "details-dark.png")
        context.close()


def main() -> None:
    """Run the world, and draw it."""
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="media-") as root, world(Path(root)) as ours, sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=require("chromium"), args=["--no-sandbox"])
        draw(browser, ours, folder)
        browser.close()


if __name__ == "__main__":
    main()
