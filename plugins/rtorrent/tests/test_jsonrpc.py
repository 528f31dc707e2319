"""JSON-RPC, on the codec alone: no daemon that Debian packages has it."""

import json
from base64 import b64encode
from contextlib import suppress

import pytest
from amutorrent_rtorrent.calls import Call, Fault, call
from amutorrent_rtorrent.jsonrpc import JsonRpc
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import AmutorrentError, ProtocolError


def reply(id, result):
    return {"jsonrpc": "2.0", "id": id, "result": result}


def error(id, code, message):
    return {"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}


def test_one_call_and_a_batch():
    codec = JsonRpc()
    assert json.loads(codec.encode([call("d.name", "AB")])) == {
        "jsonrpc": "2.0", "id": 0, "method": "d.name", "params": ["AB"],
    }  # fmt: skip
    batch = json.loads(codec.encode([call("a", "", 1), call("b")]))
    assert [(each["id"], each["method"], each["params"]) for each in batch] == [(0, "a", ["", 1]), (1, "b", [""])]


def test_bytes_go_as_a_data_uri_to_the_call_that_takes_one():
    sent = json.loads(JsonRpc().encode([call("load.raw", "", b"d4:infoe")]))
    assert sent["method"] == "load.normal"
    assert sent["params"][1] == "data:application/x-bittorrent;base64," + b64encode(b"d4:infoe").decode()


def test_answers_in_any_order_with_faults_among_them():
    body = json.dumps(
        [
            reply(2, 7),
            error(0, -32601, "Method not found"),
            reply(1, "x"),
            error(3, -32000, "Could not find info-hash."),
        ]
    )
    undefined, text, number, missing = JsonRpc().decode(body.encode(), [call("m")] * 4)
    assert undefined.not_defined
    assert (text, number) == ("x", 7)
    assert missing.no_such_item


def test_a_table_gives_its_rows_as_they_came():
    codec, rows = JsonRpc(), [["AB", 1, "x"], ["CD", 2, "y"]]
    body = json.dumps([reply(0, rows), reply(1, 5)]).encode()
    table, number = codec.decode(body, [Call("d.multicall2", table=True), call("m")])
    assert [codec.row(each) for each in table] == rows
    assert number == 5


def test_the_whole_refused():
    with pytest.raises(Fault) as caught:
        JsonRpc().decode(json.dumps(error(None, -32700, "parse error")).encode(), [call("a"), call("b")])
    assert caught.value.number == -32700


@pytest.mark.parametrize("body", [b"", b"<?xml?>", b"[", b"[]", b'[{"id":0,"result":1}]', b"[" * 9000, b'{"id":"x"}'])
def test_what_is_no_answer(body):
    with pytest.raises(ProtocolError):
        JsonRpc().decode(body, [call("a"), call("b")])


def test_bytes_that_are_no_text_and_lone_surrogates_are_replaced():
    body = b'{"jsonrpc":"2.0","id":0,"result":"a\xff\\ud800 \\ud83d\\ude00"}'
    assert JsonRpc().decode(body, [call("m")]) == ["a\ufffd\ufffd \U0001f600"]


@given(st.binary(max_size=60))
def test_garbage_is_an_error_of_ours(body):
    with suppress(AmutorrentError):
        JsonRpc().decode(body, [call("m")])
