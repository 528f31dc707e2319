"""OpenAPI 3.1 of all operations, made from what they decode and encode; with the socket's messages. Design 4."""

import itertools
from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import Struct
from werkzeug.http import HTTP_STATUS_CODES

from .. import __version__
from ..operations import ADMIN, ANY_USER, PUBLIC, SETUP, Operation
from .limits import UPLOAD_LIMIT
from .messages import PUSHED
from .messages import Error as ErrorMessage
from .replies import codes_of

Schema = dict[str, Any]  # Any: JSON schema is JSON

REF = "#/components/schemas/{name}"
ERRORS = (400, 401, 403, 404, 405, 409, 413, 415, 421, 422, 429, 500, 502, 503, 504)
ITEM = frozenset({"fileHash", "hash", "items"})
CLIENT = ITEM | {"instanceId"}
FIELD_ERRORS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"instanceId"}), ("instance_not_found",)),
    (ITEM, ("item_not_found", "ambiguous_hash", "not_owner")),
    (frozenset({"categoryName", "categoryId"}), ("category_not_found",)),
    (CLIENT, ("unsupported_by_client", "not_connected", "client_error", "timeout")),
)
"""The errors that come with fields of a request, whatever operation it is."""
REQUEST_ID: Schema = {"type": ["string", "number", "boolean", "null"], "description": "Echoed in the reply."}


