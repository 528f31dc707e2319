"""The indexer as the apps use it: a real amuled on a local ED2K network, our own daemon, and the apps' requests.

The order of requests is that of Sonarr, Radarr and Prowlarr. Source: arr-contract 6.
"""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest
from lab import amule, ed2k
from lab.amutorrent import AmutorrentDaemon
from lab.peers import DOWNLOADER, World
from lab.torznab import read_feed
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]

APPS = {
    "Accept": "application/rss+xml, text/rss+xml, application/xml, text/xml",
    "User-Agent": "Sonarr/4.0.15 (debian)",
}
DEADLINE_S = 20
EPISODE = make_ed2k_file("Some.Show.S01E05.720p.WEB.x264-GRP.mkv", 300_000)
OTHER_EPISODE = make_ed2k_file("Some Show 1x06 & more ü.avi", 200_000)
MOVIE = make_ed2k_file("A Movie of 2019 1080p.mkv", 400_000)
SONG = make_ed2k_file("A Movie of 2019 (theme).mp3", 100_000)
LONG = make_ed2k_file("one two three four five six seven eight nine ten eleven twelve S02E03.mkv", 100_000)
EVERYTHING = [EPISODE, OTHER_EPISODE, MOVIE, SONG, LONG]


class Indexer(World):
    """Our daemon over one amuled, and the requests of the apps."""

    def __init__(self, server, mule, ours, key):
        super().__init__(server, mule, mule, ours)
        self.mule, self.key = mule, key

    def ask(self, query, path=f"/indexer/{DOWNLOADER}/api", key=None):
        """Make a request with a query as an app writes it."""
        key = self.key if key is None else key
        return httpx.get(f"{self.ours.url}{path}?{query}&apikey={key}", headers=APPS, timeout=100)

    def feed(self, query, **options):
        """Make a request that is answered with a feed; gives its items."""
        answer = self.ask(query, **options)
        assert self.key not in answer.text
        return read_feed(answer)

    def error(self, query, **options):
        """Make a request that is refused; gives status and code."""
        answer = self.ask(query, **options)
        root = ElementTree.fromstring(answer.content)
        assert root.tag == "error", answer.text
        return answer.status_code, int(root.get("code"))


@pytest.fixture(scope="module")
def indexer(tmp_path_factory):
    root = tmp_path_factory.mktemp("torznab")
    with (
        ed2k.server(amule.free_port_with_udp(4), high="peer-b") as server,
        amule.daemon(root / "b", nick="peer-b") as mule,
    ):
        for file in EVERYTHING:
            server.list(file.hash, file.name, file.size, "nobody")
        section = "AMUTORRENT_PLUGINS__TORZNAB__"
        environment = {f"{section}SEARCH_DELAY_SECONDS": "0", f"{section}DEADLINE_SECONDS": str(DEADLINE_S)}
        clients = [{**mule.settings, "id": DOWNLOADER}]
        ours = AmutorrentDaemon(root / "ours", clients, environment=environment, auth={"enabled": True})
        add = ["users", "add", "ann", "--admin", "--json", "--data-dir", str(ours.data_dir)]
        made = subprocess.run(
            [sys.executable, "-m", "amutorrent", *add], check=True, capture_output=True, stdin=subprocess.DEVNULL
        )
        key = json.loads(made.stdout)["user"]["apiKey"]
        ours.http.headers["X-API-Key"] = key
        ours.secrets.add(key)
        ours.start()
        try:
            wait_until(lambda: ours.state(DOWNLOADER) == "online", 30)
            found = Indexer(server, mule, ours, key)
            found.join(DOWNLOADER)
            yield found
        finally:
            ours.stop()
            ours.http.close()
        assert ours.told() == []


def test_the_test_button_of_each_app_passes_before_anything_was_found(indexer):
    both = "/indexer/amule/api", "/indexer/amule/api/api"
    for path in both:
        for query in ("t=tvsearch&cat=5030,5040", "t=movie&cat=2000,2010,2020,2030,2040,2045,2050,2060", "t=search"):
            (item,) = indexer.feed(f"{query}&extended=1&offset=0&limit=100", path=path)
            assert "S0" not in item.title
            assert indexer.feed(f"{query}&extended=1&offset=100&limit=100", path=path) == []
        caps = ElementTree.fromstring(indexer.ask("t=caps", path=path).content)
        modes = {each.tag: each.get("supportedParams").split(",") for each in caps.find("searching")}
        assert {"q", "season", "ep"} <= {*modes["tv-search"]}
        assert modes["search"] == ["q"]
        assert {"2000", "5000"} <= {each.get("id") for each in caps.find("categories")}
    assert indexer.error("t=caps", key="wrong") == (401, 100)
    assert indexer.error("t=caps", key="") == (401, 100)
    assert indexer.server.searches == []


