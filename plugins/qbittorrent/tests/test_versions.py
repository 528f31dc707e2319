"""What the Web API's version decides."""

import pytest
from amutorrent_qbittorrent.versions import RENAMED, Dialect

from amutorrent import AuthRejected, ProtocolError


@pytest.mark.parametrize(
    ("text", "stop", "start"),
    [
        ("2.8.19", "torrents/pause", "torrents/resume"),
        ("2.9.3", "torrents/pause", "torrents/resume"),
        ("2.11.2", "torrents/stop", "torrents/start"),
        ("2.15.1", "torrents/stop", "torrents/start"),
        ("2.16.1", "torrents/stop", "torrents/start"),
        ("3.0", "torrents/stop", "torrents/start"),
    ],
)
def test_names_of_the_two_generations(text, stop, start):
    dialect = Dialect.of(text)
    assert (dialect.stop, dialect.start) == (stop, start)


def test_each_renamed_endpoint_leads_back():
    assert {RENAMED[RENAMED[name]] for name in RENAMED} == set(RENAMED)


@pytest.mark.parametrize("text", ["2.7.99", "2.0", "1.9.9.9"])
def test_an_older_one_is_refused_with_the_reason(text):
    with pytest.raises(AuthRejected, match=r"from 2\.8 on"):
        Dialect.of(text)


@pytest.mark.parametrize("text", ["", "2", "v4.5.2", "<html>", "2.8.", "2.8\n", "٢.٨", "99999.1"])
def test_what_is_no_version_is_something_else(text):
    with pytest.raises(ProtocolError, match="something else"):
        Dialect.of(text)
