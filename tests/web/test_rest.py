"""REST: what goes in, what comes out, and every error that the web layer makes itself. Source: http-api 1 and 2."""

import gzip
import hashlib
import json

import pytest
import trio
from quart import Blueprint, Response

from amutorrent import ClientFailed

NO_STORE = "no-store"
FORM = "multipart/form-data; boundary=b"


def error_of(answer):
    body = json.loads(answer.body)
    assert body.pop("type") == "error"
    assert body.pop("message")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == NO_STORE
    return answer.status, body


def part(name, content, file=None):
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    return head.encode() + b"\r\n\r\n" + content + b"\r\n"


def form(*parts):
    return b"".join(parts) + b"--b--\r\n"


async def test_a_reply_is_typed_json_with_the_security_headers(web):
    answer = await web.get("/api/v1/tiny")
    assert (answer.status, json.loads(answer.body)) == (200, {"type": "tiny", "ok": True})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == NO_STORE
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert not {name for name in answer.headers if name.startswith("access-control") or name == "server"}


async def test_a_query_gives_texts_numbers_and_lists(web):
    answer = await web.get("/api/v1/echo?text=a%20%C3%A9&text=b&count=3&deepList=1&deepList=2&names=x&unknown=1")
    assert json.loads(answer.body) == {
        "type": "echo",
        "text": "b",
        "count": 3,
        "deepList": [1, 2],
        "names": ["x"],
    }


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("", "validation_error", "text"),
        ("text=a&count=x", "validation_error", "count"),
        ("text=a&count=-1", "validation_error", "count"),
        ("text=a&deepList=1&deepList=x", "validation_error", "deepList[1]"),
        ("text=a&waitS=nan", "validation_error", "waitS"),
        ("text=a&waitS=-inf", "validation_error", "waitS"),
        ("text=a&waitS=1e999", "validation_error", "waitS"),
        ("text=%FF", "bad_request", None),
        ("text=%ED%A0%80", "bad_request", None),
        ("&".join(["text=a"] * 2001), "bad_request", None),
    ],
)
async def test_a_bad_query_names_the_field(web, query, code, field):
    status, body = error_of(await web.get(f"/api/v1/echo?{query}"))
    assert (status, body["code"]) == (400, code)
    assert body.get("details", {}).get("field") == field


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (b"", "validation_error", "text"),
        (b"{", "invalid_json", None),
        (b"[]", "invalid_json", None),
        (b"null", "invalid_json", None),
        (b'{"text":"a"} x', "invalid_json", None),
        (b'{"text":"\xff"}', "invalid_json", None),
        (b'{"text":"\\ud800"}', "invalid_json", None),
        (b'{"text":"a","waitS":NaN}', "invalid_json", None),
        (b'{"text":"a","waitS":1e999}', "validation_error", "waitS"),
        (b'{"text":"a","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "invalid_json", None),
        (b'{"text":1}', "validation_error", "text"),
        (b'{"text":null}', "validation_error", "text"),
        (b'{"text":"a","count":1.5}', "validation_error", "count"),
        (b'{"text":"a","deepList":[1,"2"]}', "validation_error", "deepList[1]"),
        (b'{"text":"a","names":"b"}', "validation_error", "names"),
    ],
)
async def test_a_bad_body_names_the_field(web, body, code, field):
    status, found = error_of(await web.post("/api/v1/echo", body))
    assert (status, found["code"]) == (400, code)
    assert found.get("details", {}).get("field") == field


async def test_unknown_fields_are_ignored_and_the_type_may_carry_a_charset(web):
    answer = await web.post("/api/v1/echo", b'{"text":"a","later":{}}', kind="application/json; charset=utf-8")
    assert json.loads(answer.body)["text"] == "a"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", FORM, "", "application/jsonp"])
async def test_a_body_of_another_type_is_415(web, kind):
    assert error_of(await web.post("/api/v1/echo", b'{"text":"a"}', kind=kind)) == (
        415,
        {"code": "unsupported_media_type"},
    )


async def test_the_path_names_a_field_and_wins_over_the_body(web):
    answer = await web.get(
        "/api/v1/things/7", "Content-Type: application/json", method="PUT", body=b'{"thingId":8,"name":"n"}'
    )
    assert json.loads(answer.body) == {"type": "thing", "thingId": 7, "name": "n"}
    assert json.loads((await web.get("/api/v1/things/7", method="PUT", body=b"")).body)["name"] is None


async def test_delete_takes_its_fields_from_the_query_or_a_body(web):
    assert json.loads((await web.get("/api/v1/things/7?name=n", method="DELETE")).body)["name"] == "n"
    answer = await web.get("/api/v1/things/7", "Content-Type: application/json", method="DELETE", body=b'{"name":"b"}')
    assert json.loads(answer.body)["name"] == "b"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_bad_parameter_of_the_path_names_its_field(web, method):
    status, body = error_of(await web.get("/api/v1/things/x", method=method))
    assert (status, body) == (400, {"code": "validation_error", "details": {"field": "thingId"}})


