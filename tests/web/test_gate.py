"""Who comes in, with what, and what the others are told."""

import json

import pytest
import trio
from quart import Blueprint, request
from web.site import PASSWORD, open_site, people, token_of

from amutorrent import Host
from amutorrent.accounts.users import UserChanges
from amutorrent.model.permissions import SSO
from amutorrent.settings.access import networks
from amutorrent.web import Proxies, ProxySignIn

WHO = "/api/auth/profile"
NAME = ("Remote-User: {}").format
BEHIND = {"proxies": Proxies(networks(("127.0.0.1",)))}


async def test_nobody_is_told_to_sign_in(site):
    for path in (WHO, "/api/v1/tiny", "/api/v1/data/snapshot", "/api/openapi.json", "/api/nothing", "/nothing"):
        answer = await site.ask("GET", path)
        assert (answer.status, answer.json["code"]) == (401, "unauthorized"), path
        assert "set-cookie" not in answer.headers


async def test_a_session_and_a_key_come_in(site):
    session = await site.sign_in("bob")
    for credentials in ({"session": session}, {"key": site.key_of("bob")}):
        answer = await site.ask("GET", WHO, **credentials)
        assert (answer.status, answer.json["user"]["username"]) == (200, "bob")
        assert "set-cookie" not in answer.headers
    answer = await site.ask("GET", WHO, session=session, key=site.key_of("Ann"))
    assert answer.json["user"]["username"] == "bob", "the session comes first"
    answer = await site.ask("GET", WHO, session="x" * 43, key=site.key_of("Ann"))
    assert answer.json["user"]["username"] == "Ann", "the first that names somebody wins"
    for credentials in ({"session": "x" * 43}, {"key": "k" * 43}, {"key": site.key_of("off")}, {"session": "\"'"}):
        assert (await site.ask("GET", WHO, **credentials)).status == 401


async def test_of_several_cookies_the_right_one_counts(site):
    session = await site.sign_in("bob")
    answer = await site.ask("GET", WHO, None, f"Cookie: amule.sid=old; amule.sid={session}")
    assert answer.status == 200


async def test_wrong_keys_are_guesses(site):
    session, key = await site.sign_in("bob"), site.key_of("bob")
    statuses = [(await site.ask("GET", WHO, key="k" * 43)).status for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    blocked = await site.ask("POST", "/api/auth/login", {"username": "bob", "password": PASSWORD})
    assert (blocked.status, blocked.json["code"]) == (429, "rate_limited")
    assert int(blocked.headers["retry-after"]) == blocked.json["details"]["retryAfter"] > 50
    for credentials in ({"session": session}, {"key": key}):
        assert (await site.ask("GET", WHO, **credentials)).status == 200
    status = (await site.ask("GET", "/api/auth/status")).json
    assert 50 < status["retryAfter"] <= 60


async def test_an_empty_key_is_no_guess(site):
    for _ in range(10):
        assert (await site.ask("GET", WHO, key="")).status == 401
        assert (await site.ask("GET", WHO, key=" ")).json["code"] == "unauthorized"
    await site.sign_in("bob")


async def test_without_an_account_nothing_answers_but_the_setup(tmp_path, cheap_hashes):
    async with open_site(tmp_path) as site:
        for method, path in (
            *(("GET", path) for path in ("/api/auth/status", "/api/v1/tiny", "/api/nothing", "/nothing", WHO)),
            *(("POST", path) for path in ("/api/auth/login", "/api/auth/logout", "/api/users")),
        ):
            answer = await site.ask(method, path)
            assert (answer.status, answer.json["code"]) == (401, "setup_required"), path
        for path in ("/health", "/health/live", "/health/ready"):
            assert (await site.ask("GET", path)).status == 200
        async with site.web.socket() as socket:
            assert await socket.closed() == 1008
        body = {"token": site.accounts.setup.token, "username": "Ann", "password": PASSWORD}
        made = await site.ask("POST", "/api/auth/setup", body)
        assert made.json == {"success": True, "message": "Account created"}
        assert (await site.ask("GET", WHO, session=token_of(made))).json["user"]["isAdmin"] is True
        again = await site.ask("POST", "/api/auth/setup", body)
        assert (again.status, again.json["code"]) == (409, "already_exists")


async def test_health_tells_details_to_those_signed_in_alone(site):
    nobody = (await site.ask("GET", "/health")).json
    assert nobody == {"status": "degraded", "problems": [{"code": "instance_rejected"}]}
    somebody = (await site.ask("GET", "/health", key=site.key_of("bob"))).json
    assert somebody["problems"] == [{"code": "instance_rejected", "message": "demo: wrong password"}]
    assert somebody["clients"]
    assert somebody["connections"] == 0


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ([], True),
        (["Sec-Fetch-Site: same-origin"], True),
        (["Sec-Fetch-Site: cross-site"], False),
        (["Sec-Fetch-Site: same-site"], False),
        (["Origin: http://evil.example"], False),
    ],
)
async def test_a_page_elsewhere_changes_nothing(site, headers, passes):
    session = await site.sign_in("Ann")
    body = {"preferences": {"a": 1}}
    answer = await site.ask("PUT", "/api/auth/preferences", body, *headers, session=session)
    assert answer.status == (200 if passes else 403)
    assert passes or answer.json["code"] == "cross_origin"
    by_key = await site.ask("PUT", "/api/auth/preferences", body, *headers, key=site.key_of("Ann"))
    assert by_key.status == 200, "no browser adds a key by itself"
    login = await site.ask("POST", "/api/auth/login", {"username": "bob", "password": PASSWORD}, *headers)
    assert login.status == (200 if passes else 403)


