"""Every field of every operation, with a value of a kind that it does not take: the error names it, nothing is done."""

import json
from functools import cache

import msgspec
from jsonschema import Draft202012Validator
from web.site import path_of

from amutorrent.operations.host_operations import HOST_OPERATIONS

CANDIDATES = (7.5, "\N{SNOWMAN} nonsense", [[]], {"a": {}}, True, None, -1)
OPERATIONS = [each for each in HOST_OPERATIONS if each.request.__struct_fields__]


@cache
def schema_of(operation):
    """Describe the request of an operation: (its properties, definitions)."""
    described = msgspec.json.schema(operation.request)
    whole = described["$defs"][described["$ref"].rpartition("/")[2]] if "$ref" in described else described
    return whole["properties"], described.get("$defs", {})


def wrong_value(schema, definitions):
    """Find a value that a field does not take; None is one that may be right for many."""
    validator = Draft202012Validator({**schema, "$defs": definitions})
    return next((each for each in CANDIDATES if not validator.is_valid(each)), ...)


async def test_over_http(site):
    tried = 0
    for operation in OPERATIONS:
        if operation.path is None or operation.method == "GET":
            continue
        properties, definitions = schema_of(operation)
        for name, schema in properties.items():
            value = wrong_value(schema, definitions)
            if f"{{{name}}}" in operation.path or value is ...:
                continue
            answer = await site.ask(operation.method, path_of(operation), {name: value}, key=site.key_of("Ann"))
            told = (operation.action, name, value, answer.body)
            assert answer.status == 400, told
            assert answer.json["code"] == "validation_error", told
            assert answer.json["details"]["field"].partition(".")[0].partition("[")[0] == name, told
            tried += 1
    assert tried > 50


async def test_on_the_socket(site):
    async with site.web.socket(extra_headers=[(b"X-API-Key", site.key_of("Ann").encode())]) as socket:
        tried = 0
        for operation in OPERATIONS:
            if not operation.socket:
                continue
            properties, definitions = schema_of(operation)
            for name, schema in properties.items():
                value = wrong_value(schema, definitions)
                if value is ...:
                    continue
                reply = await socket.ask(operation.action, **{name: value})
                told = (operation.action, name, value, json.dumps(reply))
                assert reply["code"] == "validation_error", told
                assert reply["details"]["field"].partition(".")[0].partition("[")[0] == name, told
                tried += 1
        assert tried > 50