@pytest.mark.parametrize(
    "path", ["/nothing", "/api", "/api/v1/nothing", "/api/v1/tiny/", "/api/v1//tiny", "/api/v1/%2e%2e", "/ws"]
)
async def test_an_unknown_path_is_a_json_404(web, path):
    assert error_of(await web.get(path)) == (404, {"code": "not_found"})


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/api/v1/tiny", "GET, HEAD"),
        ("OPTIONS", "/api/v1/echo", "GET, HEAD, POST"),
        ("PATCH", "/api/v1/things/1", "DELETE, PUT"),
        ("BREW", "/health", "GET, HEAD"),
        ("POST", "/api/openapi.json", "GET, HEAD"),
    ],
)
async def test_an_unknown_method_is_405_and_says_what_is_allowed(web, method, path, allow):
    answer = await web.get(path, method=method)
    assert error_of(answer) == (405, {"code": "method_not_allowed"})
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(("path", "limit"), [("/api/v1/echo", 1 << 20), ("/api/v1/upload", 16 << 20)])
async def test_the_body_may_be_as_long_as_its_path_allows(make_web, path, limit):
    async with make_web(base_path="/here") as web:
        prefix = b'{"text":"a","data":"","x":"'
        longest = prefix + b"x" * (limit - len(prefix) - 2) + b'"}'
        assert (await web.post("/here" + path, longest)).status == 200
        refused = await web.post("/here" + path, longest + b" ")
        assert error_of(refused) == (413, {"code": "payload_too_large"})


async def test_a_chunked_body_is_counted_as_it_comes(web):
    head = b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    async with await trio.open_tcp_stream("127.0.0.1", web.port) as stream:
        with trio.fail_after(5):
            await stream.send_all(head + b"Transfer-Encoding: chunked\r\n\r\n" + 17 * chunk)
            answer = b""
            while b"payload_too_large" not in answer:
                answer += await stream.receive_some()
    assert answer.startswith(b"HTTP/1.1 413")


async def test_a_file_comes_as_base64_or_as_a_part_of_a_form(web):
    expected = {
        "type": "uploaded",
        "size": 4,
        "digest": hashlib.sha256(b"\x00\xff\r\n").hexdigest(),
        "fileName": "a.bin",
        "paused": True,
    }
    answer = await web.post("/api/v1/upload", b'{"data":"AP8NCg==","fileName":"a.bin","paused":true}')
    assert json.loads(answer.body) == expected
    body = form(part("paused", b"true"), part("file", b"\x00\xff\r\n", "a.bin"))
    assert json.loads((await web.post("/api/v1/upload", body, kind=FORM)).body) == expected


async def test_a_text_part_wins_over_the_name_of_the_file(web):
    body = form(part("file", b"x", "a.bin"), part("fileName", "é.bin".encode()))
    assert json.loads((await web.post("/api/v1/upload", body, kind=FORM)).body)["fileName"] == "é.bin"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (form(part("paused", b"true")), "file"),
        (form(part("file", b"x", "a"), part("file", b"y", "b")), "file"),
        (form(part("other", b"x", "a")), "file"),
        (form(part("file", b"text, not a file")), "file"),
        (form(part("file", b"x", "a"), part("paused", b"maybe")), "paused"),
        (form(part("file", b"x", "a"), part("fileName", b"\xff")), "fileName"),
        (form(), "file"),
    ],
)
async def test_a_form_with_other_parts_is_refused(web, body, field):
    status, found = error_of(await web.post("/api/v1/upload", body, kind=FORM))
    assert (status, found) == (400, {"code": "validation_error", "details": {"field": field}})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"nonsense", "multipart/form-data"),
        (b"nonsense", FORM),
        (part("file", b"x", "a"), FORM),
        (b"--b\r\nnonsense\r\n\r\nx\r\n--b--\r\n", FORM),
    ],
)
async def test_a_broken_form_is_a_bad_request(web, body, kind):
    status, found = error_of(await web.post("/api/v1/upload", body, kind=kind))
    assert (status, found) == (400, {"code": "bad_request"})


async def test_an_error_carries_its_details_and_headers(web):
    answer = await web.post("/api/v1/echo", b'{"text":"a","fail":"limited"}')
    assert error_of(answer) == (429, {"code": "rate_limited", "details": {"retryAfter": 7}})
    assert answer.headers["retry-after"] == "7"


async def test_a_fault_of_ours_is_a_500_that_tells_nothing(web, caplog):
    answer = await web.post("/api/v1/echo", b'{"text":"a","fail":"bug"}')
    assert error_of(answer) == (500, {"code": "internal_error"})
    assert b"secret" not in answer.raw
    assert b"Traceback" not in answer.raw
    assert "secret path" in caplog.text  # where it belongs


async def test_a_reply_that_cannot_be_encoded_is_a_500(web, caplog):
    answer = await web.post("/api/v1/echo", b'{"text":"a","fail":"unsendable"}')
    assert error_of(answer) == (500, {"code": "internal_error"})
    assert "surrogates not allowed" in caplog.text


