"""The framing, on captured answers."""

from pathlib import Path

import pytest
from amutorrent_rtorrent import scgi

from amutorrent import ProtocolError

DATA = Path(__file__).parent / "data"
CAPTURED = (DATA / "version-0.9.8.scgi").read_bytes()


def test_a_request():
    head = b"CONTENT_LENGTH\x003\x00SCGI\x001\x00CONTENT_TYPE\x00text/xml\x00REQUEST_METHOD\x00POST\x00"
    assert scgi.request(b"abc", "text/xml") == b"%d:%s,abc" % (len(head), head)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_answer_in_pieces_of_any_size(size):
    answer = scgi.Answer(1000)
    for at in range(0, len(CAPTURED), size):
        assert not answer.whole
        answer.feed(CAPTURED[at : at + size])
    assert answer.whole
    assert answer.body() == CAPTURED.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("end", range(0, len(CAPTURED) - 1, 11))
def test_a_cut_answer_is_an_error(end):
    answer = scgi.Answer(1000)
    answer.feed(CAPTURED[:end])
    with pytest.raises(ProtocolError):
        answer.body()


@pytest.mark.parametrize(
    "noise",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail.example.org ESMTP\r\n",
        b"Status: 500 x\r\n\r\n",
        b"Status: 200 OK\r\n\r\n",
        b"Status: 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"Status: 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"Status: " + b"x" * 9000,
        CAPTURED + b"more",
    ],
)
def test_something_else_answers(noise):
    with pytest.raises(ProtocolError):
        whole(noise)


def whole(data):
    answer = scgi.Answer(1000)
    answer.feed(data)
    return answer.body()
