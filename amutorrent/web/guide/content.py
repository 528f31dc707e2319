"""What stands in the guide: every operation with its permission, fields, limits, replies, errors and an example."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from ...operations import ADMIN, ANY_USER, PUBLIC, SETUP
from ..limits import BODY_LIMIT, NOBODYS_LIMIT
from .blocks import Block, Code, Heading, Paragraph, Table
from .samples import Samples, Schema
from .wording import described, fields, kind_of, refs_in

SOCKET = "socket."
HIDDEN = frozenset({"SocketRequest", "SocketMessage"})
NEEDS = {
    PUBLIC: "nothing: this is public",
    SETUP: "nothing, as long as there is no account",
    ANY_USER: "any user",
    ADMIN: "an admin",
}
INTRODUCTION = (
    "All of it is one set of operations, offered over HTTP and, where an action is named, over the WebSocket at `/` and"
    " `/ws`. `GET /api/openapi.json` is the same for programs (OpenAPI 3.1), `GET /api/docs` this guide as a page."
    " Plugins may add operations, which stand here too; `amutorrent api` prints the guide of an install."
)
SIGNING_IN = (
    "Callers show who they are by the session cookie `amule.sid`, which `POST /api/auth/login` sets, or by an API key"
    " in the header `X-API-Key`. A permission is named where one is needed; admins have all of them."
)
BODIES = (
    f"A body is one JSON object, at most {BODY_LIMIT >> 20} MiB ({NOBODYS_LIMIT >> 10} KiB from somebody who has not"
    " shown who they are), unless another limit is named. Fields that nobody knows are ignored. Sizes are bytes, speeds"
    " bytes per second, times ISO 8601 in UTC or milliseconds since 1970."
)
REQUESTS = (
    "A request on the WebSocket is a JSON object with `action`, the fields below, and `requestId` if the reply is to be"
    " told apart: it comes back in the reply. Errors have the same form as over HTTP, and name the `action`."
)


def guide(document: Schema) -> list[Block]:
    """Make the guide of an OpenAPI document of ours (`openapi.py`)."""
    return [*_Guide(document).blocks()]


class _Guide:
    def __init__(self, document: Schema) -> None:
        self._document = document
        self._schemas: Schema = document["components"]["schemas"]
        self._samples = Samples(self._schemas)

    def blocks(self) -> Iterator[Block]:
        yield Heading(1, "API guide")
        for text in (INTRODUCTION, SIGNING_IN, BODIES, REQUESTS):
            yield Paragraph(text)
        yield from self._errors()
        for tag in self._document["tags"]:
            yield Heading(2, tag["name"])
            for path, method, entry in self._routes(tag["name"]):
                yield from self._operation(path, method, entry)
            for action, entry in self._actions(tag["name"]):
                yield from self._action(action, entry)
        yield from self._pushed()
        yield from self._types()

    # -- operations

    def _routes(self, tag: str) -> Iterator[tuple[str, str, Schema]]:
        for path, methods in self._document["paths"].items():
            for method, entry in methods.items():
                if tag in entry["tags"]:
                    yield path, method.upper(), entry

    def _actions(self, tag: str) -> Iterator[tuple[str, Schema]]:
        """Walk over what is offered on the WebSocket alone."""
        routed = {entry["operationId"] for each in self._document["paths"].values() for entry in each.values()}
        for name, schema in self._schemas.items():
            action = name.removeprefix(SOCKET)
            if name.startswith(SOCKET) and action not in routed and schema["x-group"] == tag:
                yield action, schema

    def _operation(self, path: str, method: str, entry: Schema) -> Iterator[Block]:
        yield Heading(3, f"{method} {path}")
        yield from self._said(entry, entry.get("x-action"))
        body = entry.get("requestBody", {}).get("content", {})
        schema = self._samples.resolved(body.get("application/json", {}).get("schema", {}))
        yield from self._request(entry["parameters"], schema)
        if form := body.get("multipart/form-data"):
            part = next(key for key, each in form["schema"]["properties"].items() if each.get("format") == "binary")
            yield Paragraph(f"Or as `multipart/form-data`, with the file as the part `{part}`.")
        status, reply = next((int(key), each) for key, each in entry["responses"].items() if key.startswith("2"))
        replied = reply["content"].get("application/json", {}).get("schema")
        kind = kind_of(replied) if replied else "a file, " + " or ".join(f"`{each}`" for each in reply["content"])
        yield Paragraph(f"Reply ({status}): {kind}.")
        yield Code("http", self._example(path, method, entry["parameters"], schema if body else None))
        if replied:
            yield Code("json", _json(self._samples.of(replied)))

    def _action(self, action: str, entry: Schema) -> Iterator[Block]:
        yield Heading(3, f"Action {action}")
        yield from self._said(entry, action)
        request = self._samples.resolved(entry["allOf"][0])
        yield from self._request([], request)
        kinds = ", ".join(kind_of({"$ref": each}) for each in entry["x-replies"])
        yield Paragraph(f"Reply: {kinds}.")
        sample = {"action": action, "requestId": 1, **self._samples.of(request, whole=False)}
        yield Code("json", _json(sample))

    def _said(self, entry: Schema, action: str | None) -> Iterator[Block]:
        """Say what it does, who may do it, and what may go wrong."""
        for text in entry["description"].rpartition("\n\nNeeds: ")[0].split("\n\n"):
            yield Paragraph(described(text))
        needs = entry["x-permission"]
        facts = [f"Needs {NEEDS.get(needs, f'the permission `{needs}`')}."]
        if action:
            facts.append(f"Action on the WebSocket: `{action}`.")
        if longest := entry.get("x-longest-body"):
            facts.append(f"Longest body: {longest} bytes.")
        if errors := entry["x-errors"]:
            facts.append(f"Errors of its own: {', '.join(f'`{each}`' for each in errors)}.")
        yield Paragraph(" ".join(facts))

    def _request(self, parameters: list[Schema], schema: Schema) -> Iterator[Block]:
        if schema.get("description"):
            yield Paragraph(described(schema["description"]))
        rows = [
            (
                f"`{each['name']}`",
                f"in the {each['in']}",
                kind_of(each["schema"]),
                "required" if each["required"] else "",
            )
            for each in parameters
        ]
        rows += [(row[0], "in the body", row[1], row[2]) for row in fields(schema)]
        if rows:
            yield Table(("field", "where", "type and limits", "default"), rows)

    def _example(self, path: str, method: str, parameters: list[Schema], body: Schema | None) -> str:
        query = {}
        for each in parameters:
            sample = self._samples.of(each["schema"], each["name"], whole=False)
            if each["in"] == "path":
                path = path.replace(f"{{{each['name']}}}", str(sample))
            elif each["required"]:
                query[each["name"]] = sample
        line = f"{method} {path}{'?' + urlencode(query) if query else ''}"
        if body is None:
            return line
        return f"{line}\nContent-Type: application/json\n\n{_json(self._samples.of(body, whole=False))}"

    # -- what they share

    def _errors(self) -> Iterator[Block]:
        yield Heading(2, "Errors")
        yield Paragraph(
            "An error is one JSON object of the type `error`: `code` is for programs, `message` one sentence for people"
            " and `details` facts for programs, such as `field`: the field that is wrong. Every route may answer"
            " `validation_error`, `invalid_json`, `unauthorized`, `setup_required`, `forbidden`, `admin_required`,"
            " `cross_origin`, `payload_too_large`, `unsupported_media_type`, `host_not_allowed`, `rate_limited`,"
            " `internal_error`, and `storage_unavailable` where it stores something."
        )
        rows = []
        for status, response in self._document["components"]["responses"].items():
            rows.append((status, response["description"].partition(": ")[2]))
        yield Table(("status", "codes"), rows)

    def _pushed(self) -> Iterator[Block]:
        yield Heading(2, "Messages of the WebSocket")
        yield Paragraph("What sockets are sent, as replies or unasked:")
        kinds = self._schemas["SocketMessage"]["oneOf"]
        rows = []
        for each in kinds:
            schema = self._samples.resolved(each)
            tag = schema.get("properties", {}).get("type", {}).get("enum", [""])[0]
            rows.append((f"`{tag}`", kind_of(each), described(schema.get("description", ""))))
        yield Table(("type", "fields", "what it says"), rows)

    def _types(self) -> Iterator[Block]:
        yield Heading(2, "Types")
        used: Mapping[str, Any] = dict.fromkeys(refs_in(self._document))  # Any: no values
        for name in sorted(used):
            schema = self._schemas[name]
            if name in HIDDEN or name.startswith(SOCKET):
                continue
            yield Heading(3, name)
            yield Paragraph(described(schema.get("description", "")) or "As it is named.")
            rows = [*fields(schema)]
            if rows:
                yield Table(("field", "type and limits", "default"), rows)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