async def test_an_error_that_quotes_what_cannot_be_sent_is_told_all_the_same(web):
    answer = await web.post("/api/v1/echo", b'{"text":"a","fail":"quoting"}')
    assert error_of(answer) == (502, {"code": "client_error"})
    assert json.loads(answer.body)["message"] == "No file bad? here"


def test_an_error_is_encodable_whatever_it_quotes():
    assert ClientFailed("bad\udce9").message == "bad?"


async def test_a_long_reply_is_packed_where_that_is_welcome(web):
    long = json.dumps({"text": "x" * 2000}).encode()
    plain = await web.post("/api/v1/echo", long)
    assert "content-encoding" not in plain.headers
    packed = await web.post("/api/v1/echo", long, "Accept-Encoding: gzip, br")
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) == int(packed.headers["content-length"]) < 200
    assert gzip.decompress(packed.body) == plain.body
    short = await web.get("/api/v1/tiny", "Accept-Encoding: gzip")
    assert "content-encoding" not in short.headers


async def test_the_snapshot_has_an_etag_and_a_packed_form(web, item):
    await web.fill(*map(item, range(50)))
    first = await web.get("/api/v1/data/snapshot")
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "accept-encoding"
    packed = await web.get("/api/v1/data/snapshot", "Accept-Encoding: gzip")
    assert packed.headers["etag"] == first.headers["etag"]
    assert gzip.decompress(packed.body) == first.body
    assert len(json.loads(first.body)["data"]["items"]) == 50


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
async def test_who_has_the_snapshot_gets_304(web, item, form):
    await web.fill(item(1))
    etag = (await web.get("/api/v1/data/snapshot")).headers["etag"]
    asked = f"If-None-Match: {form.format(etag.removeprefix('W/'))}"
    answer = await web.get("/api/v1/data/snapshot", asked)
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    assert "content-length" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-cache"
    await web.fill(item(1, size=5))
    again = await web.get("/api/v1/data/snapshot", f"If-None-Match: {etag}")
    assert again.status == 200
    assert again.headers["etag"] != etag


async def test_head_is_get_without_a_body(web, item):
    await web.fill(*map(item, range(50)))
    for path in ("/api/v1/tiny", "/api/v1/data/snapshot", "/health", "/api/openapi.json", "/api/v1/nothing"):
        get, head = await web.get(path), await web.get(path, method="HEAD")
        assert (head.status, head.body) == (get.status, b"")
        assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


async def test_a_surface_gets_the_security_headers_and_its_failure_is_an_error_reply(make_web, caplog):
    surface = Blueprint("surface", "tests.surface")

    @surface.get("/page")
    async def page():
        return "<p>Hello</p>"

    @surface.get("/api/surface")
    async def data():
        return Response("[]", content_type="application/json")

    @surface.get("/api/surface/kept")
    async def kept():
        return Response("[]", headers={"ETag": '"1"', "Cache-Control": "private, no-cache"})

    @surface.get("/api/surface/broken")
    async def broken():
        raise KeyError("secret")

    async with make_web(surfaces=[surface]) as web:
        found = await web.get("/page")
        assert found.headers["content-security-policy"].startswith("default-src 'self'; script-src 'self';")
        assert "frame-ancestors 'none'" in found.headers["content-security-policy"]
        assert found.headers["x-content-type-options"] == "nosniff"
        assert (await web.get("/api/surface")).headers["cache-control"] == NO_STORE
        assert (await web.get("/api/surface/kept")).headers["cache-control"] == "private, no-cache"
        failed = await web.get("/api/surface/broken")
        assert error_of(failed) == (500, {"code": "internal_error"})
        assert b"secret" not in failed.raw
        assert error_of(await web.get("/page", method="PUT"))[0] == 405


async def test_everything_stands_behind_the_base_path(make_web):
    async with make_web(base_path="/deep/here") as web:
        assert (await web.get("/deep/here/api/v1/tiny")).status == 200
        assert json.loads((await web.get("/deep/here/health")).body)["connections"] == 0
        for path in ("/deep/here", "/deep/here/"):
            assert (await web.get(path)).headers["location"] == "/deep/here/api/docs"
        for path in ("/api/v1/tiny", "/health", "/deep/hereapi/v1/tiny", "/deep", "/"):
            assert error_of(await web.get(path)) == (404, {"code": "not_found"})
        document = json.loads((await web.get("/deep/here/api/openapi.json")).body)
        assert document["servers"] == [{"url": "/deep/here"}]
        for path in ("/deep/here", "/deep/here/", "/deep/here/ws"):
            async with web.socket(path) as reader:
                assert (await reader.get())["type"] == "connected"


async def test_a_caller_that_hangs_up_ends_its_wait(web):
    body = b'{"text":"a","waitS":3600}'
    head = b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    stream = await trio.open_tcp_stream("127.0.0.1", web.port)
    await stream.send_all(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    await trio.aclose_forcefully(stream)
    assert (await web.get("/api/v1/tiny")).status == 200
