"""What the pictures of the docs show: clients of the laboratory that move made-up data.

It has the names of free films, books and systems.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from browser.past import entry, keep, measured
from browser.people import PASSWORD, make_admin
from lab import amule, ed2k, qbittorrent
from lab.amutorrent import AmutorrentDaemon, amutorrent
from lab.ports import free_port, own_address
from lab.qbittorrent import QBittorrentDaemon
from lab.seeder import Seeder, seeder
from lab.torrents import Torrent, make_torrent
from lab.tracker import Tracker, tracker
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file

MIB, KIB = 1 << 20, 1 << 10
TORRENTS = {  # name: client, category, MiB, kiB/s that the seeder gives (0: all there is)
    "Sintel.2010.1080p.BluRay.x264.mkv": ("nas", "Films", 24, 0),
    "Tears.of.Steel.2012.2160p.mkv": ("nas", "Films", 150, 420),
    "Big.Buck.Bunny.2008.1080p.mkv": ("engine", "Films", 20, 0),
    "Cosmos.Laundromat.2015.1080p.mkv": ("engine", "Films", 110, 310),
    "debian-12.8.0-amd64-netinst.iso": ("nas", "Linux", 16, 0),
    "ubuntu-24.04.1-desktop-amd64.iso": ("engine", "Linux", 220, 560),
    "Fedora-Workstation-41.iso": ("nas", "Linux", 60, 150),
    "LibriVox.The.Time.Machine.m4b": ("engine", "Books", 10, 0),
    "Gutenberg.Top.100.epub": ("engine", "Books", 12, 25),
}
SEASON = "Pioneer.One.S01.720p"
IN_SEASON = {
    **{f"{SEASON[:-5]}E{number:02}.720p.mkv": 9 * MIB for number in range(1, 7)},
    **{f"Subs/{language}/E{number:02}.srt": 40 * KIB for language in ("en", "es") for number in range(1, 7)},
    "Pioneer.One.nfo": 2 * KIB,
}
GIVEN = ("Archlinux-2024.11.01-x86_64.iso", 90, 260)  # what the NAS gives to the engine: MiB, kiB/s
ED2K = {
    "Night of the Living Dead (1968).avi": 5 * MIB,
    "Metropolis (1927).avi": 7 * MIB,
    "Caligari (1920) restored.mkv": 6 * MIB,
}
SHARED = {"His Girl Friday (1940).avi": 3 * MIB, "The General (1926).mkv": 4 * MIB}
FOUND = {
    "Nosferatu (1922) restored 1080p.mkv": 1_900_000_000,
    "Nosferatu (1922) piano score.mp3": 96_000_000,
    "Nosferatu - poster scans.zip": 41_000_000,
    "Nosferatu.1922.720p.avi": 734_000_000,
    "Bram Stoker - Dracula and Nosferatu.epub": 2_100_000,
}
LATE = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef00000000&dn=The.Lost.World.1925.mkv&xl=734003200"
CATEGORIES = {"Films": 0xF6823B, "Linux": 0x0B9EF5, "Books": 0x81B910}  # blue, green and red
PASSED = [
    "Plan.9.from.Outer.Space.1959.mkv",
    "Charade.1963.720p.mkv",
    "openSUSE-Leap-15.6.iso",
    "Elephants.Dream.2006.mkv",
]
NETWORKS = {"bittorrent": ["nas", "engine"], "ed2k": ["mule"]}
UNDER_WAY = 4
"""What the past calls still downloading, has no client here that does."""
SERVERS = "/api/v1/amule/servers"
LOGINS = 4


@contextmanager
def without_account(root: Path) -> Iterator[AmutorrentDaemon]:
    """Run our daemon as it is when it starts for the first time."""
    with amutorrent(root, [], auth={"enabled": True}) as ours:
        yield ours


@contextmanager
def world(root: Path) -> Iterator[AmutorrentDaemon]:
    """Run three clients with downloads of all kinds, and our daemon over them, which has a past and an admin, Ann."""
    with ExitStack() as stack:
        announce = stack.enter_context(tracker())
        gives = stack.enter_context(seeder(root / "seeder"))
        nas = stack.enter_context(qbittorrent.daemon(root / "nas"))
        server = stack.enter_context(ed2k.server(amule.free_port_with_udp(4), high="peer-a"))
        mule = amule.AMuleDaemon(root / "mule")
        for name, size in SHARED.items():
            make_ed2k_file(name, size).write(mule.incoming)
        mule.start()
        stack.callback(mule.stop)
        for number, (name, size) in enumerate(FOUND.items(), 1):
            server.list(f"{number:032x}", name, size, mule.nick)
        quiet = dict.fromkeys(("dht", "lsd", "pex", "utp"), False)
        place = {"port": free_port(), "interfaces": [own_address()], "downloadDir": str(root / "engine")}
        clients = [
            {**nas.settings, "id": "nas", "name": "NAS"},
            {"type": "libtorrent", "id": "engine", "name": "Built in", **place, **quiet},
            {**mule.settings, "id": "mule", "name": "Mule"},
        ]
        rows = [
            entry(number, filename=PASSED[number % len(PASSED)], category=("Films", "Linux")[number % 2])
            for number in range(1, 60)
            if number % 5 != UNDER_WAY
        ]
        keep(root / "ours", rows, measured(NETWORKS, hours=24))
        ours = stack.enter_context(amutorrent(root / "ours", clients, auth={"enabled": True}))
        make_admin(ours)
        wait_until(lambda: {ours.state(each) for each in ("nas", "engine", "mule")} == {"online"}, 60)
        connect(ours, server.port)
        fill(ours, announce, gives, nas)
        call_as_an_app(ours)
        yield ours


def connect(ours: AmutorrentDaemon, port: int) -> None:
    """Tell the ED2K client of the server, and connect it; a login may be lost, then once more."""
    ours.post(SERVERS, ip="localhost", port=port, name="TestServer", instanceId="mule")
    (listed,) = ours.get(SERVERS, instanceId="mule")["data"]
    for _ in range(LOGINS):
        where = {"ip": listed["ip"], "port": listed["port"], "instanceId": "mule"}
        ours.post(f"{SERVERS}/action", action="connect", **where)
        try:
            wait_until(lambda: any(each["connected"] for each in ours.get(SERVERS, instanceId="mule")["data"]), 8)
        except AssertionError:
            ours.post(f"{SERVERS}/action", action="disconnect", instanceId="mule")
        else:
            return
    raise AssertionError("no login to the ED2K server")


def fill(ours: AmutorrentDaemon, announce: Tracker, gives: Seeder, nas: QBittorrentDaemon) -> None:
    """Add the downloads, and wait until the quick ones are complete."""
    for name, color in CATEGORIES.items():
        ours.post("/api/v1/categories", title=name, color=color)
    complete = []
    for name, (client, category, mib, rate) in TORRENTS.items():
        torrent = make_torrent(name, mib * MIB, announce.url)
        add(ours, announce, gives, torrent, rate, client, category)
        complete += [] if rate else [(client, torrent.hash)]
    add(ours, announce, gives, make_torrent(SEASON, IN_SEASON, announce.url), 160, "engine", "Films")
    name, mib, rate = GIVEN
    given = make_torrent(name, mib * MIB, announce.url)
    nas.seed(given)
    nas.tell("torrents/setUploadLimit", hashes=given.hash, limit=str(rate * KIB))
    announce.wait_seeded(given.hash)
    ours.add_file(given, "engine", categoryName="Linux")
    links = [make_ed2k_file(name, size).uri for name, size in ED2K.items()]
    ours.post("/api/v1/downloads/ed2k", links=links, instanceId="mule")
    wait_until(lambda: all(ours.item(*each).get("complete") for each in complete), 120)


def add(
    ours: AmutorrentDaemon, announce: Tracker, gives: Seeder, torrent: Torrent, rate: int, client: str, category: str
) -> None:
    """Let the seeder have a torrent, and a client download it."""
    gives.seed(torrent, limit=rate * KIB)
    announce.wait_seeded(torrent.hash)
    ours.add_file(torrent, client, categoryName=category)


def call_as_an_app(ours: AmutorrentDaemon) -> None:
    """Ask what Sonarr or Radarr would, so that there is something to say of them."""
    key = ours.get("/api/auth/profile")["user"]["apiKey"]
    with httpx.Client(base_url=ours.url, headers={"User-Agent": "Radarr/5.14"}) as app:
        app.post("/api/v2/auth/login", data={"username": "ann", "password": key or PASSWORD}).raise_for_status()
        app.post("/api/v2/torrents/add", data={"urls": LATE, "category": "Films"}).raise_for_status()
        app.get("/api/v2/torrents/info", params={"category": "Films"}).raise_for_status()
