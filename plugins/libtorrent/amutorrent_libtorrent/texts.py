"""Texts of libtorrent that are not UTF-8: its Python module cannot give them, and says only which bytes they are."""

import re
from collections.abc import Callable
from typing import Any, Final

import libtorrent as lt

NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
TRACKERS: Final = b"trackers"


def text(ask: Callable[[], str]) -> str:
    """Give a text; what is no UTF-8 in it is replaced."""
    try:
        return ask()
    except UnicodeDecodeError as error:
        return error.object.decode("utf-8", "replace")


def trackers_of(params: lt.add_torrent_params) -> list[str]:
    """Give the trackers, in order. In one that is no UTF-8 its bytes are written as %XX, which is what they mean."""
    try:
        return params.trackers
    except UnicodeDecodeError:  # it does not give the others, either: they are read where they are written down
        kept: Any = lt.bdecode(lt.write_resume_data_buf(params))  # Any: bencoded
        return [_url(each) for tier in kept[TRACKERS] for each in tier]


def clean(params: lt.add_torrent_params) -> lt.add_torrent_params:
    """Make name and trackers UTF-8, so that libtorrent can give them from then on."""
    params.name, params.trackers = text(lambda: params.name), trackers_of(params)
    return params


def _url(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], raw).decode("ascii")
