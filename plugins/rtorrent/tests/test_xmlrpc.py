"""XML-RPC: what goes out is literal, and what comes in is whole or an error."""

from contextlib import suppress
from pathlib import Path
from xmlrpc.client import Binary, loads

import pytest
from amutorrent_rtorrent.calls import Call, Fault, call
from amutorrent_rtorrent.rows import COMMANDS, Fields, method_of
from amutorrent_rtorrent.xmlrpc import FORBIDDEN, XmlRpc
from hypothesis import given, settings
from hypothesis import strategies as st

from amutorrent import AmutorrentError, InvalidRequest, ProtocolError

DATA = Path(__file__).parent / "data"
POLL = [Call("d.multicall2", ("", "main", *COMMANDS), table=True), *[call("x", "")] * 9]
TEXT = st.text().filter(lambda text: not FORBIDDEN.search(text))


def captured(name):
    return (DATA / f"{name}-0.9.8.xml").read_bytes()


LENGTH = len(captured("poll")) - 2  # the line end behind it may be missing


@given(st.lists(st.one_of(TEXT, st.binary(max_size=99), st.integers(-(2**63), 2**63 - 1)), max_size=5))
def test_one_call_comes_through_as_it_is(params):
    read, method = loads(XmlRpc().encode([Call("a.b", tuple(params))]))
    assert method == "a.b"
    assert [each.data if isinstance(each, Binary) else each for each in read] == params


@given(st.lists(st.tuples(TEXT, TEXT), min_size=2, max_size=5))
def test_several_calls_come_through_as_they_are(calls):
    (read,), method = loads(XmlRpc().encode([call("m", *each) for each in calls]))
    assert method == "system.multicall"
    assert [(each["methodName"], tuple(each["params"])) for each in read] == [("m", each) for each in calls]


@pytest.mark.parametrize("text", ["\x00", "a\x1b", "\ud800", "\uffff"])
def test_what_cannot_travel_is_refused(text):
    with pytest.raises(InvalidRequest):
        XmlRpc().encode([call("m", text)])


def test_the_captured_poll():
    codec = XmlRpc()
    table, *facts = codec.decode(captured("poll"), POLL)
    assert facts[5:] == [0, "/srv/rtorrent/downloads", "/srv/rtorrent/session/", facts[8]]
    fields = Fields(frozenset(map(method_of, COMMANDS)) | {"d.multicall2"})
    rows = {row.name: row for row in (fields.read(codec.row(each)) for each in table)}
    assert len(rows) == 5
    folder = rows["folder"]
    assert (folder.label, folder.added, folder.complete, folder.is_multi_file) == (
        "t%C3%BCv%20%26%20more",
        "1700000000",
        1,
        1,
    )
    assert (folder.size_bytes, folder.directory) == (470_000, "/srv/rtorrent/downloads/folder")
    assert {"emoji ???? ??n??", "bell ? x", "idle"} < rows.keys()
    assert [row.is_meta for name, row in rows.items() if name.endswith(".meta")] == [1]


def test_a_row_is_read_the_same_whether_it_was_cut_out_or_parsed_with_the_rest():
    codec, body = XmlRpc(), captured("poll")
    cut = codec.decode(body, POLL)
    parsed = codec.decode(body.replace(b"<value><array><data>", b"<value><!-- --><array><data>", 1), POLL)
    assert cut[1:] == parsed[1:]
    assert [codec.row(row) for row in cut[0]] == [codec.row(row) for row in parsed[0]]


@pytest.mark.parametrize("end", range(0, LENGTH, 37))
def test_a_poll_that_is_cut_off_is_an_error(end):
    with pytest.raises(ProtocolError):
        XmlRpc().decode(captured("poll")[:end], POLL)


def test_a_poll_without_a_row_in_the_middle_still_is_a_poll_but_never_with_another_number_of_answers():
    codec = XmlRpc()
    with pytest.raises(ProtocolError, match="10 answers to 9 calls"):
        codec.decode(captured("poll"), POLL[:-1])


def test_an_empty_table():
    list_of = "<value><array><data>{}</data></array></value>".format
    number = list_of("<value><i8>1</i8></value>")
    body = f"<methodResponse><params><param>{list_of(list_of(list_of('')) + number)}</param></params></methodResponse>"
    assert XmlRpc().decode(body.encode(), [POLL[0], call("a")]) == [[], 1]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, LENGTH - 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_garbage_is_an_error_of_ours(places):
    spoilt, codec = bytearray(captured("poll")), XmlRpc()
    for at, value in places:
        spoilt[at] = value
    with suppress(AmutorrentError):
        for row in codec.decode(bytes(spoilt), POLL)[0]:
            codec.row(row)


def test_faults():
    codec = XmlRpc()
    with pytest.raises(Fault) as caught:
        codec.decode(captured("no-such-method"), [call("d.nope", "")])
    assert (caught.value.number, caught.value.not_defined) == (-506, True)
    with pytest.raises(Fault) as caught:
        codec.decode(captured("no-such-torrent"), [call("d.name", "")])
    assert caught.value.no_such_item
    name, missing, undefined = codec.decode(captured("mixed"), [call("x")] * 3)
    assert name == "folder"
    assert missing.no_such_item
    assert undefined.not_defined
    assert "Method 'd.nope' not defined" in undefined.message


def test_entities_are_not_resolved_and_nothing_is_fetched():
    body = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>
    <methodResponse><params><param><value><string>&b;&f;</string></value></param></params></methodResponse>"""
    assert XmlRpc().decode(body, [call("x")]) == [""]


def test_a_nest_without_end_is_an_error():
    body = b"<methodResponse><params><param>" + b"<value><array><data>" * 3000
    with pytest.raises(ProtocolError):
        XmlRpc().decode(body + b"</data></array></value>" * 3000 + b"</param></params></methodResponse>", [call("x")])
