"""Where a request comes from, and whose word is taken for it."""

import pytest

from amutorrent.settings.access import networks
from amutorrent.web.proxies import Proxies

PROXIES = Proxies(networks(("10.0.0.0/8", "192.0.2.1", "fd00::/8")))
NONE = Proxies()


def scope(peer, path="/x", **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "scheme": "http",
        "client": (peer, 1),
        "path": path,
        "headers": [(b"host", b"inside:4000"), *pairs],
    }


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("192.0.2.1", "203.0.113.9", "203.0.113.9"),
        ("192.0.2.2", "203.0.113.9", "192.0.2.2"),
        ("::ffff:10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("fd00::2", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.2", "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "1.2.3.4, 203.0.113.9, 10.9.9.9", "203.0.113.9"),
        ("10.0.0.2", "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("10.0.0.2", "203.0.113.9:5000", "203.0.113.9"),
        ("10.0.0.2", "[2001:db8::1]:5000", "2001:db8::1"),
        ("10.0.0.2", "203.0.113.9, unknown", "10.0.0.2"),
        ("10.0.0.2", "unknown, 10.3.3.3", "10.3.3.3"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("", "203.0.113.9", ""),
    ],
)
def test_the_address_of_the_caller(peer, forwarded_for, address):
    assert PROXIES.read(scope(peer, x_forwarded_for=forwarded_for)).address == address
    assert NONE.read(scope(peer, x_forwarded_for=forwarded_for)).address == peer


def test_a_header_that_comes_twice_is_one_list():
    found = scope("10.0.0.2", x_forwarded_for="1.2.3.4")
    found["headers"].append((b"x-forwarded-for", b"203.0.113.9"))
    assert PROXIES.read(found).address == "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "peer", "headers", "loopback"),
    [
        (NONE, "127.0.0.1", {}, True),
        (NONE, "::1", {}, True),
        (NONE, "::ffff:127.0.0.1", {}, True),
        (NONE, "192.168.1.2", {}, False),
        (NONE, "127.0.0.1", {"x_forwarded_for": "203.0.113.9"}, False),
        (NONE, "127.0.0.1", {"x_forwarded_for": "127.0.0.1"}, False),
        (NONE, "127.0.0.1", {"forwarded": "for=127.0.0.1"}, False),
        (NONE, "127.0.0.1", {"x_real_ip": "127.0.0.1"}, False),
        (PROXIES, "10.0.0.2", {"x_forwarded_for": "127.0.0.1"}, True),
        (PROXIES, "10.0.0.2", {"x_forwarded_for": "203.0.113.9"}, False),
    ],
)
def test_who_is_a_program_of_this_machine(proxies, peer, headers, loopback):
    assert proxies.read(scope(peer, **headers)).loopback is loopback


def test_host_and_scheme_are_believed_from_a_trusted_proxy_alone():
    headers = {"x_forwarded_host": "evil.example, downloads.example.org", "x_forwarded_proto": "https"}
    for peer, host, secure in (("10.0.0.2", b"downloads.example.org", True), ("192.0.2.7", b"inside:4000", False)):
        found = scope(peer, **headers)
        visitor = PROXIES.read(found)
        assert [value for name, value in found["headers"] if name == b"host"] == [host]
        assert (visitor.secure, visitor.trusted) == (secure, secure)
        assert found["scheme"] == ("https" if secure else "http")


@pytest.mark.parametrize(
    ("prefix", "path", "read", "root"),
    [
        ("/amule", "/api/x", "/amule/api/x", "/amule"),
        ("/amule/", "/amule/api/x", "/amule/api/x", "/amule"),
        ("/a/b", "/", "/a/b/", "/a/b"),
        ("/amule", "/amulet", "/amule/amulet", "/amule"),
        ("", "/x", "/x", None),
        ("amule", "/x", "/x", None),
        ("//evil.example", "/x", "/x", None),
        ("/a\\b", "/x", "/x", None),
        ("/..", "/x", "/x", None),
        ("/a;b", "/x", "/x", None),
    ],
)
def test_the_prefix(prefix, path, read, root):
    found = scope("10.0.0.2", path, x_forwarded_prefix=prefix)
    PROXIES.read(found)
    assert (found["path"], found.get("root_path")) == (read, root)
    untouched = scope("192.0.2.7", path, x_forwarded_prefix=prefix)
    PROXIES.read(untouched)
    assert (untouched["path"], untouched.get("root_path")) == (path, None)
