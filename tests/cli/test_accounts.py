"""Accounts of a real daemon: the link of the first start, sessions over a restart, commands beside it."""

import json
import re
import signal
import time

import httpx
import pytest
import trio
from trio_websocket import ConnectionClosed, connect_websocket_url

pytestmark = pytest.mark.slow
PASSWORD = "correct horse"
LINK = re.compile(r"make the first one in a browser: (http://127\.0\.0\.1:\d+/setup\?token=([\w-]{43}))\n")


@pytest.fixture
def daemon(command, place):
    """Give the function that starts our daemon with authentication on, again over the same data."""

    def start(**server):
        place.config({"type": "example", "items": 3}, auth={"enabled": True}, **server)
        running = command("serve", "--data-dir", place.path)
        running.says("Listening on")
        return running

    return start


@pytest.fixture
def users(command, place):
    """Give the function that runs a command about accounts, which has to work; gives its JSON."""

    def run(*args, given=None):
        ended = command("users", *args, "--json", "--data-dir", place.path, given=given)
        assert ended.ends(60) == 0, ended.err
        return json.loads(ended.out)

    return run


def stop(running):
    running.signal(signal.SIGTERM)
    assert running.ends() == 0


def status(place, path, **options):
    return httpx.get(place.url + path, **options).status_code


def test_the_link_makes_the_first_account_and_its_session_outlives_a_restart(daemon, place):
    first = daemon()
    first.says("There is no account yet")
    assert status(place, "/api/v1/data/snapshot") == 401
    stop(first)
    old = LINK.search(first.out)
    second = daemon()
    second.says("There is no account yet")
    link = LINK.search(second.out)
    assert link[2] != old[2]
    assert link[1].startswith(place.url)
    assert link[2] not in place.log
    with httpx.Client(base_url=place.url) as browser:
        fields = {"username": "ann", "password": PASSWORD}
        assert browser.post("/api/auth/setup", json={"token": old[2], **fields}).status_code == 401
        assert browser.post("/api/auth/setup", json={"token": link[2], **fields}).status_code == 200
        assert browser.get("/api/v1/data/snapshot").status_code == 200
        stop(second)
        third = daemon()
        assert browser.get("/api/v1/data/snapshot").status_code == 200
    assert PASSWORD not in place.log
    stop(third)
    assert "no account" not in third.out


async def drain(socket):
    """Read until the socket is closed."""
    while True:
        await socket.get_message()


def test_commands_beside_the_daemon_are_seen_by_it(daemon, users, place):
    running = daemon()
    ann = users("add", "ann", "--admin", "--password-stdin", given=PASSWORD)["user"]
    assert status(place, "/api/auth/profile", headers={"X-API-Key": ann["apiKey"]}) == 200
    bob = users("add", "bob", "--password-stdin", given=PASSWORD)["user"]
    headers = {"X-API-Key": bob["apiKey"]}
    assert status(place, "/api/auth/profile", headers=headers) == 200
    began = time.monotonic()

    async def watch():
        async with trio.open_nursery() as nursery:
            url = f"ws://127.0.0.1:{place.port}/ws"
            key = [(b"X-API-Key", bob["apiKey"].encode())]
            socket = await connect_websocket_url(nursery, url, extra_headers=key)
            await socket.get_message()
            await trio.to_thread.run_sync(users, "remove", "bob")
            with trio.fail_after(15), pytest.raises(ConnectionClosed) as closed:
                await drain(socket)
            await trio.aclose_forcefully(socket._stream)  # it leaves its socket open when cancelled
            nursery.cancel_scope.cancel()
        return closed.value.reason.code

    assert trio.run(watch) == 4001
    assert time.monotonic() - began < 30
    assert status(place, "/api/auth/profile", headers=headers) == 401
    stop(running)


def test_other_machines_may_come_in_since_they_have_to_sign_in(daemon, users, place):
    key = users("add", "ann", "--admin")["user"]["apiKey"]
    running = daemon(host="0.0.0.0")
    assert status(place, "/api/v1/data/snapshot") == 401
    assert status(place, "/api/v1/data/snapshot", headers={"X-API-Key": key}) == 200
    assert key not in place.log
    stop(running)


def test_watch_wants_a_key(daemon, users, command, place):
    key = users("add", "ann", "--admin")["user"]["apiKey"]
    running = daemon()
    refused = command("watch", "--url", place.url)
    assert refused.ends() == 1
    assert "Authentication required; give an API key by --api-key" in refused.err
    watch = command("watch", "--url", place.url, "--api-key", key)
    watch.says("3 items")
    watch.signal(signal.SIGINT)
    assert watch.ends() == 0
    stop(running)
