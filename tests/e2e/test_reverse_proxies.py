"""Behind a real nginx and a real Caddy, below a path, as the samples set them up."""

import json
import subprocess
import sys
from base64 import b64encode
from contextlib import asynccontextmanager, contextmanager

import httpx
import pytest
import trio
from lab.amutorrent import amutorrent
from lab.reverse_proxies import KINDS, reverse_proxy
from lab.waiting import wait_until
from trio_websocket import connect_websocket_url

from amutorrent.metafile import encode

pytestmark = [pytest.mark.daemon, pytest.mark.slow]

CLIENTS = [{"type": "example", "id": "one", "seed": "one", "items": 40}]
PROXIES = {"trustedProxies": ["127.0.0.1"]}
ELSEWHERE = "127.0.0.2"
"""An address of this machine that is no trusted proxy."""
ANN = {"username": "ann", "password": "correct horse"}


@contextmanager
def running(kind, root, **server):
    """Run our daemon and a proxy in front of it."""
    with (
        amutorrent(root / "data", CLIENTS, **PROXIES, **server) as ours,
        reverse_proxy(kind, root / "proxy", ours.port) as proxy,
    ):
        yield ours, proxy


@pytest.fixture(scope="module", params=["", "/amutorrent"], ids=["prefix", "base path"])
def base_path(request):
    return request.param


@pytest.fixture(scope="module", params=sorted(KINDS))
def proxy(request, base_path, tmp_path_factory):
    """Run a proxy before a daemon without authentication."""
    root = tmp_path_factory.mktemp("open")
    with running(request.param, root, auth={"enabled": False}, basePath=base_path) as (_, found):
        yield found


@pytest.fixture(scope="module", params=sorted(KINDS))
def closed(request, tmp_path_factory):
    """Run a proxy before a daemon that wants to know who asks, and believes the proxy's header."""
    auth = {"enabled": True, "trustedProxy": {"enabled": True, "usernameHeader": "Remote-User"}}
    with running(request.param, tmp_path_factory.mktemp("closed"), auth=auth) as (ours, found):
        make_ann(ours)
        yield found


def caller(proxy, address=ELSEWHERE, **headers):
    """Give an HTTP client that comes from an address."""
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=proxy.url, transport=transport, headers=headers, timeout=30)


@asynccontextmanager
async def socket(proxy, path="/ws", **headers):
    """Open a WebSocket through the proxy."""
    async with trio.open_nursery() as nursery:
        url = f"{proxy.url.replace('http', 'ws')}{path}"
        extra = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        connection = await connect_websocket_url(nursery, url, extra_headers=extra, max_message_size=64 << 20)
        with trio.fail_after(30):
            yield connection
        await connection.aclose()
        nursery.cancel_scope.cancel()


async def messages_until(connection, condition):
    """Take messages until one fits."""
    while not condition(found := json.loads(await connection.get_message())):
        pass
    return found


def test_requests(proxy):
    with caller(proxy) as http:
        wait_until(lambda: http.get("/api/v1/data/snapshot").json()["data"]["items"], 20)
        answer = http.get("/api/v1/data/snapshot", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        again = http.get("/api/v1/data/snapshot", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code in (200, 304)
        assert http.get("/api/docs").text.startswith("<!DOCTYPE html>")
        assert http.get("/api/openapi.json").status_code == 200
        assert http.get("/api/nothing").json()["code"] == "not_found"
        redirect = http.get(f"http://127.0.0.1:{proxy.port}/amutorrent")
        assert redirect.is_redirect
        assert redirect.headers["location"].endswith("/amutorrent/")
        info = {b"name": b"long.bin", b"length": 5 << 20, b"piece length": 1 << 14, b"pieces": b"x" * (4 << 20)}
        torrent = encode({b"info": info, b"announce": b"http://tracker.example/announce", b"x": b"y" * 20})
        added = http.post("/api/v1/downloads/torrent", json={"data": b64encode(torrent).decode()})
        assert added.status_code in (200, 400), added.text  # it is let through: what it says of the pieces is looked at
        assert added.json()["type"] in ("torrent-added", "error")
        blanks = b"{" + b" " * (2 << 20)
        long = http.post("/api/v1/downloads/pause", content=blanks, headers={"Content-Type": "application/json"})
        assert long.json()["code"] == "payload_too_large"


@pytest.mark.parametrize("path", ["/", "/ws"])
async def test_the_live_list_over_a_socket(proxy, path):
    origin = f"http://127.0.0.1:{proxy.port}"
    async with socket(proxy, path, Origin=origin) as connection:
        first = await messages_until(connection, lambda each: each["type"] == "connected")
        assert first["session"]
        for _ in range(3):  # it goes on
            await messages_until(connection, lambda each: each["type"] == "batch-update")
        await connection.send_message(json.dumps({"action": "nothing", "requestId": 5}))
        reply = await messages_until(connection, lambda each: each.get("requestId") == 5)
        assert reply["code"] == "unknown_action"


def test_a_page_elsewhere_opens_no_socket(proxy):
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Origin": "http://evil.example",
    }
    with caller(proxy) as http:
        refused = http.get("/ws", headers=upgrade)
        assert (refused.status_code, refused.json()["code"]) == (403, "cross_origin")


def test_cookies_and_changes_from_elsewhere(closed):
    with caller(closed) as http:
        assert http.get("/api/v1/data/snapshot").json()["code"] == "unauthorized"
        signed_in = http.post("/api/auth/login", json=ANN)
        assert signed_in.status_code == 200, signed_in.text
        cookie = signed_in.headers["set-cookie"]
        assert "Path=/amutorrent;" in f"{cookie};"
        assert "Secure" not in cookie
        assert http.get("/api/auth/profile").json()["user"]["username"] == "ann"
        own = f"http://127.0.0.1:{closed.port}"
        preferences = {"preferences": {"a": 1}}
        assert http.put("/api/auth/preferences", json=preferences, headers={"Origin": own}).status_code == 200
        foreign = http.put("/api/auth/preferences", json=preferences, headers={"Origin": "http://evil.example"})
        assert foreign.json()["code"] == "cross_origin"
        spoofed = http.post("/api/auth/login", json=ANN, headers={"X-Forwarded-Prefix": "/evil"})
        assert "Path=/amutorrent;" in f"{spoofed.headers['set-cookie']};"


def test_nobody_makes_up_an_address_or_a_name(closed):
    with caller(closed, "127.0.0.4") as http:
        assert http.get("/api/auth/profile", headers={"Remote-User": "ann"}).status_code == 401
        statuses = [
            http.post(
                "/api/auth/login",
                json={**ANN, "password": "wrong"},
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            ).status_code
            for number in range(7)
        ]
        assert statuses[-1] == 429, statuses
    with caller(closed, "127.0.0.3") as http:
        assert http.post("/api/auth/login", json=ANN).status_code == 200


def make_ann(ours):
    """Make an account, as the command does beside a running daemon."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "amutorrent", "users", "add", "ann", "--admin", "--password-stdin"),
            *("--data-dir", str(ours.data_dir)),
        ],
        input=ANN["password"],
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    wait_until(lambda: httpx.post(f"{ours.url}/api/auth/login", json=ANN, timeout=10).status_code == 200, 20)
