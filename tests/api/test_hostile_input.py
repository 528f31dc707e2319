"""Input that nobody sends by mistake: a clear error, and nothing has changed, in us or in a client."""

import base64
import json

import httpx
import pytest
from lab.stage import ADMIN, AMULE, QBITTORRENT, RTORRENT

from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.testing import make_torrent

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
V1 = "/api/v1"
TORRENT = make_torrent("hostile.bin", 10_000)
DATA = base64.b64encode(TORRENT.file).decode()
PATHS = ("relative", "../up", "/downloads/../etc", "/downloads/..", "/with\0nul", "%2e%2e/up", "..\\up", ".")
TITLES = ("", "  ", "a/b", "..", "a\\b", "x\0y", "x" * 101, "a/../b")
BATCHES = [each for each in HOST_OPERATIONS if each.path and "items" in each.request.__struct_fields__]


def item(stage, id=RTORRENT):
    """Name the torrent that rTorrent seeds."""
    return {"fileHash": stage.seeded.hash, "instanceId": id}


FIELDS = {
    "savePath of a magnet": (
        "POST",
        f"{V1}/downloads/magnets",
        lambda s, v: {"links": [TORRENT.magnet], "savePath": v},
    ),
    "savePath of a torrent": ("POST", f"{V1}/downloads/torrent", lambda s, v: {"data": DATA, "savePath": v}),
    "path of a category": ("POST", f"{V1}/categories", lambda s, v: {"title": "Hostile", "path": v}),
    "mapping of a category": (
        *("POST", f"{V1}/categories"),
        lambda s, v: {"title": "Hostile", "pathMappings": {RTORRENT: v}},
    ),
    "folder to browse": ("POST", "/api/filesystem/browse", lambda s, v: {"path": v}),
    "shared directory": ("PUT", "/api/amule/shared-dirs", lambda s, v: {"directories": [v], "instanceId": AMULE}),
    "shareddir.dat": (
        "PUT",
        "/api/amule/shared-dirs/config",
        lambda s, v: {"sharedDirDatPath": v, "instanceId": AMULE},
    ),
}


@pytest.fixture(autouse=True)
def unchanged(world):
    """See that nothing has changed."""

    def now():
        data = world.ours.get(f"{V1}/data/snapshot")["data"]
        items = sorted((each["instanceId"], each["hash"], each["name"], each["category"]) for each in data["items"])
        config = (world.ours.data_dir / "config.json").read_bytes()
        return items, data["categories"], config, sorted(world.rtorrent.hashes()), sorted(world.qbittorrent.torrents())

    before = now()
    yield
    assert now() == before


def refused(answer, *codes, status=400):
    """See that an answer is an error of ours, with one of these codes."""
    told = answer.json()
    assert (answer.status_code, told["type"]) == (status, "error"), answer.text
    assert told["code"] in codes, answer.text
    assert "Traceback" not in answer.text
    return told


@pytest.mark.parametrize("value", PATHS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_path_leads_nowhere_else(world, field, value):
    method, path, body = FIELDS[field]
    told = refused(world.ask(method, path, body(world, value)), "validation_error", "bad_request")
    assert told["details"]["field"]


@pytest.mark.parametrize("value", TITLES)
def test_the_name_of_a_category_is_no_path(world, value):
    refused(world.ask("POST", f"{V1}/categories", {"title": value}), "validation_error")


@pytest.mark.parametrize("value", ["", ".", "..", "a/b", "a\\b", "x\0y", "x" * 256])
def test_the_new_name_of_a_file_is_no_path(world, value):
    refused(world.ask("POST", f"{V1}/downloads/rename", {**item(world), "newName": value}), "validation_error")


@pytest.mark.parametrize("operation", BATCHES, ids=lambda each: each.action)
def test_a_list_is_neither_empty_nor_endless(world, operation):
    checks = operation.path.startswith(f"{V1}/permissions")
    filling = {"destPath": "/tmp", "categoryName": "", "priority": "high", "add": ["x"]}
    for count in (0, 1001):
        if checks and not count:
            continue
        told = world.ask(operation.method, operation.path, {"items": [item(world)] * count, **filling})
        assert refused(told, "validation_error")["details"]["field"] == "items"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"items":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "invalid_json"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "invalid_json"),
        (b'{"items":[{"fileHash":"\\ud800","instanceId":"x"}]}', "invalid_json"),
        (b'{"items":[{"fileHash":"\xff\xfe"}]}', "invalid_json"),
        (b'{"items":Infinity}', "invalid_json"),
        (b'{"items":1e999}', "validation_error"),
        (b'{"items":' + b"9" * 5000 + b"}", "validation_error"),
        (b"", "validation_error"),
        (b"[]", "validation_error"),
        (b"null", "validation_error"),
        (b"\x1f\x8b\x08\x00" + b"x" * 100, "invalid_json"),
    ],
)
def test_json_that_is_none_or_no_request(world, body, code):
    refused(raw(world, "POST", f"{V1}/downloads/pause", body), code, "validation_error", "invalid_json")


