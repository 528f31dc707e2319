"""`amutorrent watch` against a real daemon with the simulated client."""

import contextlib
import io
import os
import pty
import re
import signal
import subprocess

import httpx
import pytest
from lab.waiting import wait_until
from rich.console import Console

from amutorrent.cli.feed import socket_url
from amutorrent.cli.output import clean, duration, size, speed
from amutorrent.cli.plain import PlainLines, summary
from amutorrent.cli.screen import picture
from amutorrent.errors import InvalidRequest
from amutorrent.replay import Replay

from .conftest import COMMAND


def start(command, place):
    running = command("serve", "--data-dir", place.config({"type": "example", "items": 6}).path)
    running.says("is online")
    return running


@pytest.mark.slow
def test_lines_for_every_step_and_a_summary(command, place):
    start(command, place)
    watch = command("watch", "--url", place.url)
    watch.says("1 of 1 clients connected")
    httpx.post(f"{place.url}/api/v1/example/fast-forward", json={"seconds": 600}).raise_for_status()
    watch.says(": seeding, 100 % of ")
    watch.signal(signal.SIGINT)
    assert watch.ends() == 0
    lines = watch.out.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d example-demo online", lines[0])
    assert lines[1].startswith("6 items, ")
    assert lines[1].endswith("1 of 1 clients connected")
    assert re.fullmatch(r"\d\d:\d\d:\d\d example-demo \S.*: \w+, \d+ % of [\d.]+ \wB(, [\d.]+ \w?B/s)?", lines[2])
    assert "6 seeding" in lines[-1]
    assert watch.err == ""


@pytest.mark.slow
def test_it_comes_back_when_the_daemon_does(command, place):
    daemon = start(command, place)
    watch = command("watch", "--url", place.url)
    watch.says("clients connected")
    daemon.signal(signal.SIGTERM)
    assert daemon.ends() == 0
    watch.says("closed the socket: The daemon stops")
    start(command, place)
    before = len(watch.out)
    httpx.post(f"{place.url}/api/v1/example/fast-forward", json={"seconds": 600}).raise_for_status()
    wait_until(lambda: "100 %" in watch.out[before:], 30, lambda: watch.out + watch.err)
    watch.signal(signal.SIGTERM)
    assert watch.ends() == 0


@pytest.mark.slow
def test_without_a_daemon_it_ends_with_1_and_says_so(command, place):
    watch = command("watch", AMUTORRENT_URL=place.url)
    assert watch.ends() == 1
    assert watch.err.startswith(f"amutorrent: {place.url} cannot be reached: is the daemon running?")
    assert "Traceback" not in watch.err


@pytest.mark.slow
def test_what_is_no_daemon_of_ours_ends_it_with_1(command, place):
    start(command, place)
    watch = command("watch", "--url", f"{place.url}/nowhere")
    assert watch.ends() == 1
    assert watch.err.startswith(f"amutorrent: {place.url}/nowhere refuses the socket with status 404")
    assert "Traceback" not in watch.err


@pytest.mark.slow
def test_a_table_in_a_terminal(command, place):
    start(command, place)
    ours, theirs = pty.openpty()
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "30"}
    process = subprocess.Popen(
        [*COMMAND, "watch", "--url", place.url], stdin=theirs, stdout=theirs, stderr=theirs, env=environ
    )
    os.close(theirs)
    os.set_blocking(ours, False)
    seen = b""

    def drawn():
        nonlocal seen
        with contextlib.suppress(BlockingIOError):
            seen += os.read(ours, 65536)
        return b"Progress" in seen and b"6 items" in seen and b"online" in seen

    try:
        wait_until(drawn, 20, lambda: repr(seen))
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)


ITEM = {
    "instanceId": "a",
    "hash": "1",
    "name": "evil\x1b[2J[red]name",
    "status": "active",
    "progress": 42.4,
    "size": 1_400_000_000,
    "downloadSpeed": 1_500_000,
    "uploadSpeed": 0,
    "eta": 125,
}


