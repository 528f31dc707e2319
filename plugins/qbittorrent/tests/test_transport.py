"""The transport against recorded exchanges: those that a 4.5.2 cannot give, and those of something else."""

from contextlib import asynccontextmanager
from typing import NamedTuple
from urllib.parse import parse_qs

import httpx
import pytest
import trio
from amutorrent_qbittorrent import transport as module
from amutorrent_qbittorrent.failures import Refusal
from amutorrent_qbittorrent.settings import QBittorrentSettings
from amutorrent_qbittorrent.transport import Transport, http_client

from amutorrent import AuthRejected, ClientFailed, ProtocolError, Unreachable

PASSWORD = "correct+horse/battery"


class Answer(NamedTuple):
    """What came over the wire; an httpx.Response would unpack it when it is made."""

    status: int
    headers: dict[str, str] = {}  # noqa: RUF012  (never written to)
    content: bytes = b""


class Recorded:
    """Plays recorded answers by method and path, in order (the last one again and again), and keeps the requests."""

    def __init__(self, answers: dict[str, list[Answer | Exception]]) -> None:
        self.answers = {call: list(listed) for call, listed in answers.items()}
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        listed = self.answers[self.name(request)]
        found = listed.pop(0) if len(listed) > 1 else listed[0]
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found.status, headers=found.headers, stream=httpx.ByteStream(found.content))

    @staticmethod
    def name(request: httpx.Request) -> str:
        return f"{request.method} {request.url.path.split('/api/v2/')[1]}"

    @property
    def calls(self) -> list[str]:
        return [self.name(request) for request in self.requests]


def text(body: str = "", status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"content-type": "text/plain; charset=UTF-8", **named}, body.encode())


FORBIDDEN = text("Forbidden", 403)
COOKIE_4 = "SID=ga+HWYBfZy8Ve9/CF873SFoGjAOe431R; HttpOnly; path=/; SameSite=Strict"
COOKIE_5 = "QBT_SID_8080=abc+/d; HttpOnly; SameSite=Lax; path=/; expires=Fri, 01-Jan-2100 00:00:00 GMT"


@asynccontextmanager
async def playing(answers: dict[str, list[Answer | Exception]], **settings: object):
    recorded = Recorded(answers)
    given = QBittorrentSettings.model_validate({"host": "nas", "password": PASSWORD, **settings})
    async with http_client(given, False, httpx.MockTransport(recorded)) as http:
        yield Transport(given, http), recorded


@pytest.mark.parametrize(
    ("login", "cookie"),
    [
        (text("Ok.", set_cookie=COOKIE_4), "SID=ga+HWYBfZy8Ve9/CF873SFoGjAOe431R"),
        (Answer(204, headers={"set-cookie": COOKIE_5}), "QBT_SID_8080=abc+/d"),
        (text("", set_cookie="my_own_name=1; path=/"), "my_own_name=1"),
    ],
    ids=["4.5", "5.2", "renamed"],
)
async def test_login_of_both_generations_with_a_cookie_of_any_name(login, cookie):
    async with playing(
        {"GET app/webapiVersion": [FORBIDDEN, text("2.8.19")], "POST auth/login": [login], "GET x": [text("hi")]}
    ) as (transport, recorded):
        assert await transport.hello() == "2.8.19"
        assert await transport.get("x") == b"hi"
    assert recorded.calls == ["GET app/webapiVersion", "POST auth/login", "GET app/webapiVersion", "GET x"]
    assert recorded.requests[-1].headers["cookie"] == cookie
    assert parse_qs(recorded.requests[1].content.decode()) == {"username": ["admin"], "password": [PASSWORD]}


async def test_neither_origin_nor_referer_is_sent():
    async with playing({"GET app/webapiVersion": [text("2.8.19")]}) as (transport, recorded):
        await transport.hello()
    assert not {"origin", "referer", "authorization"} & set(recorded.requests[0].headers)


async def test_where_no_login_is_wanted_none_is_made():
    async with playing({"GET app/webapiVersion": [text("2.8.19", set_cookie=COOKIE_4)]}, username="") as (
        transport,
        recorded,
    ):
        assert await transport.hello() == "2.8.19"
    assert recorded.calls == ["GET app/webapiVersion"]


@pytest.mark.parametrize(
    ("login", "says"),
    [
        (text("Fails."), "user name or password"),
        (text("", 401), "user name or password"),
        (text("Unauthorized", 401), "user name or password"),
        (text("Your IP address has been banned after too many failed authentication attempts.", 403), "banned"),
    ],
    ids=["4.5", "5.2", "5.2 with text", "banned"],
)
async def test_a_refused_login_is_made_once_and_never_again(login, says):
    async with playing({"GET app/webapiVersion": [FORBIDDEN], "POST auth/login": [login]}) as (transport, recorded):
        for _ in range(3):
            with pytest.raises(AuthRejected, match=says) as caught:
                await transport.hello()
            assert PASSWORD not in str(caught.value)
    assert recorded.calls.count("POST auth/login") == 1


async def test_many_calls_that_find_the_session_gone_share_one_login():
    async with (
        playing({"GET x": [FORBIDDEN] * 5 + [text("hi")], "POST auth/login": [text("Ok.", set_cookie=COOKIE_4)]}) as (
            transport,
            recorded,
        ),
        trio.open_nursery() as nursery,
    ):
        for _ in range(5):
            nursery.start_soon(transport.get, "x")
    assert recorded.calls.count("POST auth/login") == 1
    assert transport.sessions == 1


