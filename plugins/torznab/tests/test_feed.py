"""The documents, read as the apps read them."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
from amutorrent_torznab.caps import caps_document
from amutorrent_torznab.categories import CATEGORIES
from amutorrent_torznab.feed import SAMPLE, Found, feed_document, guid_of, magnet
from amutorrent_torznab.markup import clean, error_document
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import SearchResult

SEEN = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
ATTR = "{http://torznab.com/schemas/2015/feed}attr"


def row(name="Film.mkv", **facts):
    return SearchResult(**{"file_name": name, "file_size": 700, "file_hash": "ab" * 16, "source_count": 9, **facts})


def items(*rows):
    found = [Found(row=each, first_seen=SEEN, categories=(2000, 2030)) for each in rows]
    return ElementTree.fromstring(feed_document(found, "http://nas/indexer/amule/api")).findall("channel/item")


def attributes(item):
    return {each.get("name"): each.get("value") for each in item.iter(ATTR)}


def test_an_item_holds_what_the_apps_read():
    (item,) = items(row(complete_sources=4))
    link = f"magnet:?xt=urn:btih:{'ab' * 16}00000000&dn=Film.mkv&xl=700"
    assert (item.findtext("title"), item.findtext("link"), item.findtext("size")) == ("Film.mkv", link, "700")
    assert item.findtext("pubDate") == "Tue, 03 Feb 2026 04:05:06 GMT"
    assert item.find("enclosure").attrib == {"url": link, "length": "700", "type": "application/x-bittorrent"}
    assert [each.get("value") for each in item.iter(ATTR) if each.get("name") == "category"] == ["2000", "2030"]
    assert attributes(item) == {
        "category": "2030", "seeders": "4", "peers": "9", "size": "700", "grabs": "0",
        "infohash": f"{'ab' * 16}00000000",
        "magneturl": link, "downloadvolumefactor": "0", "uploadvolumefactor": "1",
    }  # fmt: skip


@pytest.mark.parametrize(("sources", "complete", "seeders"), [(9, 4, "4"), (9, None, "9"), (9, 0, "9"), (0, 0, "0")])
def test_trap_35_seeders_are_complete_sources_where_they_are_known(sources, complete, seeders):
    (item,) = items(row(source_count=sources, complete_sources=complete))
    assert attributes(item)["seeders"] == seeders


def test_trap_1_the_magnets_hash_has_40_digits_and_is_the_infohash():
    (item,) = items(row())
    (topic,) = parse_qs(item.find("enclosure").get("url").partition("?")[2])["xt"]
    assert topic.removeprefix("urn:btih:") == attributes(item)["infohash"] == "ab" * 16 + "0" * 8


def test_trap_34_every_item_has_a_date():
    assert [parsedate_to_datetime(each.findtext("pubDate")) for each in items(row(), SAMPLE)] == [SEEN, SEEN]


def test_trap_37_one_hash_under_two_names_is_two_items():
    one, another = items(row("a.mkv"), row("b.mkv"))
    assert one.findtext("guid") == guid_of(row("a.mkv")) == f"{'ab' * 16}-feb97699"
    assert one.findtext("guid") != another.findtext("guid")


def test_trap_38_control_characters_do_not_break_the_feed_or_the_magnet():
    (item,) = items(row('\x01A\x00 & <b> \x85\ufffe\U0001ffff\ud800 "é" =#?.mkv'))
    assert item.findtext("title") == 'A  & <b>   "é" =#?.mkv'
    assert parse_qs(item.findtext("link").partition("?")[2])["dn"] == [item.findtext("title")]
    assert items(row("\x01\x02"))[0].findtext("title") == "ab" * 16


def test_the_namespaces_are_those_that_the_apps_want():
    text = feed_document([], "http://nas/indexer/amule/api").decode()
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" ')
    for each in ('xmlns:torznab="http://torznab.com/schemas/2015/feed"', 'xmlns:atom="http://www.w3.org/2005/Atom"'):
        assert each in text


@given(st.text())
def test_whatever_a_name_holds_the_feed_is_read_again_as_it_was_meant(name):
    (item,) = items(row(name))
    assert item.findtext("title") == (clean(name) or "ab" * 16)
    parts = item.findtext("link").removeprefix("magnet:?").split("&")
    assert [part.count("=") for part in parts] == [1, 1, 1]
    assert item.find("enclosure").get("url") == attributes(item)["magneturl"] == item.findtext("link")


@given(st.text(), st.text())
def test_an_error_has_both_attributes(message, name):
    error = ElementTree.fromstring(error_document(900, message))
    assert (error.tag, error.attrib) == ("error", {"code": "900", "description": clean(message)})
    assert "&" not in magnet("a", name, 1).partition("dn=")[2].removesuffix("&xl=1")


def test_capabilities_are_strict_where_the_apps_are():
    text = caps_document()
    assert text.startswith(b"<?xml")
    root = ElementTree.fromstring(text)
    assert root.tag == "caps"
    assert root.find("limits").attrib == {"max": "100", "default": "100"}
    modes = {each.tag: (each.get("available"), each.get("supportedParams")) for each in root.find("searching")}
    assert modes == {
        "search": ("yes", "q"), "tv-search": ("yes", "q,season,ep"), "movie-search": ("yes", "q"),
        "audio-search": ("yes", "q"), "book-search": ("yes", "q"),
    }  # fmt: skip
    listed = {int(each.get("id")): [int(sub.get("id")) for sub in each] for each in root.find("categories")}
    assert listed == {id: [*children] for id, (_, children) in CATEGORIES.items()}
    names = {each.get("name") for each in root.find("categories")}
    assert names == {"Movies", "TV", "Audio", "PC", "Books", "Other"}


def test_trap_29_no_id_parameter_is_announced():
    assert b"id," not in caps_document().replace(b'id="', b"")
    assert not any(each in caps_document() for each in (b"tvdbid", b"imdbid", b"tmdbid", b"rid", b"tvmazeid"))