def describe(operations: tuple[Operation, ...], base_path: str = "") -> Schema:
    """Describe operations as an OpenAPI document."""
    kinds: dict[type[Struct], None] = dict.fromkeys(PUSHED)
    for operation in operations:
        kinds |= {operation.request: None, **dict.fromkeys(operation.replies)}
    found, schemas = msgspec.json.schema_components(kinds, schema_hook=_schema_of_anything, ref_template=REF)
    refs = dict(zip(kinds, found, strict=True))
    for each in schemas.values():
        if "description" in each:  # a docstring, which some Pythons indent as its source is
            each["description"] = cleandoc(each["description"])
    paths: dict[str, Schema] = {}
    for operation in operations:
        if operation.method and operation.path:
            request = schemas[refs[operation.request]["$ref"].rpartition("/")[2]]
            entry = _route(operation, request, refs)
            paths.setdefault(operation.path, {})[operation.method.lower()] = entry
    return {
        "openapi": "3.1.0",
        "info": {"title": "aMuTorrent", "version": __version__},
        "servers": [{"url": base_path or "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(each.group for each in operations)],
        "paths": paths,
        "components": {
            "schemas": {**schemas, **_socket_schemas(operations, refs)},
            "responses": {str(status): _error_response(status, refs) for status in ERRORS},
        },
    }


def _schema_of_anything(kind: type) -> Schema:
    if kind is object:
        return {"description": "Any JSON value."}
    raise NotImplementedError


def _route(operation: Operation, request: Schema, refs: Mapping[type[Struct], Schema]) -> Schema:
    in_path = operation.parameters
    properties: Schema = request.get("properties", {})
    required = set(request.get("required", ()))
    in_query = set() if _has_body(operation) else set(properties) - {*in_path}
    entry: Schema = {
        "operationId": operation.action,
        "tags": [operation.group],
        **_marks(operation),
        "summary": operation.summary,
        "description": f"{operation.description}\n\nNeeds: {_needs(operation)}.",
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": _text(properties, name)} for name in in_path),
            *(
                {"name": name, "in": "query", "required": name in required, "schema": properties[name]}
                for name in properties
                if name in in_query
            ),
        ],
        "responses": {
            str(operation.status): {
                "description": "Done",
                "content": {each: {"schema": {"type": "string"}} for each in operation.media}
                or {"application/json": {"schema": _reply(operation, refs)}},
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in ERRORS},
        },
    }
    if _has_body(operation):
        entry["requestBody"] = _body(operation, request, refs[operation.request])
    return entry


def _marks(operation: Operation) -> Schema:
    """Say for programs what the description says in words."""
    marks: Schema = {
        "x-permission": operation.needs,
        "x-owner": operation.owner,
        "x-errors": errors_of(operation),
    }
    if operation.socket:
        marks["x-action"] = operation.action
    if operation.longest or operation.upload:
        marks["x-longest-body"] = operation.longest or UPLOAD_LIMIT
    return marks


def errors_of(operation: Operation) -> list[str]:
    """List the codes of an operation's own errors: those it declares, and those that its fields stand for."""
    fields = frozenset(operation.request.__struct_encode_fields__)
    known = dict.fromkeys(operation.errors)
    for names, codes in FIELD_ERRORS:
        known |= dict.fromkeys(codes if fields & names else ())
    return list(known)


def _has_body(operation: Operation) -> bool:
    if operation.method == "DELETE":
        return len(operation.parameters) < len(operation.request.__struct_fields__)
    return operation.method != "GET"


def _body(operation: Operation, request: Schema, ref: Schema) -> Schema:
    schema = ref
    if operation.parameters:
        schema = {
            **request,
            "properties": {k: v for k, v in request.get("properties", {}).items() if k not in operation.parameters},
            "required": [name for name in request.get("required", ()) if name not in operation.parameters],
        }
    content: Schema = {"application/json": {"schema": schema}}
    if operation.upload:
        content["multipart/form-data"] = {"schema": _form(request, *operation.upload)}
    return {"required": bool(schema.get("required") or request.get("required")), "content": content}


def _form(request: Schema, part: str, field: str) -> Schema:
    """Describe a form: the file is a part of its own name, all else is text."""
    properties: Schema = {part if name == field else name: kind for name, kind in request["properties"].items()}
    properties[part] = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
    required = [part if name == field else name for name in request.get("required", ())]
    return {"type": "object", "properties": properties, "required": required}


def _reply(operation: Operation, refs: Mapping[type[Struct], Schema]) -> Schema:
    kinds = [refs[each] for each in operation.replies]
    return kinds[0] if len(kinds) == 1 else {"oneOf": kinds}


def _text(properties: Schema, name: str) -> Schema:
    found: Schema = properties.get(name, {"type": "string"})
    return found


def _needs(operation: Operation) -> str:
    words = {
        PUBLIC: "nothing, this is public",
        SETUP: "nothing, while there is no account",
        ANY_USER: "any user",
        ADMIN: "an admin",
    }
    return words.get(operation.needs, f"the permission `{operation.needs}`")


def _error_response(status: int, refs: Mapping[type[Struct], Schema]) -> Schema:
    return {
        "description": f"{HTTP_STATUS_CODES[status]}: {', '.join(f'`{code}`' for code in codes_of(status))}",
        "content": {"application/json": {"schema": refs[ErrorMessage]}},
    }


def _socket_schemas(operations: tuple[Operation, ...], refs: Mapping[type[Struct], Schema]) -> Schema:
    """Describe what goes over the WebSocket: a request per action, and what the server sends."""
    offered = [operation for operation in operations if operation.socket]
    requests: Schema = {
        f"socket.{operation.action}": {
            "description": f"{operation.description}\n\nNeeds: {_needs(operation)}.",
            "x-group": operation.group,
            **_marks(operation),
            "x-replies": [refs[each]["$ref"] for each in operation.replies],
            "allOf": [
                refs[operation.request],
                {
                    "type": "object",
                    "properties": {"action": {"const": operation.action}, "requestId": REQUEST_ID},
                    "required": ["action"],
                },
            ],
        }
        for operation in offered
    }
    messages = {
        refs[kind]["$ref"]: refs[kind]
        for kind in (*PUSHED, *itertools.chain.from_iterable(each.replies for each in offered))
    }
    return {
        **requests,
        "SocketRequest": {"oneOf": [{"$ref": REF.format(name=name)} for name in requests]},
        "SocketMessage": {"oneOf": list(messages.values())},
    }
