"""At its most talkative, with right and wrong passwords everywhere, our daemon writes no secret anywhere."""

import base64

import httpx
import pytest
import trio
from lab.amutorrent import amutorrent
from lab.waiting import wait_until
from trio_websocket import ConnectionClosed, connect_websocket_url

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
PASSWORD, OTHER, WRONG = "a staple and a horse", "a horse with no staple", "a wrong staple/ü horse"
GUESS = "what it might be"


@pytest.fixture
def ours(tmp_path, qbittorrent, amule, rtorrent_behind_http):
    """Run our own daemon over a client with the right password and two with a wrong one."""
    wrong = {"password": WRONG}
    clients = [
        {**qbittorrent.settings, "id": "right"},
        {**amule.settings, **wrong, "id": "mule"},
        {**rtorrent_behind_http.settings, **wrong, "id": "front"},
    ]
    with amutorrent(tmp_path, clients, auth={"enabled": True}, logLevel="debug") as running:
        running.secrets.add(WRONG)
        yield running


def test_no_secret_is_written_anywhere(ours):
    ours.told()  # it takes in the token of the printed link
    token = next(each for each in ours.secrets.known if len(each) == 43)
    refused = ours.http.post("/api/auth/setup", json={"token": GUESS, "username": "ann", "password": PASSWORD})
    assert refused.status_code == 401
    made = ours.http.post("/api/auth/setup", json={"token": token, "username": "ann", "password": PASSWORD})
    assert made.status_code == 200
    wait_until(lambda: ours.state("right") == "online" and ours.state("mule") == "rejected", 30)
    wait_until(lambda: ours.state("front") == "rejected", 30)
    key = ours.get("/api/auth/profile")["user"]["apiKey"]
    ours.post("/api/users", username="bob", password=OTHER)
    ours.put("/api/auth/profile", currentPassword=PASSWORD, newPassword=OTHER)
    in_all_the_wrong_places(ours, key)
    trio.run(knock, f"ws://127.0.0.1:{ours.port}/ws?apikey={key}")
    ours.post("/api/auth/logout")
    assert ours.http.post("/api/auth/login", json={"username": "ann", "password": GUESS}).status_code == 401
    assert ours.http.post("/api/auth/login", json={"username": OTHER, "password": 7}).status_code == 400
    assert ours.http.post("/api/auth/login", content=f'{{"password": "{OTHER}"').status_code in (400, 415)
    assert ours.told() == []
    assert {PASSWORD, OTHER, WRONG, GUESS, key, token} <= ours.secrets.known
    told = ours.log.read_text()
    for said in ("audit: login by nobody: invalid_credentials", "A password refused", "mule", "front"):
        assert said in told


def in_all_the_wrong_places(ours, key):
    """Show an API key where nobody asks for it."""
    basic = base64.b64encode(f"ann:{key}".encode()).decode()
    with httpx.Client(base_url=ours.url, trust_env=False) as http:
        for headers in (
            {"Authorization": f"Bearer {key}"},
            {"Authorization": f"Basic {basic}"},
            {"Cookie": f"SID={key}"},
        ):
            assert http.get("/api/v1/data/snapshot", headers=headers).status_code == 401
        for path in (f"/api/v1/data/snapshot?apikey={key}", f"/api/{key}", f"/indexer/amule/api?t={key}"):
            assert http.get(path).status_code == 401
        for path in (f"/indexer/{key}/api?apikey={key}", f"/indexer/{key}?apikey={key}"):
            assert http.get(path).status_code == 404
        assert http.get(f"/indexer/amule/api?apikey={key}&t=caps").status_code == 200, "there it is asked for"
        assert http.get(f"/{key}").status_code == 401
        assert http.post(f"/api/v1/downloads/pause?password={OTHER}", json={"items": []}).status_code == 401


async def knock(url):
    """Open a WebSocket and see it closed."""
    async with trio.open_nursery() as nursery:
        socket = await connect_websocket_url(nursery, url)
        with pytest.raises(ConnectionClosed):
            await socket.get_message()
        await trio.aclose_forcefully(socket._stream)  # it leaves its own end open
        nursery.cancel_scope.cancel()
