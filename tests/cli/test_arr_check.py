"""`amutorrent arr-check` against a real daemon, to which an app has spoken."""

import json
import subprocess
import sys

import pytest
from lab.arr import sonarr

pytestmark = pytest.mark.slow
HASH = "0123456789abcdef0123456789abcdef"
MAGNET = f"magnet:?xt=urn:btih:{HASH}00000000&dn=Some%20Show%1B%5B2J.mkv&xl=300000"


@pytest.fixture
def daemon(command, place):
    """Run a daemon without a client."""
    command("serve", "--data-dir", place.config().path).says("Listening on ")
    return place


def test_nothing_to_say(command, daemon):
    run = command("arr-check", "--url", daemon.url)
    assert run.ends() == 0
    assert run.out.splitlines() == [
        "There are no downloads that the programs see.",
        "",
        "No program has asked for anything since the daemon started.",
    ]


def test_downloads_and_programs_in_a_table_and_the_last_requests(command, daemon):
    app = sonarr(daemon.url, "", "")
    app.grab(MAGNET)
    app.queue()
    run = command("arr-check", AMUTORRENT_URL=daemon.url)
    assert run.ends() == 0, "what waits for its client is not in trouble"
    lines = run.out.splitlines()
    assert lines[0].split() == ["DOWNLOAD", "CATEGORY", "CLIENT", "TOLD", "RESULT"]
    assert lines[1].split("  ")[0].startswith("Some Show")
    assert lines[1].split()[-4:] == ["tv-sonarr", "-", "queuedDL", "handing_over"]
    assert "\x1b" not in run.out
    assert lines[3].split() == ["PROGRAM", "ADDRESS", "CATEGORIES", "LAST", "REQUEST"]
    assert "GET torrents/info?category=tv-sonarr: 200" in lines[4]
    run = command("arr-check", "--url", daemon.url, "--requests")
    assert run.ends() == 0
    assert "POST torrents/add" in run.out
    assert "the last request first:" in run.out


def test_json_and_what_is_asked_for(command, daemon):
    sonarr(daemon.url, "", "").grab(MAGNET)
    for options, found in (
        (["--hash", f"{HASH}00000000"], [HASH]),
        (["--hash", "f" * 32], []),
        (["--category", "tv-sonarr"], [HASH]),
        (["--category", "radarr"], []),
    ):
        run = command("arr-check", "--url", daemon.url, "--json", *options)
        assert run.ends() == 0
        reply = json.loads(run.out)
        assert (reply["type"], [each["hash"] for each in reply["data"]]) == ("arr-check", found)
    run = command("arr-check", "--url", daemon.url, "--hash", "not a hash")
    assert run.ends() == 1
    assert "hash" in run.err


def test_without_a_key_or_a_daemon_it_says_what_to_do(command, place):
    run = command("arr-check", "--url", place.url)
    assert run.ends() == 1
    assert run.err.startswith(f"amutorrent: {place.url} cannot be reached: is the daemon running?")
    run = command("arr-check", "--url", "ftp://x")
    assert run.ends() == 1
    assert "ftp://x is no address of a daemon" in run.err
    place.config(auth={"enabled": True})
    add = [sys.executable, "-m", "amutorrent", "users", "add", "ann", "--admin", "--json"]
    made = subprocess.run(
        [*add, "--data-dir", str(place.path)], check=True, capture_output=True, stdin=subprocess.DEVNULL
    )
    command("serve", "--data-dir", place.path).says("Listening on ")
    run = command("arr-check", "--url", place.url)
    assert run.ends() == 1
    assert "give an API key by --api-key" in run.err
    run = command("arr-check", "--url", place.url, AMUTORRENT_API_KEY=json.loads(made.stdout)["user"]["apiKey"])
    assert run.ends() == 0, run.err


def test_a_daemon_without_the_plugin_is_told_apart(command, place):
    command("serve", "--data-dir", place.config().path, "--without", "qbcompat").says("Listening on ")
    run = command("arr-check", "--url", place.url)
    assert run.ends() == 1
    assert "is the plugin qbcompat loaded there?" in run.err
