"""The name that trackers are grouped by."""

import pytest

from amutorrent import tracker_domain


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://tracker.a.example.co.uk:6969/announce", "example.co.uk"),
        ("udp://TRACKER.Example.org:80", "example.org"),
        ("http://127.0.0.1:9/announce", "127.0.0.1"),
        ("http://[2001:db8::1]:80/announce", "2001:db8::1"),
        ("http://localhost/announce", "localhost"),
        ("wss://example.org", "example.org"),
        ("", None),
        ("** [DHT] **", None),
        ("http://[::", None),
    ],
)
def test_the_tracker_is_a_registrable_domain_and_an_address_stays_whole(url, shown):
    assert tracker_domain(url) == shown
