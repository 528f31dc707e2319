"""Packets: captures, every kind of tag in both directions, and any bytes at all."""

import zlib

import pytest
from amutorrent_amule.codec import (
    ALWAYS,
    HEADER,
    LARGE_TAG_COUNT,
    MAX_DEPTH,
    MAX_PAYLOAD,
    UTF8_NUMBERS,
    ZLIB,
    Frame,
    Packet,
    Reader,
    decode,
    encode,
    inflate,
    read_header,
)
from amutorrent_amule.codes import Op, T
from amutorrent_amule.tags import SIZES, Tag, Type, hash16, ipv4, marker, text, uint
from hypothesis import given
from hypothesis import strategies as st
from lab.ec_captures import NAMES, captured, packet

from amutorrent import ProtocolError

FORMS = [ALWAYS, ALWAYS | UTF8_NUMBERS, ALWAYS | ZLIB]


def data_of(type):
    if type in SIZES:
        return st.binary(min_size=SIZES[type], max_size=SIZES[type])
    return st.binary(max_size=300)


types = st.sampled_from([*map(int, Type), 0, 11, 0x7F, 0xFF])
leaves = st.builds(
    lambda name, typed: Tag(name, *typed),
    st.integers(0, 0x7FFF),
    types.flatmap(lambda type: st.tuples(st.just(type), data_of(type))),
)
tags = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda tag, children: Tag(tag.name, tag.type, tag.data, tuple(children)),
        leaves,
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=25,
)
packets = st.builds(lambda opcode, tags: Packet(opcode, tuple(tags)), st.integers(0, 255), st.lists(tags, max_size=6))


@pytest.mark.parametrize("name", NAMES)
def test_captures_decode_and_encode_to_themselves(name):
    data = captured(name)
    assert encode(decode(data), data[3]) == data


@pytest.mark.parametrize("flags", FORMS)
@given(sent=packets)
def test_what_is_encoded_is_decoded(sent, flags):
    assert decode(encode(sent, flags)) == sent


@given(data=st.binary(max_size=400))
def test_any_bytes_are_a_packet_or_a_clear_error(data):
    try:
        assert isinstance(decode(data), Packet)
    except ProtocolError as error:
        assert error.message  # noqa: PT017  (there need not be an error)


@pytest.mark.parametrize("flags", [ALWAYS, ALWAYS | UTF8_NUMBERS, ALWAYS | LARGE_TAG_COUNT])
@given(payload=st.binary(max_size=300))
def test_any_payload_is_a_packet_or_a_clear_error(payload, flags):
    try:
        assert isinstance(Frame(flags, payload).packet(), Packet)
    except ProtocolError as error:
        assert error.message  # noqa: PT017  (there need not be an error)


@given(name=st.sampled_from(NAMES), at=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_capture_with_a_wrong_byte_is_a_packet_or_a_clear_error(name, at, value):
    data = bytearray(captured(name))
    data[at % len(data)] = value
    try:
        assert isinstance(decode(bytes(data)), Packet)
    except ProtocolError as error:
        assert error.message  # noqa: PT017  (there need not be an error)


@given(name=st.sampled_from(NAMES), cut=st.integers(1, 10_000))
def test_a_capture_that_is_cut_is_an_error(name, cut):
    data = captured(name)
    with pytest.raises(ProtocolError):
        decode(data[: len(data) - 1 - cut % len(data)])


@given(name=st.sampled_from(NAMES), cut=st.integers(1, 10_000))
def test_a_payload_that_is_cut_is_an_error(name, cut):
    data = captured(name)
    frame = inflate(data[3], data[HEADER:])
    keep = len(frame.payload) - 1 - cut % len(frame.payload)
    with pytest.raises(ProtocolError):
        Frame(frame.flags, frame.payload[:keep]).packet()


def test_the_worked_example():
    """The one of the protocol page: numbers in UTF-8 form, children before the data of their own."""
    answer = bytes.fromhex(
        "00000022 0000002b 07 01 0b02 32 03 e0a881 08 18 01 e0a882 06 0b 54657374536572766572 00"
        "7f000001 6018 0c02 01 66 14 02 01 66 09"
    )
    (state,) = decode(answer).tags
    assert (state.name, state.number) == (T.CONNSTATE, 9)
    server = state.child(T.SERVER)
    assert server.address == ("127.0.0.1", 24600)
    assert server.child(T.SERVER_NAME).text == "TestServer"
    assert state.child(T.ED2K_ID).number == 102


def test_a_request_as_other_clients_send_it():
    """The comment of the protocol page, byte for byte."""
    sent = encode(
        Packet(
            Op.SHARED_FILE_SET_COMMENT,
            (
                hash16(T.KNOWNFILE, "11" * 16),
                text(T.KNOWNFILE_COMMENT, "Gute Qualität, nice"),
                uint(T.KNOWNFILE_RATING, 4),
            ),
        )
    )
    assert sent == bytes.fromhex(
        "00000020 0000003e 55 0003 0800 09 00000010" + "11" * 16 + "081c 06 00000015"
        "47757465205175616c6974c3a4742c206e69636500 081e 02 00000001 04"
    )


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (b"HTTP/1.1", "not External Connections"),
        (bytes(8), "not External Connections"),
        (bytes.fromhex("00000060 00000010"), "not External Connections"),
        (bytes.fromhex("00000020 00000001"), "1 bytes"),
        (bytes.fromhex("00000020") + (MAX_PAYLOAD + 1).to_bytes(4, "big"), "bytes is announced"),
    ],
)
def test_headers_that_no_daemon_sends(header, says):
    with pytest.raises(ProtocolError, match=says):
        read_header(header)