async def test_any_host_name_is_answered_for(site):
    assert (await site.ask("GET", WHO, None, "Host: evil.example", key=site.key_of("bob"))).status == 200


@pytest.mark.parametrize("path", ["/api/v1/upload", "/api/auth/login", "/api/v1/echo"])
async def test_nobody_sends_long_bodies(site, path):
    too_long = b'{"text": "%s"}' % (b"x" * (64 << 10))
    answer = await site.web.post(path, too_long)
    assert answer.status in (401, 413)
    if path == "/api/auth/login":
        assert json.loads(answer.body)["code"] == "payload_too_large"
    by_key = await site.web.post("/api/v1/echo", too_long, f"X-API-Key: {site.key_of('bob')}")
    assert by_key.status == 200


async def test_strangers_are_slowed_down_and_this_machine_is_not(site, monkeypatch):
    monkeypatch.setattr("amutorrent.web.rate_limit.PER_MINUTE", 3)
    statuses = [(await site.ask("GET", "/health", None, "X-Forwarded-For: 1.2.3.4")).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    key = site.key_of("bob")
    assert (await site.ask("GET", WHO, None, "X-Forwarded-For: 1.2.3.4", key=key)).status == 200
    assert {(await site.ask("GET", "/health")).status for _ in range(10)} == {200}


async def test_a_trusted_proxy_says_who_it_is(tmp_path, cheap_hashes):
    async with open_site(tmp_path, proxy=ProxySignIn(b"remote-user"), **BEHIND) as site:
        await people(site.accounts)
        answer = await site.ask("GET", WHO, None, NAME("BOB"))
        assert answer.json["user"]["username"] == "bob"
        assert "set-cookie" not in answer.headers
        for headers in (["nobody"], ["off"], [""], ["Ann", "bob"]):
            assert (await site.ask("GET", WHO, None, *map(NAME, headers))).status == 401
        assert (await site.ask("GET", WHO, None, NAME("nobody"), key=site.key_of("Ann"))).status == 200
        foreign = ["Origin: http://evil.example", NAME("Ann")]
        assert (await site.ask("PUT", "/api/auth/preferences", {"preferences": {}}, *foreign)).status == 403
        assert (await site.ask("GET", "/api/auth/status")).json["sso"] is True
        assert (await site.ask("GET", "/api/auth/status", None, NAME("bob"))).json["session"] is False


async def test_a_trusted_proxy_brings_new_people_if_it_may(tmp_path, cheap_hashes):
    async with open_site(tmp_path, proxy=ProxySignIn(b"remote-user", SSO), **BEHIND) as site:
        assert (await site.ask("GET", WHO, None, NAME("cid"))).json["code"] == "setup_required"
        await people(site.accounts)
        user = (await site.ask("GET", WHO, None, NAME("cid"))).json["user"]
        assert (user["username"], user["isAdmin"], set(user["capabilities"])) == ("cid", False, SSO)
        assert (await site.ask("GET", WHO, None, NAME("off"))).status == 401


async def test_anybody_else_says_nothing_of_the_kind(tmp_path, cheap_hashes):
    elsewhere = Proxies(networks(("192.0.2.0/24",)))
    async with open_site(tmp_path, proxy=ProxySignIn(b"remote-user", SSO), proxies=elsewhere) as site:
        await people(site.accounts)
        assert (await site.ask("GET", WHO, None, NAME("Ann"))).status == 401
        assert (await site.ask("GET", WHO, None, NAME("cid"))).status == 401
        assert len(site.accounts.users.all()) == 3


async def test_the_cookie_behind_a_proxy(tmp_path, cheap_hashes):
    async with open_site(tmp_path, **BEHIND) as site:
        await people(site.accounts)
        body = {"username": "bob", "password": PASSWORD}
        plain = (await site.ask("POST", "/api/auth/login", body)).headers["set-cookie"].split("; ")
        assert plain[1:] == ["Path=/", "Max-Age=86400", "HttpOnly", "SameSite=Lax"]
        forwarded = ["X-Forwarded-Proto: https", "X-Forwarded-Prefix: /amule", "X-Forwarded-Host: d.example.org"]
        headers = [*forwarded, "Origin: https://d.example.org"]
        answer = await site.ask("POST", "/api/auth/login", {**body, "rememberMe": True}, *headers)
        assert answer.headers["set-cookie"].split("; ")[1:] == [
            *("Path=/amule", "Max-Age=2592000", "HttpOnly", "SameSite=Lax", "Secure")
        ]


async def test_a_database_that_was_never_read_is_503_to_those_who_have_to_be_looked_up(tmp_path, cheap_hashes):
    (tmp_path / "amutorrent.db").write_bytes(b"no database at all" * 100)
    async with open_site(tmp_path) as site:
        for credentials in ({"session": "x" * 43}, {"key": "k" * 43}):
            answer = await site.ask("GET", WHO, **credentials)
            assert (answer.status, answer.json["code"]) == (503, "storage_unavailable")
        login = await site.ask("POST", "/api/auth/login", {"username": "bob", "password": PASSWORD})
        assert (login.status, login.json["code"]) == (503, "storage_unavailable")
        assert (await site.ask("GET", WHO)).status == 401
        assert (await site.ask("GET", "/health")).status == 200


# -- sockets


@pytest.mark.parametrize("path", ["/", "/ws"])
async def test_a_socket_wants_to_know_too(site, path):
    async with site.web.socket(path) as socket:
        assert await socket.closed() == 1008
    async with site.web.socket(path, extra_headers=[(b"X-API-Key", b"k" * 43)]) as socket:
        assert await socket.closed() == 1008
    for headers in ([(b"X-API-Key", site.key_of("bob").encode())], [_cookie(await site.sign_in("bob"))]):
        async with site.web.socket(path, extra_headers=headers) as socket:
            assert (await socket.get())["type"] == "connected"
            assert (await socket.ask("tiny"))["type"] == "tiny"


def _cookie(session):
    return b"Cookie", f"amule.sid={session}".encode()


ENDS = {
    "password": lambda site, bob: site.accounts.users.change(bob, UserChanges(password="another horse")),
    "name": lambda site, bob: site.accounts.users.change(bob, UserChanges(name="robert")),
    "admin": lambda site, bob: site.accounts.users.change(bob, UserChanges(is_admin=True)),
    "permissions": lambda site, bob: site.accounts.users.change(bob, UserChanges(permissions=frozenset())),
    "disabled": lambda site, bob: site.accounts.users.change(bob, UserChanges(disabled=True)),
    "removed": lambda site, bob: site.accounts.users.remove(bob),
    "everywhere": lambda site, bob: site.accounts.sessions.end_all(bob),
    "new key": lambda site, bob: site.accounts.users.new_key(bob),
}
BY_SESSION, BY_KEY = {*ENDS} - {"new key"}, {*ENDS} - {"everywhere"}


@pytest.mark.parametrize("what", ENDS)
async def test_what_ends_a_session_closes_its_sockets(site, what):
    session, key, anns = await site.sign_in("bob"), site.key_of("bob"), await site.sign_in("Ann")
    async with (
        site.web.socket(extra_headers=[_cookie(session)]) as by_session,
        site.web.socket(extra_headers=[(b"X-API-Key", key.encode())]) as by_key,
        site.web.socket(extra_headers=[_cookie(anns)]) as other,
    ):
        for socket in (by_session, by_key, other):
            await socket.greeting()
        await ENDS[what](site, site.accounts.users.named("bob").id)
        for socket, ends in ((by_session, what in BY_SESSION), (by_key, what in BY_KEY), (other, False)):
            if ends:
                assert await socket.closed() == 4001
            else:
                assert (await socket.ask("tiny"))["type"] == "tiny"


async def test_a_sign_out_closes_the_sockets_of_that_session_alone(site):
    one, two = await site.sign_in("bob"), await site.sign_in("bob")
    async with (
        site.web.socket(extra_headers=[_cookie(one)]) as ends,
        site.web.socket(extra_headers=[_cookie(two)]) as stays,
    ):
        await ends.greeting()
        await stays.greeting()
        assert (await site.ask("POST", "/api/auth/logout", session=one)).status == 200
        assert await ends.closed() == 4001
        assert (await stays.ask("tiny"))["type"] == "tiny"


async def test_the_next_message_sees_new_rights(site):
    session = await site.sign_in("bob")
    bob = site.accounts.users.named("bob")
    kept = site.accounts.sessions.find(session).session
    async with site.web.socket(extra_headers=[_cookie(session)]) as socket:
        await socket.greeting()
        assert (await socket.ask("putThing", thingId=1))["code"] == "admin_required"
        await site.accounts.users.change(bob.id, UserChanges(is_admin=True), keep=kept)
        assert (await socket.ask("putThing", thingId=1))["type"] == "thing"


async def test_who_sees_more_now_gets_it_all(site, item):
    session = await site.sign_in("bob")
    bob = site.accounts.users.named("bob")
    kept = site.accounts.sessions.find(session).session
    await site.web.fill(item(1), item(2))
    async with site.web.socket(extra_headers=[_cookie(session)]) as socket:
        assert (await socket.greeting())[-1]["data"]["items"] == []
        await site.accounts.users.change(bob.id, UserChanges(permissions=frozenset({"view_all_downloads"})), keep=kept)
        full = await socket.get("batch-update")
        assert [each["ownedByMe"] for each in full["data"]["items"]] == [False, False]
        await site.web.fill(item(1, size=7), full=False)
        delta = (await socket.get("batch-update"))["data"]["delta"]
        assert [each["size"] for each in delta["changed"]] == [7]


async def test_a_session_whose_time_is_over_closes_its_socket(site, monkeypatch):
    session = await site.sign_in("bob")
    async with site.web.socket(extra_headers=[_cookie(session)]) as socket:
        await socket.greeting()
        later = site.accounts.roster.now() + 86_400_000
        monkeypatch.setattr(site.accounts.roster, "_clock", lambda: later / 1000)
        await site.accounts.roster.look()
        with trio.fail_after(5):
            assert await socket.closed() == 4001


# -- surfaces of plugins


def _surface(name):
    """Make a surface that says who asks."""
    surface = Blueprint(name, f"tests.{name}", url_prefix=f"/{name}")

    @surface.get("/who")
    async def who():
        asking = Host("tests", lambda: None).asking(request.scope)
        name = asking.user.name if asking.user else None
        code = asking.refusal.code if asking.refusal else None
        return {"user": name, "address": asking.address, "mustSetUp": asking.must_set_up, "refusal": code}

    return surface


async def test_a_surface_is_closed_unless_it_is_public(tmp_path, cheap_hashes):
    surfaces = {"surfaces": [_surface("closed"), _surface("open")], "public_surfaces": {"open"}}
    async with open_site(tmp_path, **surfaces) as site:
        assert (await site.ask("GET", "/closed/who")).json["code"] == "setup_required"
        first = await site.ask("GET", "/open/who")
        assert first.json == {"user": None, "address": "127.0.0.1", "mustSetUp": True, "refusal": "setup_required"}
        await people(site.accounts)
        assert (await site.ask("GET", "/closed/who")).status == 401
        assert (await site.ask("GET", "/open/nothing")).status == 401
        nobody = {**first.json, "mustSetUp": False, "refusal": "unauthorized"}
        assert (await site.ask("GET", "/open/who")).json == nobody
        for path in ("/open/who", "/closed/who"):
            assert (await site.ask("GET", path, key=site.key_of("bob"))).json["user"] == "bob"


async def test_a_door_counts_for_its_own_surface_alone(tmp_path, cheap_hashes, caplog):
    asked = []

    async def know(scope):
        asked.append(scope["path"])
        word = dict(scope["headers"]).get(b"x-word")
        if word == b"broken":
            raise KeyError("a mistake")
        return word == b"friend"

    surface = _surface("open")

    @surface.post("/size")
    async def size():
        return {"size": len(await request.get_data())}

    options = {"surfaces": [surface], "public_surfaces": {"open"}, "doors": {"/open": know}}
    async with open_site(tmp_path, base_path="/base", **options) as site:
        await people(site.accounts)
        long = b"x" * (2 << 20)
        assert (await site.web.get("/base/open/size", "X-Word: friend", method="POST", body=long)).status == 200
        assert (await site.web.get("/base/open/size", method="POST", body=long)).status == 413
        assert (await site.ask("GET", "/base/open/who", None, "X-Word: friend")).json["user"] is None
        assert (await site.web.get("/base/open/who", "X-Word: broken")).status == 200
        assert "The door of /open failed" in caplog.text
        caplog.clear()
        seen = len(asked)
        for path in ("/base/opened/x", "/base/api/v1/tiny", "/base/open/../api/v1/tiny"):
            assert (await site.web.get(path, "X-Word: friend")).status == 401
        assert len(asked) - seen <= 1
        assert (await site.ask("GET", "/base/open/who", key=site.key_of("bob"))).json["user"] == "bob"
