"""Types of fields for the settings of clients."""

import pytest
from pydantic import TypeAdapter, ValidationError

from amutorrent import HostName, UrlPath, netloc


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [(" nas.local ", "nas.local"), ("[2001:db8::1]", "2001:db8::1"), ("192.0.2.1", "192.0.2.1"), ("", "")],
)
def test_a_host_is_trimmed_to_what_is_meant(pasted, meant):
    assert TypeAdapter(HostName).validate_python(pasted) == meant


@pytest.mark.parametrize("pasted", ["http://nas", "nas/path", "user@nas", "na s", "nas\x00", "nas?", "[::1]:80"])
def test_what_is_more_than_a_host_is_refused(pasted):
    with pytest.raises(ValidationError, match="only a host name or an address"):
        TypeAdapter(HostName).validate_python(pasted)


@pytest.mark.parametrize(("pasted", "meant"), [("", ""), ("/", ""), ("qb", "/qb"), (" /a/b/ ", "/a/b")])
def test_a_path_has_one_slash_before_it(pasted, meant):
    assert TypeAdapter(UrlPath).validate_python(pasted) == meant


@pytest.mark.parametrize("pasted", ["/a?b", "/a#b", "/a b", "\\a", "/a\n"])
def test_what_is_more_than_a_path_is_refused(pasted):
    with pytest.raises(ValidationError, match="only a path"):
        TypeAdapter(UrlPath).validate_python(f"x{pasted}x")


def test_host_and_port_as_they_stand_in_a_url():
    assert (netloc("nas", 80), netloc("::1", 80)) == ("nas:80", "[::1]:80")