async def test_a_call_that_stays_forbidden_gives_up_after_one_login():
    async with playing({"GET x": [FORBIDDEN], "POST auth/login": [text("Ok.")]}) as (transport, recorded):
        with pytest.raises(Refusal):
            await transport.get("x")
    assert recorded.calls == ["GET x", "POST auth/login", "GET x"]


async def test_a_refusal_with_a_text_of_its_own_is_no_lost_session():
    async with playing({"POST torrents/setLocation": [text("Cannot write to directory", 403)]}) as (
        transport,
        recorded,
    ):
        with pytest.raises(ClientFailed, match="Cannot write"):
            await transport.post("torrents/setLocation", {})
    assert len(recorded.calls) == 1


async def test_an_api_key_goes_with_every_call_and_never_logs_in():
    async with playing({"GET app/webapiVersion": [text("2.15.1")]}, apiKey="qbt_123") as (transport, recorded):
        assert await transport.hello() == "2.15.1"
    assert recorded.requests[0].headers["authorization"] == "Bearer qbt_123"


@pytest.mark.parametrize("answer", [FORBIDDEN, text("", 401), text("Unauthorized", 401)])
async def test_a_refused_api_key(answer):
    async with playing({"GET app/webapiVersion": [answer]}, apiKey="qbt_123") as (transport, recorded):
        for _ in range(2):
            with pytest.raises(AuthRejected, match="API key") as caught:
                await transport.hello()
    assert "qbt_123" not in str(caught.value)
    assert "POST auth/login" not in recorded.calls


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (Answer(200, headers={"content-type": "text/html"}, content=b"<html>"), ProtocolError, "a web page"),
        (Answer(404, headers={"content-type": "text/html"}, content=b"<html>"), ProtocolError, "status 404"),
        (Answer(403, headers={"content-type": "text/html"}, content=b"<html>"), ProtocolError, "status 403"),
        (text("Not Found", 404), ProtocolError, "not qBittorrent's Web API"),
        (text("no", 405), ProtocolError, "not qBittorrent's Web API"),
        (text("", 302, location="https://nas/login"), ProtocolError, "redirects to https://nas/login"),
        (text("", 502), Unreachable, "proxy"),
        (text("Unauthorized", 401), AuthRejected, "401"),
        (Answer(200, headers={"content-encoding": "gzip"}, content=b"nonsense"), ProtocolError, "packed"),
        (httpx.ReadTimeout("late"), Unreachable, "no answer in time"),
        (httpx.ConnectTimeout("late"), Unreachable, "firewall"),
        (httpx.RemoteProtocolError("illegal status line"), ProtocolError, "does not speak HTTP"),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), Unreachable, "closed"),
        (httpx.ReadError("reset"), Unreachable, "closed"),
    ],
)
async def test_what_else_may_answer_is_named(answer, error, says):
    async with playing({"GET app/webapiVersion": [answer]}) as (transport, recorded):
        with pytest.raises(error, match=says):
            await transport.hello()
    assert "POST auth/login" not in recorded.calls, "the password was sent to something else"


async def test_something_else_that_answers_a_login():
    async with playing({"GET app/webapiVersion": [FORBIDDEN], "POST auth/login": [text("Welcome!")]}) as (transport, _):
        with pytest.raises(ProtocolError, match="Welcome!"):
            await transport.hello()


@pytest.mark.parametrize("lost", [httpx.ReadError("reset"), httpx.RemoteProtocolError("Server disconnected")])
async def test_a_lost_answer_of_a_read_is_asked_for_again_but_nothing_is_sent_twice(lost):
    async with playing({"GET x": [lost, text("hi")], "POST y": [lost]}) as (transport, recorded):
        assert await transport.get("x", rid=7) == b"hi"
        with pytest.raises(Unreachable):
            await transport.post("y", {})
    assert recorded.calls == ["GET x", "GET x", "POST y"]
    assert [request.url.query for request in recorded.requests[:2]] == [b"rid=7", b"rid=7"]


async def test_an_answer_without_end_is_cut_off(monkeypatch):
    monkeypatch.setattr(module, "MAX_ANSWER", 1 << 20)

    async def endless(request: httpx.Request) -> httpx.Response:
        async def body():
            while True:
                await trio.lowlevel.checkpoint()
                yield bytes(1 << 16)

        return httpx.Response(200, content=body())

    given = QBittorrentSettings(host="nas")
    async with http_client(given, False, httpx.MockTransport(endless)) as http:
        with pytest.raises(ProtocolError, match="MiB"):
            await Transport(given, http).get("x")


async def test_a_call_has_a_deadline(autojump_clock):
    async def hang(request: httpx.Request) -> httpx.Response:
        await trio.sleep_forever()

    given = QBittorrentSettings(host="nas")
    async with http_client(given, False, httpx.MockTransport(hang)) as http:
        with pytest.raises(Unreachable, match="120 s"):
            await Transport(given, http).hello()


async def test_an_upload_is_multipart_under_the_daemons_name():
    async with playing({"POST torrents/add": [text("Ok.")]}) as (transport, recorded):
        await transport.post("torrents/add", {"paused": "true"}, ("x.torrent", b"d4:infoe", "application/x-bittorrent"))
    body = recorded.requests[0].content
    assert b'name="torrents"; filename="x.torrent"' in body
    assert b'name="paused"\r\n\r\ntrue' in body
