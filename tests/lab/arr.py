"""Sonarr, Radarr and Prowlarr, as far as they meet us: they send what the apps send, and take only what those take.

Every answer goes through readers that are as strict as the apps' own, or stricter: what a real qBittorrent sends is
an integer stays one. Source: arr-contract 1 to 6.
"""

import base64
import binascii
import os
import re
import shutil
import string
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode
from xml.etree import ElementTree

import httpx

TIMEOUT_S = 100
LONGEST_VALUE = 1024
"""A value with more bytes than this makes a form of parts."""
ATTR = "{http://torznab.com/schemas/2015/feed}attr"
WHOLE, REAL, TEXT, FLAG = int, (int, float), str, bool
PREFERENCES = {
    "save_path": TEXT, "max_ratio_enabled": FLAG, "max_ratio": REAL, "max_seeding_time_enabled": FLAG,
    "max_seeding_time": WHOLE, "max_ratio_act": WHOLE, "queueing_enabled": FLAG, "dht": FLAG,
}  # fmt: skip
TORRENT = {
    "hash": TEXT, "name": TEXT, "size": WHOLE, "progress": REAL, "eta": WHOLE, "state": TEXT, "category": TEXT,
    "save_path": TEXT, "content_path": TEXT, "ratio": REAL, "ratio_limit": REAL, "seeding_time": WHOLE,
    "seeding_time_limit": WHOLE, "last_activity": WHOLE,
}  # fmt: skip
PROPERTIES = {"hash": TEXT, "save_path": TEXT, "seeding_time": WHOLE}
QUEUED = {"queuedDL", "checkingDL", "checkingUP", "checkingResumeData"}
SHOWN_AS = {
    **dict.fromkeys(("downloading", "forcedDL", "moving"), "downloading"),
    **dict.fromkeys(QUEUED, "queued"),
    **dict.fromkeys(("stoppedDL", "pausedDL"), "paused"),
    **dict.fromkeys(("stalledDL", "error", "missingFiles"), "warning"),
    **dict.fromkeys(("pausedUP", "stoppedUP", "uploading", "stalledUP", "queuedUP", "forcedUP"), "completed"),
}
FOURTEEN_DAYS_MIN = 20160
CLOSE_ENOUGH = 0.001


