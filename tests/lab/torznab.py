"""The apps' half of Torznab: what they ask an indexer, and what of a feed they take. Source: arr-contract 3.1 and 6."""

import base64
import binascii
import re
import string
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx

TIMEOUT_S = 100
ATTR = "{http://torznab.com/schemas/2015/feed}attr"


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
