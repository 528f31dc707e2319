"""The document describes what really goes over the wire."""

import json

import pytest
from amutorrent_example.clock import fast_forward
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from amutorrent.operations.declare import declared
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.web.openapi import ERRORS, describe

OPERATIONS = (*HOST_OPERATIONS, *declared([fast_forward], "example"))
DOCUMENT = json.loads(json.dumps(describe(OPERATIONS)))
ROUTES = [operation for operation in OPERATIONS if operation.path]


def entry(operation, document=DOCUMENT):
    return document["paths"][operation.path][operation.method.lower()]


def check(document, schema, value):
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)


@pytest.fixture
async def document(web):
    return json.loads((await web.get("/api/openapi.json")).body)


async def test_it_is_valid_openapi(document):
    for each in (DOCUMENT, document):
        OpenAPIV31SpecValidator(each).validate()
        assert each["openapi"].startswith("3.1")


async def test_it_is_served_with_an_etag(web):
    answer = await web.get("/api/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    again = await web.get("/api/openapi.json", f"If-None-Match: {answer.headers['etag']}")
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("operation", ROUTES, ids=lambda each: each.action)
def test_every_route_says_what_goes_in_and_what_comes_out(operation):
    found = entry(operation)
    assert found["operationId"] == operation.action
    assert found["summary"]
    assert "Needs: " in found["description"]
    assert set(found["responses"]) == {str(operation.status), *map(str, ERRORS)}
    in_path = [each["name"] for each in found["parameters"] if each["in"] == "path"]
    assert in_path == operation.parameters
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in body:
        body = DOCUMENT["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    in_query = [each["name"] for each in found["parameters"] if each["in"] == "query"]
    fields = {*in_path, *in_query, *body.get("properties", {})}
    assert fields == set(operation.request.__struct_encode_fields__)
    without_body = operation.method == "GET" or (operation.method == "DELETE" and not fields - {*in_path})
    assert without_body == ("requestBody" not in found)


def test_each_error_names_its_codes():
    codes = {}
    for status, response in DOCUMENT["components"]["responses"].items():
        assert response["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
        codes[int(status)] = response["description"]
    assert "`validation_error`" in codes[400]
    assert "`ambiguous_hash`" in codes[409]
    assert "`unsupported_media_type`" in codes[415]
    assert "`not_connected`" in codes[503]
    assert "`internal_error`" in codes[500]


def test_a_file_may_come_as_a_part_of_a_form():
    (operation,) = [each for each in ROUTES if each.action == "addTorrentFile"]
    content = entry(operation)["requestBody"]["content"]
    form = content["multipart/form-data"]["schema"]
    assert form["properties"]["torrent"]["format"] == "binary"
    assert "data" not in form["properties"]
    assert form["required"] == ["torrent"]
    assert {"fileName", "instanceId", "categoryName", "savePath", "paused"} < set(form["properties"])


def test_every_action_of_the_socket_has_its_request():
    schemas = DOCUMENT["components"]["schemas"]
    actions = {each.action for each in OPERATIONS if each.socket}
    assert {name.removeprefix("socket.") for name in schemas if name.startswith("socket.")} == actions
    assert len(schemas["SocketRequest"]["oneOf"]) == len(actions)
    check(DOCUMENT, {"$ref": "#/components/schemas/SocketRequest"}, {"action": "delete", "fileHash": "a" * 40})
    hashes = [{"fileHash": "a" * 40, "instanceId": "x"}]
    request = {"action": "batchPause", "items": hashes, "requestId": "a"}
    check(DOCUMENT, {"$ref": "#/components/schemas/SocketRequest"}, request)
    bad = Draft202012Validator(
        {"$ref": "#/components/schemas/SocketRequest", "components": DOCUMENT["components"]}
    ).is_valid
    assert not bad({"action": "batchPause", "items": []})
    assert not bad({"action": "nothing"})


async def test_what_the_server_sends_is_what_the_document_says(web, item, document):
    facts = {"tags": ("a",), "extra": {"a": 1}, "eta": 5, "category": "tv", "message": "x"}
    await web.fill(*[item(n, **facts) for n in range(20)])
    async with web.socket() as reader:
        messages = await reader.greeting()
        web.catalogue.set_stale("demo-local-1", True)
        web.catalogue.publish()
        await web.fill(*[item(n, **({} if n == 5 else facts)) for n in range(1, 22)])
        web.catalogue.publish()
        for request in (
            {"action": "tiny"},
            {"action": "nothing", "requestId": None},
            {"action": "echo", "text": "a", "fail": "limited"},
            {"action": "makeCategory", "name": "new"},
        ):
            await reader.send(**request)
        while sum(each["type"] == "tiny" for each in messages) < 2:
            messages.append(await reader.get())
    assert {each["type"] for each in messages} >= {"connected", "batch-update", "categories-update", "error"}
    for message in messages:
        check(document, {"$ref": "#/components/schemas/SocketMessage"}, message)


async def test_what_a_route_answers_is_what_the_document_says(web, item, document):
    await web.fill(*map(item, range(3)))
    for path, answer in (
        ("/api/v1/data/snapshot", await web.get("/api/v1/data/snapshot")),
        ("/api/v1/echo", await web.get("/api/v1/echo?text=a")),
        ("/api/v1/echo", await web.get("/api/v1/echo")),
        ("/api/v1/tiny", await web.get("/api/v1/tiny")),
    ):
        response = document["paths"][path]["get"]["responses"][str(answer.status)]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        check(document, response["content"]["application/json"]["schema"], json.loads(answer.body))