def raw(world, method, path, body, **headers):
    """Send bytes as they are."""
    own = {"X-API-Key": world.keys[ADMIN], "Content-Type": "application/json", **headers}
    with httpx.Client(base_url=world.ours.url, timeout=60, trust_env=False) as http:
        return http.request(method, path, content=body, headers=own)


def test_bodies_have_a_limit(world):
    long = json.dumps({"items": [], "padding": "x" * (1 << 20)}).encode()
    refused(raw(world, "POST", f"{V1}/downloads/pause", long), "payload_too_large", status=413)
    longest = json.dumps({"data": "x" * (16 << 20)}).encode()
    refused(raw(world, "POST", f"{V1}/downloads/torrent", longest), "payload_too_large", status=413)
    packed = raw(world, "POST", f"{V1}/downloads/pause", b"\x1f\x8b" + b"\0" * 50, **{"Content-Encoding": "gzip"})
    assert packed.status_code in (400, 415), packed.text


BOMBS = {
    "deep": b"d4:info" + b"l" * 200_000 + b"e" * 200_000 + b"e",
    "a length that is none": b"d4:infod6:lengthi-1e4:name1:a12:piece lengthi16384e6:pieces20:" + b"x" * 20 + b"ee",
    "a length beyond all": b"d4:infod6:lengthi99999999999999999999999e4:name1:a12:piece lengthi16384e6:pieces20:"
    + b"x" * 20
    + b"ee",
    "a number of many digits": b"d4:infod6:lengthi" + b"9" * 100_000 + b"e4:name1:aee",
    "a text longer than all": b"d4:infod4:name999999999999:aee",
    "a name that leads up": b"d4:infod6:lengthi1e4:name9:../../etc12:piece lengthi16384e6:pieces20:"
    + b"x" * 20
    + b"ee",
    "a file that leads up": b"d4:infod5:filesld6:lengthi1e4:pathl2:..3:etceee4:name1:a12:piece lengthi16384e6:pieces20:"
    + b"x" * 20
    + b"ee",
    "no torrent": b"<html>" * 1000,
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("id", [RTORRENT, QBITTORRENT])
def test_a_torrent_like_a_bomb(world, bomb, id):
    body = {"data": base64.b64encode(BOMBS[bomb]).decode(), "instanceId": id}
    assert refused(world.ask("POST", f"{V1}/downloads/torrent", body), "validation_error")["details"]["field"] == "data"


@pytest.mark.parametrize("text", ["x%0d%0aSet-Cookie:%20a=b", "x%00", "%ff%fe", "..%2f..%2fetc", "%2e%2e/%2e%2e/etc"])
@pytest.mark.parametrize(
    "path", ["/api/item/detail/{}", f"{V1}/logs/{{}}", f"{V1}/clients/instances/{{}}/connect", "/{}"]
)
def test_nothing_of_a_path_becomes_a_header_or_a_file(world, path, text):
    method = "POST" if path.endswith("/connect") else "GET"
    answer = raw(world, method, path.format(text), b"{}" if method == "POST" else b"")
    assert 400 <= answer.status_code < 500, answer.text
    assert "set-cookie" not in answer.headers
    assert "root:" not in answer.text


@pytest.mark.parametrize("value", ["Infinity", "NaN", "-1", "1e400", "9223372036854775808", "1.5", "true"])
def test_numbers_that_are_no_limits(world, value):
    body = f'{{"download": {value}}}'.encode()
    refused(
        raw(world, "PUT", f"{V1}/clients/instances/{QBITTORRENT}/speed-limits", body),
        "invalid_json",
        "validation_error",
    )
