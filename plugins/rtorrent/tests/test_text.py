"""How texts are kept: nothing of them can be taken for a command."""

import re

import pytest
from amutorrent_rtorrent.adding import plain, untold_name
from amutorrent_rtorrent.spelling import matches, unsure
from amutorrent_rtorrent.text import as_reported, checked_folder, packed, quoted, unpacked
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import InvalidRequest, Magnet
from amutorrent.testing import make_torrent

HASH = "0123456789abcdef0123456789abcdef01234567"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_packed_text_is_letters_and_digits_and_comes_back(text):
    assert re.fullmatch(r"[A-Za-z0-9%._~-]*", packed(text))
    assert unpacked(packed(text)) == text


@given(st.text())
def test_a_quoted_folder_has_no_end_but_its_own(path):
    try:
        value = quoted(checked_folder("/" + path, "x"))
    except InvalidRequest:
        return
    assert value.startswith('"/')
    inner = re.fullmatch(r'"((?:[^"\\]|\\["\\])*)"', value)
    assert inner
    assert re.sub(r"\\(.)", r"\1", inner[1]) == ("/" + path).rstrip("/") or path.strip("/") == ""


@pytest.mark.parametrize("path", ["", "a", "~", "$x", "/a\nb", "/a/../b", "/\U0001f600", "/\udcff"])
def test_folders_that_are_refused(path):
    with pytest.raises(InvalidRequest):
        checked_folder(path, "savePath")


def test_a_magnet_is_written_anew():
    found = plain(
        Magnet.parse(f"MAGNET:?xt=urn:btih:{HASH}&dn=$(x);\U0001f600&tr=http://t/a&tr.1=udp://u:1&x=y&x.pe=1.2.3.4:5")
    )
    assert found == (
        f"magnet:?xt=urn:btih:{HASH.upper()}&dn=%24%28x%29%3B%F0%9F%98%80&tr=http%3A%2F%2Ft%2Fa&tr=udp%3A%2F%2Fu%3A1"
        "&x.pe=1.2.3.4%3A5"
    )
    with pytest.raises(InvalidRequest, match="v2"):
        plain(Magnet.parse(f"magnet:?xt=urn:btmh:1220{HASH}{HASH[:24]}"))


def test_how_a_name_is_reported():
    assert as_reported("ünï") == "ünï"
    assert as_reported("ü \U0001f600") == "?? ????"
    assert as_reported("\udcff a") == "? a"


@pytest.mark.parametrize(
    ("name", "reported", "same"),
    [
        ("ü \U0001f600", "?? ????", True),
        ("ü \U0001f600", "ü \U0001f600", True),
        ("ü \udcff", "ü \ufffd", True),
        ("bell \x07", "bell ?", True),
        ("what?", "what?", True),
        ("what!", "what?", False),
        ("ab", "?b", False),
    ],
)
def test_which_names_may_be_meant(name, reported, same):
    assert unsure(reported) or not unsure(name)
    assert matches(name, reported) is same


def test_names_that_the_daemon_cannot_tell():
    assert untold_name(make_torrent("ünï").metafile) is None
    assert untold_name(make_torrent("\U0001f600").metafile) == "\U0001f600"
    assert untold_name(make_torrent("a\udcff").metafile) == "a\ufffd"
