"""JSON-RPC 2.0, which rTorrent has from 0.15.1 on: bytes only. Source: rtorrent 8."""

import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from amutorrent import InvalidRequest, ProtocolError

from .calls import Answer, Call, Fault, Param, Value

DATA_URI = "data:application/x-bittorrent;base64,"
TAKES_BYTES = {"load.raw": "load.normal", "load.raw_start": "load.start"}

_ESCAPE = re.compile(
    rb"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


class _Error(Struct):
    code: int
    message: str = ""


class _Reply(Struct):
    result: Raw = Raw(b"null")
    error: _Error | None = None
    id: int | None = None


class JsonRpc:
    """A tenth of the bytes and of the time. It has no type for bytes: torrents go as a `data:` URI."""

    content_type = "application/json"

    def encode(self, calls: Sequence[Call]) -> bytes:
        """Write one call, or several as a batch; the id of a call is its place."""
        listed = [_request(number, each) for number, each in enumerate(calls)]
        try:
            return msgspec.json.encode(listed[0] if len(listed) == 1 else listed)
        except UnicodeEncodeError as error:
            raise InvalidRequest("A text for rTorrent has characters that are no UTF-8") from error

    def decode(self, body: bytes, calls: Sequence[Call]) -> list[Answer]:
        """Read the answers, which may come in any order."""
        replies = _replies(body)
        if len(replies) == 1 and replies[0].error is not None and replies[0].id is None:
            raise _fault(replies[0].error)
        found = {reply.id: reply for reply in replies}
        if found.keys() != set(range(len(calls))):
            raise ProtocolError(f"rTorrent answers {len(found)} of {len(calls)} calls", data=body[:16])
        return [_answer(found[number], each) for number, each in enumerate(calls)]

    def row(self, row: bytes) -> list[Value]:
        """Read one row of a table."""
        values: list[Value] = _decoded(row, list[Value])
        return values


def _request(number: int, call: Call) -> dict[str, object]:
    method = TAKES_BYTES.get(call.method, call.method)
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": [*map(_param, call.params)] or [""]}


def _param(param: Param) -> str | int:
    return DATA_URI + b64encode(param).decode() if isinstance(param, bytes) else param


def _replies(body: bytes) -> list[_Reply]:
    found = _decoded(body, list[_Reply] | _Reply)
    return found if isinstance(found, list) else [found]


def _answer(reply: _Reply, call: Call) -> Answer:
    if reply.error is not None:
        return _fault(reply.error)
    if call.table:
        return [bytes(row) for row in _decoded(bytes(reply.result), list[Raw])]
    value = _decoded(bytes(reply.result), Any)
    return int(value) if isinstance(value, bool) else value


def _decoded(body: bytes, kind: Any) -> Any:  # Any: the type that is given, which no annotation can follow
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return msgspec.json.decode(_mended(body), type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ProtocolError(f"This is no answer of an rTorrent ({error})", data=body[:16]) from error


def _fault(error: _Error) -> Fault:
    return Fault(error.code, error.message)


def _mended(body: bytes) -> bytes:
    """Replace what is no UTF-8, and surrogates that stand alone, by U+FFFD."""
    text = body.decode("utf-8", "replace").encode()
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match["lone"] else match[0], text)
