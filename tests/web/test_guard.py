"""Host and Origin: without accounts everybody on this machine is an admin, and a web page elsewhere must not be."""

import json
import socket

import pytest

from amutorrent.web.guard import Guard

EVIL = "evil.example"
HOSTS = [
    ("127.0.0.1", True),
    ("127.0.0.1:4000", True),
    ("192.168.1.5:80", True),
    ("[::1]", True),
    ("[::1]:4000", True),
    ("[fd00::1]:4000", True),
    ("localhost", True),
    ("LOCALHOST:4000", True),
    ("localhost.", True),
    ("nas", True),
    ("nas.local", True),
    ("nas.lan:4000", True),
    ("nas.internal", True),
    ("deep.nas.home.arpa", True),
    ("Downloads.Example.Org", True),
    ("downloads.example.org:4000", True),
    (socket.gethostname(), True),
    ("", False),
    (":4000", False),
    (".", False),
    (EVIL, False),
    (f"{EVIL}.", False),
    (f"{EVIL}:4000", False),
    ("127.0.0.1.evil.example", False),
    ("local.evil.example", False),
    ("evil.example.locale", False),
    ("home.arpa.evil.example", False),
    ("downloads.example.org.evil.example", False),
    ("evil.example@127.0.0.1", False),
    ("user@localhost", False),
    ("localhost/evil.example", False),
    ("localhost?x", False),
    ("localhost:x", False),
    ("localhost:99999", False),
    ("[::1", False),
    ("[evil.example]", False),
    ("0x7f.1", False),
]


def scope(kind="http", method="GET", path="/", **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": kind, "method": method, "path": path, "headers": pairs}


@pytest.fixture
def guard():
    return Guard(frozenset({"downloads.example.org"}), "")


@pytest.mark.parametrize(("host", "allowed"), HOSTS)
def test_the_host_table(guard, host, allowed):
    for kind in ("http", "websocket"):
        refusal = guard.refusal(scope(kind, host=host))
        assert (refusal is None) is allowed
        assert allowed or (refusal.status, refusal.code) == (421, "host_not_allowed")


def test_with_authentication_any_host_is_answered():
    for host in (EVIL, "", "0x7f.1"):
        assert Guard(frozenset(), "", check_host=False).refusal(scope(host=host)) is None


def test_without_a_host_nothing_is_answered(guard):
    assert guard.refusal(scope()).status == 421


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": ""}, False),
        ({"sec_fetch_site": "same-origin", "origin": f"http://{EVIL}"}, True),
        ({"sec_fetch_site": "cross-site", "origin": "http://localhost:4000"}, False),
        ({"origin": "http://localhost:4000"}, True),
        ({"origin": "https://LOCALHOST:4000"}, True),
        ({"origin": "http://localhost"}, False),
        ({"origin": "http://localhost:4001"}, False),
        ({"origin": f"http://{EVIL}"}, False),
        ({"origin": "http://downloads.example.org"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "http://[bad"}, False),
        ({"origin": f"http://{EVIL}/localhost:4000"}, False),
    ],
)
def test_a_change_must_come_from_here(guard, headers, passes):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        refusal = guard.foreign_change(scope(method=method, host="localhost:4000", **headers))
        assert (refusal is None) is passes
        assert passes or (refusal.status, refusal.code) == (403, "cross_origin")
    for method in ("GET", "HEAD"):
        assert guard.foreign_change(scope(method=method, host="localhost:4000", **headers)) is None


@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        (None, True),
        ("http://localhost:4000", True),
        ("https://localhost:4000", True),
        ("https://downloads.example.org", True),
        ("https://Downloads.example.org:8443", True),
        ("http://localhost:4001", False),
        (f"http://{EVIL}", False),
        ("http://nas.local", False),
        ("null", False),
        ("", False),
        ("file://", False),
    ],
)
def test_a_socket_must_come_from_here_or_an_allowed_host(guard, origin, passes):
    headers = {} if origin is None else {"origin": origin}
    refusal = guard.refusal(scope("websocket", host="localhost:4000", sec_fetch_site="cross-site", **headers))
    assert (refusal is None) is passes
    assert passes or (refusal.status, refusal.code) == (403, "cross_origin")


@pytest.mark.parametrize(
    ("path", "passes"),
    [("/here", True), ("/here/", True), ("/here/x", True), ("/", False), ("/hereabout", False), ("/x/here/", False)],
)
def test_the_base_path_is_taken_or_missed(path, passes):
    found = scope(path=path, host="localhost")
    refusal = Guard(frozenset(), "/here").refusal(found)
    assert (refusal is None) is passes
    assert found.get("root_path") == ("/here" if passes else None)


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/api/v1/echo", [f"Host: {EVIL}"], 421, "host_not_allowed"),
        ("/nowhere", [f"Host: {EVIL}"], 421, "host_not_allowed"),
        ("/api/v1/echo", [f"Origin: http://{EVIL}"], 403, "cross_origin"),
        ("/api/v1/echo", ["Sec-Fetch-Site: cross-site"], 403, "cross_origin"),
    ],
)
async def test_what_is_refused_over_http_says_why(web, path, headers, status, code):
    answer = await web.post(path, b'{"text":"a"}', *headers)
    assert answer.status == status
    body = json.loads(answer.body)
    assert (body["type"], body["code"]) == ("error", code)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


UPGRADE = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
]


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/ws", [f"Host: {EVIL}"], 421, "host_not_allowed"),
        ("/", [f"Origin: http://{EVIL}"], 403, "cross_origin"),
        ("/ws", ["Origin: null"], 403, "cross_origin"),
        ("/elsewhere", [], 404, "not_found"),
        ("/health", [], 404, "not_found"),
        ("/api/v1/tiny", [], 404, "not_found"),
    ],
)
async def test_an_upgrade_is_refused_with_the_same_errors(web, path, headers, status, code):
    answer = await web.get(path, *headers, *UPGRADE)
    assert (answer.status, json.loads(answer.body)["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/json"