@pytest.mark.parametrize(
    "packed",
    [b"", b"nonsense", zlib.compress(b"\x01\x00\x00")[:-3], zlib.compress(b"\x01\x00\x00") + b"more"],
)
def test_packed_answers_that_are_broken(packed):
    with pytest.raises(ProtocolError):
        inflate(ALWAYS | ZLIB, packed).packet()


def test_tags_may_not_lie_too_deep_in_each_other():
    deep = Tag(1)
    for _ in range(MAX_DEPTH + 1):
        deep = marker(1, deep)
    with pytest.raises(ProtocolError, match="deep"):
        decode(encode(Packet(1, (deep,))))
    hostile = b"\x01\x00\x01" + bytes.fromhex("0003 01 00000000 0001") * 5000
    with pytest.raises(ProtocolError):
        Frame(ALWAYS, hostile).packet()


def test_a_large_count_of_tags_is_read_where_it_is_announced():
    body = b"\x22\xff\xff\x00\x00\x00\x02" + 2 * bytes.fromhex("0600 02 00000001 07")
    assert [tag.number for tag in Frame(ALWAYS | LARGE_TAG_COUNT, body).packet().tags] == [7, 7]


def test_containers_are_given_tag_by_tag():
    sent = Packet(1, (uint(1, 5), marker(T.CLIENT, uint(T.CLIENT, 1), uint(T.CLIENT, 2)), marker(T.SERVER)))
    reader = Reader(inflate(ALWAYS, encode(sent)[HEADER:]))
    found = [(container, tag.name) for container, tag in reader.tags({T.CLIENT, T.SERVER})]
    assert found == [(0, 1), (T.CLIENT, T.CLIENT), (T.CLIENT, T.CLIENT), (0, T.SERVER)]


@pytest.mark.parametrize("value", [0, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1])
def test_integers_have_the_smallest_width_and_are_read_in_any(value):
    tag = uint(1, value)
    assert tag.number == value
    assert all(len(tag.data) <= width for width in (1, 2, 4, 8) if value < 1 << 8 * width)
    assert Tag(1, Type.UINT64, value.to_bytes(8, "big")).number == value


def test_values_that_fit_no_model_are_cut_or_refused():
    assert Tag(1, Type.UINT64, b"\xff" * 8).number == 2**63 - 1
    assert Tag(1, Type.DOUBLE, b"inf\0").real == 0
    assert Tag(1, Type.DOUBLE, b"38.9033\0").real == pytest.approx(38.9033)
    assert Tag(1, Type.STRING, b"K\xe9y \xed\xa0\x80\0").text.encode()
    with pytest.raises(ProtocolError):
        Tag(1, Type.DOUBLE, b"many\0").real  # noqa: B018  (reading it is what raises)


@pytest.mark.parametrize("read", ["number", "text", "hash", "address", "real"])
def test_a_tag_of_another_type_says_so(read):
    with pytest.raises(ProtocolError, match="0x0301"):
        getattr(Tag(T.PARTFILE_NAME, Type.CUSTOM, b"x"), read)


def test_what_cannot_be_sent():
    with pytest.raises(ValueError, match="32 hex"):
        hash16(1, "00")
    with pytest.raises(OSError, match="illegal"):
        ipv4(1, "no address", 1)
    assert text(1, "a\0b\ud800").data == b"a b?\0"


def test_what_captures_hold():
    (state,) = packet("connstate_lowid").tags
    assert state.number == 9
    (refused,) = packet("err_hash").tags
    assert refused.text.startswith("FileHash not found")
