"""Links: normalised hashes, and a clear error for anything else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import Ed2kLink, InvalidRequest, Magnet

HEX = "0123456789abcdef0123456789abcdef01234567"
ED2K = "31d6cfe0d16ae931b73c59d7e0c089c0"


@given(st.binary(min_size=20, max_size=20))
def test_hex_and_base32_name_the_same_torrent(raw):
    plain = Magnet.parse(f"magnet:?xt=urn:btih:{raw.hex().upper()}")
    short = Magnet.parse(f"magnet:?xt=urn:btih:{base64.b32encode(raw).decode().lower()}")
    assert plain.hash == short.hash == raw.hex()


def refusal(parse, link):
    try:
        parse(link)
    except InvalidRequest as error:
        return error
    return None


@given(st.text(max_size=200))
def test_any_text_gives_a_link_or_a_clear_error(text):
    for kind in (Magnet, Ed2kLink):
        for link in (text, "magnet:?" + text, "ed2k://|file|" + text):
            error = refusal(kind.parse, link)
            assert error is None or error.details["field"] == "links"


def test_a_name_is_decoded_and_other_topics_are_passed_over():
    magnet = Magnet.parse(f"  MAGNET:?dn=A%20b&xt=urn:other:1&xt.1=urn:btih:{HEX}&tr=http%3A%2F%2Ft%2F ")
    assert (magnet.hash, magnet.name) == (HEX, "A b")


def test_version_2_is_known_by_its_shortened_hash():
    assert Magnet.parse("magnet:?xt=urn:btmh:1220" + "ab" * 32).hash == "ab" * 20


@pytest.mark.parametrize(
    "link",
    [
        f"ed2k://|file|a%20b.mkv|123|{ED2K.upper()}|/",
        f"ed2k://|file|a%20b.mkv|123|{ED2K}|h=ABCD|/",
        f"ed2k://|file|a%20b.mkv|123|{ED2K}|p=x:y|/|sources,1.2.3.4:5|/",
        f"ed2k://%7Cfile%7Ca%2520b.mkv%7C123%7C{ED2K}%7C/",
        f"magnet:?xt=urn:ed2k:{ED2K}&dn=a+b.mkv&xl=123",
        f"magnet:?xt=urn:ed2khash:{ED2K}&dn=a%20b.mkv&xl=123",
    ],
)
def test_the_forms_of_an_ed2k_link(link):
    found = Ed2kLink.parse(link)
    assert (found.hash, found.name, found.size) == (ED2K, "a b.mkv", 123)
    assert found.uri.startswith("ed2k://|file|")


@pytest.mark.parametrize(
    "link",
    [
        "",
        "http://example",
        "magnet:?",
        "magnet:?xt=urn:btih:abc",
        f"magnet:?xt=urn:btih:{HEX}0",
        f"magnet:?xt=urn:ed2k:{ED2K}",
        f"magnet:?xt=urn:btih:{HEX}\nHost: x",
        "magnet:?" + "a" * 70_000,
    ],
)
def test_what_is_no_torrent_magnet(link):
    with pytest.raises(InvalidRequest):
        Magnet.parse(link)


@pytest.mark.parametrize(
    "link",
    [
        f"ed2k://|file|a|0|{ED2K}|/",
        f"ed2k://|file|a|99999999999999999999|{ED2K}|/",
        f"ed2k://|file||1|{ED2K}|/",
        "ed2k://|file|a|1|xyz|/",
        "ed2k://|server|1.2.3.4|5|/",
        f"ed2k://|file|a/b|1|{ED2K}|/",
        f"magnet:?xt=urn:ed2k:{ED2K}&dn=a",
    ],
)
def test_what_is_no_ed2k_file_link(link):
    with pytest.raises(InvalidRequest):
        Ed2kLink.parse(link)