def replay_of(*items, state="online", error=None):
    replay = Replay()
    info = {"state": state, "connected": state == "online", "error": error}
    stats = {"instances": {"a": info}, "instanceSpeeds": {"a": {"downloadSpeed": 1_500_000, "uploadSpeed": 5}}}
    replay.apply({"type": "batch-update", "data": {"stats": stats, "items": list(items), "seq": 1}})
    return replay


def drawn(replay, problem=None, height=20):
    console = Console(file=io.StringIO(), width=110, height=height)
    console.print(picture(replay, console, problem))
    return console.file.getvalue().splitlines()


def test_the_table_shows_what_moves_first_and_names_the_rest():
    idle = [{**ITEM, "hash": f"idle{n}", "name": f"idle {n}", "downloadSpeed": 0} for n in range(50)]
    lines = drawn(replay_of(*idle, ITEM, state="waiting", error="refused"), problem="lost", height=12)
    assert lines[0].startswith("51 items, 51 active, 0 seeding, down 1.5 MB/s, up 5 B/s, 0 of 1 clients connected")
    assert lines[1].split() == ["a", "waiting:", "refused"]
    assert lines[2].split() == ["lost"]
    assert lines[4].split()[:2] == ["evil?[2J[red]name", "active"]
    assert lines[4].split()[-7:] == ["42.4", "1.4", "GB", "1.5", "MB/s", "2:05", "min"]
    assert lines[-1].split() == ["and", "45", "more"]
    assert len(lines) <= 12


def test_before_the_list_is_there_it_says_so():
    assert drawn(Replay()) == ["Waiting for the list"]


def test_lines_are_told_once():
    plain, replay = PlainLines(), replay_of(ITEM)
    first = list(plain.lines(replay))
    assert first[0].endswith("a online")
    assert first[1:] == [summary(replay)]
    assert list(plain.lines(replay)) == []
    replay.items["a:1"]["progress"] = 44.9
    assert list(plain.lines(replay)) == []
    replay.items["a:1"]["progress"] = 45.0
    assert [line[9:] for line in plain.lines(replay)] == [
        "a evil?[2J[red]name: active, 45 % of 1.4 GB, 1.5 MB/s",
    ]
    replay.items["a:2"] = {**ITEM, "hash": "2", "name": "new", "status": "stopped", "downloadSpeed": 0}
    assert [line[9:] for line in plain.lines(replay)] == ["a new: added, stopped, 42 % of 1.4 GB"]
    del replay.items["a:1"]
    assert [line[9:] for line in plain.lines(replay)] == ["a evil?[2J[red]name: removed"]
    replay.instances["a"] = {"state": "degraded", "connected": True, "error": "late\n"}
    assert [line[9:] for line in plain.lines(replay)] == ["a degraded: late?"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:4000", "ws://127.0.0.1:4000/ws"),
        ("localhost:4000", "ws://localhost:4000/ws"),
        ("https://example.org/amutorrent/", "wss://example.org/amutorrent/ws"),
        ("http://[::1]:5", "ws://[::1]:5/ws"),
    ],
)
def test_the_address_of_the_socket(url, expected):
    assert socket_url(url) == expected


@pytest.mark.parametrize("url", ["", "ftp://x", "http://", "file:///etc/passwd"])
def test_what_is_no_address_is_an_error(url):
    with pytest.raises(InvalidRequest, match="is no address of a daemon"):
        socket_url(url)


def test_numbers_for_people():
    assert [size(n) for n in (0, 999, 1000, 123_456, 1_500_000, 10**18)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "123 kB",
        "1.5 MB",
        "1000 PB",
    ]
    assert (speed(0), speed(1500)) == ("", "1.5 kB/s")
    assert [duration(s) for s in (None, -1, 5, 605, 7500, 200_000, 10**9)] == [
        "",
        "",
        "0:05 min",
        "10 min",
        "2 h 05 min",
        "2 d 7 h",
        "",
    ]
    assert clean("a\x1b]0;x\x07\nb") == "a?]0;x??b"