def test_an_episode_is_found_as_sonarr_asks_for_it(indexer):
    frame = "t=tvsearch&cat=5030,5040&extended=1&offset=0&limit=100"
    assert indexer.feed(f"{frame}&tvdbid=12345&season=1&ep=5") == []
    (item,) = indexer.feed(f"{frame}&q=Some%20Show&season=1&ep=5")
    assert (item.title, item.size, item.hash) == (EPISODE.name, EPISODE.size, EPISODE.hash + "0" * 8)
    assert (item.seeders, item.peers) == (1, 1)
    assert item.categories >= {5000, 5030, 5040}
    assert {each.title for each in indexer.feed(f"{frame}&q=Some%20Show&season=1")} >= {
        EPISODE.name,
        OTHER_EPISODE.name,
    }
    (anime,) = indexer.feed("t=search&cat=5070&q=some+show+06")
    assert anime.title == OTHER_EPISODE.name


def test_a_movie_is_found_as_radarr_and_prowlarr_ask_for_it(indexer):
    (item,) = indexer.feed("t=search&cat=2000,2040&extended=1&q=A%20Movie%20of%202019&offset=0&limit=100")
    assert (item.title, item.categories) == (MOVIE.name, {2000, 2040})
    found = indexer.feed("t=search&extended=1&q=a+movie+of+2019")
    assert {each.title: each.categories for each in found} == {MOVIE.name: {2000, 2040}, SONG.name: {3000, 3010}}
    (song,) = indexer.feed("t=music&cat=3000,3010&q=movie+theme")
    assert song.title == SONG.name


def test_trap_32_what_the_client_refuses_is_never_sent(indexer):
    words = "one two three four five six seven eight nine ten eleven twelve"
    refused = indexer.ours.http.post("/api/v1/search", json={"query": words, "instanceId": DOWNLOADER})
    assert refused.status_code == 502, refused.text
    assert indexer.feed(f"t=search&q={words}")[0].title == LONG.name
    assert indexer.feed(f"t=tvsearch&q={words}&season=2&ep=3")[0].title == LONG.name


@pytest.mark.parametrize(
    "title",
    [
        "一 二 三 四 五 六 七 八 九 十 零 電",
        "romeo and not juliet",
        "OR AND NOT x",
        'a "quoted (title',
        "-minus @size>5 ed2k::",
        "7",
        "\u0436\u0437 \U0001f600 \u7535\u5f71",
    ],
)
def test_trap_32_no_title_is_a_syntax_error_to_the_client(indexer, title):
    for query in ("t=search", "t=tvsearch&season=1&ep=2", "t=tvsearch&season=2024&ep=05/21"):
        answer = indexer.ask(f"{query}&q={quote(title)}")
        assert (answer.status_code, ElementTree.fromstring(answer.content).tag) == (200, "rss"), answer.text


def test_what_is_new_keeps_its_dates_over_a_restart(indexer):
    before = {each.guid: (each.title, each.date) for each in indexer.feed("t=tvsearch&cat=5030,5040")}
    assert {title for title, _ in before.values()} >= {EPISODE.name, MOVIE.name}
    assert indexer.ours.stop() == 0
    indexer.ours.start()
    wait_until(lambda: indexer.ours.state(DOWNLOADER) == "online", 30)
    after = {each.guid: (each.title, each.date) for each in indexer.feed("t=tvsearch&cat=5030,5040")}
    assert after == before
    (again,) = indexer.feed("t=tvsearch&q=some+show&season=1&ep=5")
    assert before[again.guid] == (again.title, again.date)


def test_two_callers_share_one_search(indexer):
    before = len(indexer.server.searches)
    with delayed(indexer.server, 2), ThreadPoolExecutor(2) as callers:
        asked = [callers.submit(indexer.feed, "t=search&q=shared+movie+of") for _ in range(2)]
        assert [each.result() for each in asked] == [[], []]
    assert len(indexer.server.searches) == before + 1
    indexer.feed("t=search&q=Shared.Movie.of&cat=2000")
    assert len(indexer.server.searches) == before + 1


def test_the_apps_wait_for_a_person_who_searches(indexer):
    with delayed(indexer.server, 3):
        body = {"query": "movie", "instanceId": DOWNLOADER, "wait": False, "type": "local"}
        assert indexer.ours.http.post("/api/v1/search", json=body).status_code == 200
        (item,) = indexer.feed("t=search&q=movie+2019+theme")
    assert item.title == SONG.name


def test_a_client_that_hangs_is_an_error_by_the_deadline(indexer):
    indexer.mule.freeze()
    try:
        began = time.monotonic()
        assert indexer.error("t=search&q=nobody+answers+this") == (503, 900)
        assert time.monotonic() - began < DEADLINE_S + 15
        assert indexer.ask("t=caps").status_code == 200
        assert indexer.feed("t=search")
    finally:
        indexer.mule.thaw()
    wait_until(lambda: indexer.ours.state(DOWNLOADER) == "online", 120)


def test_a_client_that_is_away_is_an_error_at_once(indexer):
    indexer.mule.stop()
    wait_until(lambda: indexer.ours.state(DOWNLOADER) not in ("online", "degraded"), 60)
    began = time.monotonic()
    assert indexer.error("t=search&q=nobody+is+there") == (503, 900)
    assert time.monotonic() - began < 10
    indexer.mule.start()
    wait_until(lambda: indexer.ours.state(DOWNLOADER) == "online", 120)
    assert indexer.error("t=search&q=no+server+yet") == (503, 900)


@contextmanager
def delayed(server, seconds):
    """Let the server take its time for searches."""
    server.delay_s = seconds
    try:
        yield
    finally:
        server.delay_s = 0
