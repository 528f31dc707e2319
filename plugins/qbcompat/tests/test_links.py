"""Hashes and links: a pure function there and back, and every form of link to the client that it belongs to."""

from urllib.parse import quote

import pytest
from amutorrent_qbcompat.links import ZEROS, magnet_of, own_hash, read_link, shown_hash
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import Ed2kLink, InvalidRequest, Magnet

ED2K = st.text("0123456789abcdef", min_size=32, max_size=32)
TORRENT = st.text("0123456789abcdef", min_size=40, max_size=40).filter(lambda hash: not hash.endswith(ZEROS))
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="|/\\"), min_size=1, max_size=80)
HASH = "0123456789abcdef0123456789abcdef"
REAL = "f" * 40


@given(ED2K)
def test_trap_1_and_2_an_ed2k_hash_is_40_digits_everywhere_and_taken_in_either_form(hash):
    shown = shown_hash(hash)
    assert (len(shown), shown[:32]) == (40, hash)
    assert own_hash(shown) == own_hash(shown.upper()) == own_hash(hash) == own_hash(hash.upper()) == hash


@given(TORRENT)
def test_a_torrents_hash_stays_as_it_is(hash):
    assert shown_hash(hash) == own_hash(hash.upper()) == hash


@given(ED2K, NAMES.filter(str.strip), st.integers(1, 2**63 - 1))
def test_a_magnet_of_ours_comes_back_as_the_same_file(hash, name, size):
    link = read_link(magnet_of(hash, name, size), torrents=False)
    assert isinstance(link, Ed2kLink)
    assert (link.hash, link.name, link.size) == (hash, name.strip(), size)
    assert Ed2kLink.parse(link.uri) == link  # it goes through the operation unharmed


@pytest.mark.parametrize(
    "link",
    [
        f"ed2k://|file|a%20b.mkv|5|{HASH.upper()}|/",
        f"magnet:?xt=urn:btih:{HASH}{ZEROS}&dn=a%20b.mkv&xl=5",
        f"MAGNET:?xl=5&dn=a+b.mkv&xt=urn:btih:{HASH.upper()}{ZEROS}&xt=urn:ed2k:{HASH}",
        f"magnet:?xt=urn:ed2k:{HASH}&dn=a%20b.mkv&xl=5",
        f"magnet:?xt=urn:ed2khash:{HASH}&xl=5&dn=a%20b.mkv&tr=http://t.example/announce",
    ],
)
@pytest.mark.parametrize("torrents", [False, True])
def test_every_form_of_an_ed2k_link_goes_to_ed2k(link, torrents):
    found = read_link(link, torrents=torrents)
    assert isinstance(found, Ed2kLink)
    assert (found.hash, found.name, found.size) == (HASH, "a b.mkv", 5)


@pytest.mark.parametrize("link", [f"magnet:?xt=urn:btih:{REAL}&dn=x", f"magnet:?xt=urn:btih:{REAL}&xt=urn:ed2k:{HASH}"])
def test_a_torrents_magnet_needs_somebody_who_takes_it(link):
    found = read_link(link, torrents=True)
    assert isinstance(found, Magnet)
    assert found.hash == REAL
    with pytest.raises(InvalidRequest, match="none of the clients takes torrents"):
        read_link(link, torrents=False)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "http://example.org/a.torrent",
        "ed2k://|file|x",
        "ed2k://|server|1.2.3.4|4661|/",
        "magnet:?dn=x",
        f"magnet:?xt=urn:btih:{HASH}{ZEROS}&dn=x",  # no size
        f"magnet:?xt=urn:btih:{HASH}{ZEROS}&dn=x&xl=0",
        f"magnet:?xt=urn:btih:{HASH}{ZEROS}&xl=5",  # no name
        f"magnet:?xt=urn:btih:{HASH}&dn=x&xl=5" if set(HASH) & set("0189") else "",  # 32 digits: base32, and here none
        f"magnet:?xt=urn:btih:{HASH}{ZEROS}&dn={quote('x' * 2000)}&xl=5",
    ],
)
def test_what_is_no_link_is_refused(link):
    with pytest.raises(InvalidRequest):
        read_link(link, torrents=True)


def test_a_name_that_is_a_path_becomes_a_name():
    found = read_link(f"magnet:?xt=urn:btih:{HASH}{ZEROS}&dn={quote('../a|b/c.mkv')}&xl=5", torrents=False)
    assert found.name == ".._a_b_c.mkv"


def test_a_percent_sign_in_a_name_is_none_of_an_encoding():
    found = read_link(magnet_of(HASH, "100%20 pure.mkv", 5), torrents=False)
    assert (found.name, Ed2kLink.parse(found.uri).name) == ("100%20 pure.mkv",) * 2
