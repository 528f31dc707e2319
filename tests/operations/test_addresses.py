"""Addresses and links that callers name: whatever comes in, a value or a clear error comes out."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import InvalidRequest
from amutorrent.links import Ed2kServerLink, Ed2kServerListLink
from amutorrent.operations.addresses import checked_address, checked_host, checked_url

PIECES = st.sampled_from(
    ["http://", "https://", "ed2k://|server|", "ed2k://|serverlist|", "|", ":", "/", "[", "@", "%"]
)
NEARLY = st.lists(PIECES | st.text(max_size=6), max_size=6).map("".join)


def refusal(check, *arguments):
    """Give the details of the error; None if a value came out."""
    try:
        check(*arguments)
    except InvalidRequest as error:
        return error.details
    return None


@given(NEARLY)
def test_any_text_gives_a_value_or_an_error_that_names_the_field(text):
    for check in (checked_host, checked_url, checked_address):
        assert refusal(check, text, "place") in (None, {"field": "place"})
    for kind in (Ed2kServerLink, Ed2kServerListLink):
        assert refusal(kind.parse, text) in (None, {"field": "links"})


@given(st.ip_addresses(), st.integers(1, 65535))
def test_every_address_is_taken_as_it_is(address, port):
    assert checked_address(f"{address}:{port}", "place") == (str(address), port)
    host = f"[{address}]" if isinstance(address, ipaddress.IPv6Address) else str(address)
    assert checked_url(f"http://{host}:{port}/server.met")


@pytest.mark.parametrize("host", ["localhost", "ed2k.example", "a-b.example.", "xn--bcher-kva.example", "x" * 63])
def test_host_names(host):
    assert checked_host(host, "ip") == host


@pytest.mark.parametrize(
    "host", ["", ".", "a..b", "1.2.3", "256.1.1.1", "a b", "a/b", "a:b", "-a", "a-", "x" * 64, "bücher.example", "a\0"]
)
def test_no_host_names(host):
    with pytest.raises(InvalidRequest):
        checked_host(host, "ip")


@pytest.mark.parametrize(
    "url",
    ["", "a", "//a", "http:a", "http:///a", "http://:80/", "ftp://a", "http://a:0/", "http://a\t/", "http://a\x85/"],
)
def test_no_urls(url):
    with pytest.raises(InvalidRequest):
        checked_url(url)
