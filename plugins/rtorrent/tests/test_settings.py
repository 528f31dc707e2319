"""Settings: what is required for each way to connect, and what an instance is called."""

import pytest
from amutorrent_rtorrent import RTorrent
from pydantic import ValidationError

make = RTorrent.Settings.model_validate


def test_http_is_the_default_and_needs_a_host():
    found = make({"host": "seedbox"})
    assert (found.mode, found.where, found.address()) == ("http", "http://seedbox:8000/RPC2", "seedbox-8000")
    with pytest.raises(ValidationError, match="host is required"):
        make({})
    with pytest.raises(ValidationError, match="host is required"):
        make({"mode": "scgi"})


def test_https_below_a_path_and_at_an_ipv6_address():
    assert make({"host": "[::1]", "useSsl": True, "path": "a/RPC2/"}).where == "https://[::1]:8000/a/RPC2"


def test_a_socket_needs_its_path_and_gives_the_id():
    found = make({"mode": "scgi-socket", "socketPath": "/run/r t/rpc:1.sock"})
    assert (found.where, found.address()) == ("/run/r t/rpc:1.sock", "socket-run_r_t_rpc_1.sock")
    with pytest.raises(ValidationError, match="socketPath is required"):
        make({"mode": "scgi-socket"})


@pytest.mark.parametrize(
    "wrong",
    [{"host": "http://x"}, {"host": "x", "port": 0}, {"host": "x", "path": "/a?b"}, {"host": "x", "mode": "ftp"},
     {"mode": "scgi-socket", "socketPath": "relative"}],
)  # fmt: skip
def test_what_is_wrong(wrong):
    with pytest.raises(ValidationError):
        make(wrong)