def fields_of(answer: Any, kinds: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON
    """Read an object: every field there, of its type, no number beyond 64 bits."""
    assert isinstance(answer, dict), answer
    for name, kind in kinds.items():
        value = answer[name]
        assert isinstance(value, kind), (name, value)
        assert kind is FLAG or not isinstance(value, bool), (name, value)
        if isinstance(value, int):
            assert -(2**63) <= value < 2**63, (name, value)
        elif isinstance(value, float):
            assert value == value, (name, value)
            assert abs(value) != float("inf"), (name, value)
    return answer


def id_of(magnet: str) -> str:
    """Compute the id of a download as MonoTorrent does: 40 upper-case hex digits. Raises for what it refuses."""
    assert magnet.startswith("magnet:?"), magnet
    assert "#" not in magnet, "a fragment begins"
    found = []
    for part in magnet.removeprefix("magnet:?").split("&"):
        if part.count("=") != 1:
            continue
        key, value = part.split("=")
        assert len(key) > 1, key
        if key[:2] == "xt" and value.startswith(("urn:btih:", "urn:sha1:")):
            found.append(value[9:])
        elif key[:2] == "xl":
            int(value)
    (hash,) = found
    if len(hash) == 32:
        return binascii.hexlify(base64.b32decode(hash.upper())).decode().upper()
    assert len(hash) == 40, hash
    assert set(hash) <= set(string.hexdigits), hash
    return hash.upper()


@dataclass
class Release:
    """An item of a feed, with what the apps read of it; what they drop raises."""

    title: str
    guid: str
    magnet: str
    size: int
    seeders: int
    peers: int
    hash: str
    categories: set[int]
    date: Any

    @classmethod
    def read(cls, element: ElementTree.Element) -> "Release":
        """Read one item."""
        title, guid, date = (element.findtext(each) for each in ("title", "guid", "pubDate"))
        assert title
        assert title.strip()
        assert guid
        assert date
        enclosure = element.find("enclosure")
        assert enclosure is not None, "an item without an enclosure is dropped"
        assert enclosure.get("type") == "application/x-bittorrent"
        given = [(each.get("name", ""), each.get("value")) for each in element.iter(ATTR)]
        assert all(name and value is not None for name, value in given)
        values = dict(given)
        magnet = values["magneturl"] or ""
        assert magnet == enclosure.get("url")
        assert values["infohash"] is not None
        assert values["infohash"].upper() == id_of(magnet), "the blocklist compares them"
        query = dict(part.split("=") for part in magnet.partition("?")[2].split("&"))
        assert (unquote(query["dn"]), query["xl"]) == (title, values["size"])
        for name in ("seeders", "peers"):
            assert re.fullmatch(r"\d{1,9}", values[name] or ""), "a plain 32-bit integer"
        return cls(
            title=title,
            guid=guid,
            magnet=magnet,
            size=int(values["size"] or 0),
            seeders=int(values["seeders"] or 0),
            peers=int(values["peers"] or 0),
            hash=values["infohash"],
            categories={int(value or 0) for name, value in given if name == "category"},
            date=parsedate_to_datetime(date),
        )


def read_feed(answer: httpx.Response) -> list[Release]:
    """Read a feed; the second of two items with one guid is dropped, as the apps do."""
    assert answer.status_code == 200, answer.text
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "rss", answer.text
    assert root.find(".//error") is None
    return list({each.guid: each for each in map(Release.read, root.findall("channel/item"))}.values())


@dataclass
class Torznab:
    """The indexer as an app has set it up: `url` and `path` as they stand in its fields."""

    url: str
    key: str
    agent: str
    path: str = "/api"
    rss: str = "t=search&extended=1"
    needs_mode: tuple[str, frozenset[str]] = ("search", frozenset({"q"}))
    categories: frozenset[int] = frozenset()

    def ask(self, query: str) -> httpx.Response:
        """Make a request with a query as the app writes it."""
        accept = "application/rss+xml, text/rss+xml, application/xml, text/xml"
        headers = {"User-Agent": self.agent, "Accept": accept, "Accept-Encoding": "gzip, br"}
        with httpx.Client(timeout=TIMEOUT_S, trust_env=False, follow_redirects=True, max_redirects=5) as http:
            return http.get(f"{self.url}{self.path}?{query}", headers=headers)

    def test(self) -> None:
        """Do what the Test button does: the first page of RSS holds a release, and the capabilities will do."""
        assert read_feed(self.ask(f"{self.rss}&apikey={self.key}&offset=0&limit=100"))
        caps = self.caps()
        mode, parameters = self.needs_mode
        assert parameters <= caps[mode], caps
        assert not self.categories or self.categories & caps["categories"]

    def caps(self) -> dict[str, Any]:
        """Read the capabilities: parameters by mode, and the ids of categories."""
        text = self.ask(f"t=caps&apikey={self.key}").text
        assert not text.startswith("\ufeff")
        root = ElementTree.fromstring(text)
        assert root.tag == "caps"
        limits = root.find("limits")
        assert limits is not None
        assert min(100, max(int(limits.attrib["default"]), int(limits.attrib["max"]))) == 100
        found: dict[str, Any] = {}
        for each in root.find("searching") or ():
            assert each.attrib["available"] in ("yes", "no")
            assert " " not in each.attrib["supportedParams"]
            found[each.tag] = frozenset(each.attrib["supportedParams"].split(","))
        listed = [each for each in root.iter() if each.tag in ("category", "subcat")]
        assert all(each.attrib["name"] for each in listed)
        found["categories"] = frozenset(int(each.attrib["id"]) for each in listed)
        return found

    def search(self, query: str) -> list[Release]:
        """Search, page by page, as long as a page is full."""
        found: list[Release] = []
        for page in range(30):
            releases = read_feed(self.ask(f"{query}&apikey={self.key}&offset={page * 100}&limit=100"))
            found += releases
            if len(releases) < 100:
                return found
        raise AssertionError("a server that ignores `offset`")


@dataclass
class Item:
    """A download as the app's queue shows it."""

    id: str
    title: str
    shown_as: str
    path: str
    remaining: float
    removable: bool
    row: dict[str, Any]


@dataclass
class Arr:
    """One app with its download client "qBittorrent" set up at our daemon."""

    agent: str
    url: str
    user: str
    password: str
    category: str
    basic: bool = True
    post_import_category: str = ""
    first: bool = False
    add: Mapping[str, str] = field(default_factory=dict)
    """What the settings of the client and the indexer add to `torrents/add`, in order."""
    cookie: str | None = None
    on_cookie: Callable[[str], None] = lambda token: None
    log: list[tuple[str, str, int]] = field(default_factory=list)
    """Every request: method, path and status."""

    # -- transport

    def send(self, path: str, *, form: Sequence[tuple[str, str]] | None = None, query: str = "") -> httpx.Response:
        """Send one request: no redirect is followed, and the connection ends with it."""
        headers = {"User-Agent": self.agent, "Connection": "close", "Accept-Encoding": "gzip, br", "Accept": ""}
        if self.basic:
            pair = f"{self.user}:{self.password}".encode("latin-1")
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        if self.cookie:
            headers["Cookie"] = self.cookie
        with httpx.Client(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False) as http:
            address = f"{self.url}/api/v2/{path}{'?' if query else ''}{query}"
            if form is None:
                answer = http.get(address, headers=headers)
            elif any(len(value.encode()) > LONGEST_VALUE for _, value in form):
                boundary = "-" * 29 + str(time.monotonic_ns())
                headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
                parts = [(name, (None, value)) for name, value in form]
                answer = http.post(address, headers=headers, files=parts)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                answer = http.post(address, headers=headers, content=urlencode(list(form), quote_via=quote))
        self.log.append(("GET" if form is None else "POST", path, answer.status_code))
        assert not 300 <= answer.status_code < 400, "a redirect would be read as an answer"
        return answer

    def ask(self, path: str, **options: Any) -> httpx.Response:
        """Send a request with a session: log in first, and once more on 403, and only then."""
        if self.cookie is None and self.user and self.password:
            self.log_in()
        answer = self.send(path, **options)
        if answer.status_code == 403:
            self.log_in()
            answer = self.send(path, **options)
        assert answer.status_code < 400, f"{path}: {answer.status_code} {answer.text}"
        return answer

    def log_in(self) -> None:
        """Log in; only the first cookie of the answer is kept."""
        self.cookie = None
        answer = self.send("auth/login", form=[("username", self.user), ("password", self.password)])
        assert answer.status_code < 400, "a failed connection"
        assert answer.text.strip() in ("", "Ok."), "a failed authentication"
        name, _, value = answer.headers.get_list("set-cookie")[0].partition(";")[0].partition("=")
        assert not set(value) & set(";,")
        self.cookie = f"{name}={value}"
        self.on_cookie(value)

    def probe(self) -> None:
        """Find out which API is spoken: without a cookie, as the app does it."""
        kept, self.cookie = self.cookie, None
        answer = self.send("app/webapiVersion")
        self.cookie = kept
        assert answer.status_code not in (401, 404), "cannot connect"
        assert answer.status_code in (200, 403), answer.status_code

    def version(self) -> tuple[int, ...]:
        """Read the version as .NET does."""
        text = self.ask("app/webapiVersion").text
        assert re.fullmatch(r"\d+(\.\d+){1,3}", text), text
        return tuple(map(int, text.split(".")))

    def preferences(self) -> dict[str, Any]:
        """Read the preferences."""
        return fields_of(self.ask("app/preferences").json(), PREFERENCES)

    def categories(self) -> dict[str, Any]:
        """Read the categories."""
        found = self.ask("torrents/categories").json()
        assert isinstance(found, dict)
        for name, each in found.items():
            assert fields_of(each, {"name": TEXT, "savePath": TEXT})["name"] == name
        return found

    # -- the Test button and the health check

    def test(self) -> None:
        """Do what the Test button does, request by request."""
        self.probe()
        assert self.version() >= (2, 8, 1)
        self.version()
        limits = self.preferences()
        by_time = limits["max_seeding_time_enabled"] and limits["max_seeding_time"] < FOURTEEN_DAYS_MIN
        if limits["max_ratio_enabled"] or by_time:
            assert limits["max_ratio_act"] not in (1, 3), "removes at the limit"
        self.probe()
        self.version()
        known = self.categories()
        for name in filter(None, (self.category, self.post_import_category)):
            if name not in known:
                self.ask("torrents/createCategory", form=[("category", name)])
                known = self.categories()
            assert name in known, "exactly as it is spelled"
        if self.first:
            assert self.preferences()["queueing_enabled"] is True
        self.queue()

    def health(self, library: Path) -> Path:
        """Do what the health check does; gives the folder that downloads go to."""
        self.version()
        root = self.preferences()["save_path"]
        folder = self.categories().get(self.category, {}).get("savePath", "")
        output = Path(root, folder) if folder else Path(root)
        assert output.is_absolute()
        assert output.is_dir(), "cannot be seen"
        assert output != library
        assert output not in library.parents
        assert library not in output.parents
        return output

    # -- a grab

    def grab(self, magnet: str) -> str:
        """Hand a release over; gives the id under which the app will look for it."""
        wanted = id_of(magnet)
        limits = self.preferences()
        assert limits["dht"] or "&tr=" in magnet, "a magnet without a tracker"
        self.version()
        form = [("urls", magnet), *([("category", self.category)] if self.category else []), *self.add.items()]
        answer = self.ask("torrents/add", form=form)
        assert answer.text != "Fails.", "all clients failed"
        hash = wanted.lower()
        assert self.appears(hash), "limits, priority and tags are left out"
        return wanted

    def appears(self, hash: str) -> bool:
        """Ask ten times, 100 ms apart, for the properties of what was just added."""
        for _ in range(10):
            answer = self.send("torrents/properties", query=f"hash={hash}")
            if answer.status_code < 400:
                fields_of(answer.json(), PROPERTIES)
                return True
            time.sleep(0.1)  # the app's own pause, and no wait for a condition
        return False

    def command(self, path: str, hash: str, **fields: str) -> None:
        """Send a command for one download."""
        self.ask(f"torrents/{path}", form=[("hashes", hash.lower()), *fields.items()])

    # -- the queue

    def queue(self) -> list[Item]:
        """Read the queue, as once a minute."""
        self.version()
        limits = self.preferences()
        query = f"category={quote(self.category)}" if self.category else ""
        rows = self.ask("torrents/info", query=query).json()
        assert isinstance(rows, list)
        return [self._item(fields_of(row, TORRENT), limits) for row in rows]

    def find(self, id: str) -> Item | None:
        """Find a download in the queue: its id is its hash in upper case, exactly."""
        return next((each for each in self.queue() if each.id == id), None)

    def _item(self, row: dict[str, Any], limits: dict[str, Any]) -> Item:
        assert 0 <= row["progress"] <= 1
        assert row["category"] == self.category or not self.category
        shown = SHOWN_AS.get(row["state"], "unknown")
        assert shown != "unknown", row["state"]
        path = row["content_path"]
        assert shown != "completed" or (path and os.path.isabs(path) and path != row["save_path"]), "path error"
        return Item(
            id=row["hash"].upper(),
            title=row["name"],
            shown_as=shown,
            path=path,
            remaining=row["size"] * (1 - row["progress"]),
            removable=row["state"] in ("pausedUP", "stoppedUP") and _goal_reached(row, limits),
            row=row,
        )

    # -- import and removal

    def import_into(self, item: Item, library: Path) -> Path:
        """Import as the app's automatic mode does: move what may go, else make a hard link."""
        assert item.shown_as == "completed"
        source = Path(item.path)
        assert source.is_file()
        assert os.access(source, os.R_OK)
        target = library / source.name
        if item.removable:
            shutil.move(source, target)
        else:
            os.link(source, target)
        return target

    def remove(self, id: str, *, with_data: bool) -> None:
        """Delete; the key is left out where the data is to stay."""
        self.command("delete", id, **({"deleteFiles": "true"} if with_data else {}))

    def requests(self, since: int = 0) -> Iterator[str]:
        """Name the requests that were made."""
        return (f"{method} {path}" for method, path, _ in self.log[since:])


def _goal_reached(row: Mapping[str, Any], limits: Mapping[str, Any]) -> bool:
    """Say whether a seed limit is reached, by the app's own rule."""
    ratio, minutes = row["ratio_limit"], row["seeding_time_limit"]
    if ratio == -2 and limits["max_ratio_enabled"]:
        ratio = limits["max_ratio"]
    if minutes == -2 and limits["max_seeding_time_enabled"]:
        minutes = limits["max_seeding_time"]
    by_ratio = ratio >= 0 and row["ratio"] >= ratio - CLOSE_ENOUGH
    return by_ratio or (minutes >= 0 and row["seeding_time"] >= minutes * 60)


def sonarr(url: str, user: str, password: str, **options: Any) -> Arr:
    """Give Sonarr: it sends Basic where a name or a password is set."""
    options = {"category": "tv-sonarr", "basic": bool(user or password)} | options
    return Arr("Sonarr/4.0.15.2941 (debian 12)", url, user, password, **options)


def radarr(url: str, user: str, password: str, **options: Any) -> Arr:
    """Give Radarr: it always sends Basic."""
    return Arr("Radarr/5.28.0.10274 (debian 12)", url, user, password, **{"category": "radarr"} | options)


def prowlarr(url: str, user: str, password: str, **options: Any) -> Arr:
    """Give Prowlarr: it wants queueing, for "First", and reads no queue of its own."""
    options = {"category": "prowlarr", "first": True} | options
    return Arr("Prowlarr/2.3.6.5200 (debian 12)", url, user, password, **options)
