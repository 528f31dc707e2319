"""What was found, as RSS 2.0 with the attributes of Torznab. Source: http-api 11, arr-contract 3.1 and 6.5."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element

from msgspec import Struct

from amutorrent import SearchResult

from .markup import add, clean, document

NAMESPACES = {
    "version": "2.0",
    "xmlns:torznab": "http://torznab.com/schemas/2015/feed",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
}
TORRENT = "application/x-bittorrent"
"""The apps take an enclosure of this type only; a magnet in it is what they want best."""
LONG_HASH = "0" * 8
"""Behind the 32 digits of an ED2K hash it makes 40: a magnet of 32 would be read as base32."""


class Found(Struct, frozen=True, kw_only=True):
    """One item of a feed."""

    row: SearchResult
    first_seen: datetime
    categories: tuple[int, ...]


SAMPLE = SearchResult(
    file_name="aMuTorrent indexer test entry",
    file_size=1_048_576,
    file_hash=hashlib.md5(b"aMuTorrent indexer test entry", usedforsecurity=False).hexdigest(),
    source_count=1,
)
"""What a feed holds when nothing was found yet: the Test of the apps wants one item, and this is no release's name."""
SAMPLE_DATE = datetime(2020, 1, 1, tzinfo=UTC)


def magnet(hash: str, name: str, size: int) -> str:
    """Write the magnet by which the apps, and our own download client API, know an ED2K file."""
    return f"magnet:?xt=urn:btih:{hash}{LONG_HASH}&dn={quote(name, safe='')}&xl={size}"


def title_of(row: SearchResult) -> str:
    """Give the title of a row; a name that is all forbidden characters has the hash instead."""
    return clean(row.file_name) or row.file_hash


def guid_of(row: SearchResult) -> str:
    """Give what tells an item from others: one file under two names is two items, and stays so."""
    digest = hashlib.sha1(title_of(row).encode(), usedforsecurity=False).hexdigest()
    return f"{row.file_hash}-{digest[:8]}"


def feed_document(found: Iterable[Found], here: str) -> bytes:
    """Write a feed; `here` is its own address, without what a caller must not see again: a key."""
    root = Element("rss", NAMESPACES)
    channel = add(root, "channel")
    add(channel, "atom:link", href=here, rel="self", type="application/rss+xml")
    add(channel, "title", "aMuTorrent")
    add(channel, "description", "What the ED2K networks have")
    add(channel, "link", here)
    for each in found:
        _add_item(channel, each)
    return document(root)


def _add_item(channel: Element, found: Found) -> None:
    row, title = found.row, title_of(found.row)
    link = magnet(row.file_hash, title, row.file_size)
    item = add(channel, "item")
    add(item, "title", title)
    add(item, "guid", guid_of(row), isPermaLink="false")
    add(item, "pubDate", format_datetime(found.first_seen.astimezone(UTC), usegmt=True))
    add(item, "size", str(row.file_size))
    add(item, "link", link)
    add(item, "enclosure", url=link, length=row.file_size, type=TORRENT)
    seeders = row.complete_sources or row.source_count
    for category in found.categories:
        add(item, "torznab:attr", name="category", value=category)
    for name, value in {
        "seeders": seeders,
        "peers": max(row.source_count, seeders),
        "size": row.file_size,
        "grabs": 0,
        "infohash": row.file_hash + LONG_HASH,
        "magneturl": link,
        "downloadvolumefactor": 0,
        "uploadvolumefactor": 1,
    }.items():
        add(item, "torznab:attr", name=name, value=value)
