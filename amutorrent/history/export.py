"""Entries of the history as a file. Source: http-api 10."""

import csv
import io
from collections.abc import Iterable

import msgspec
from msgspec.structs import astuple

from ..model.history import HistoryEntry

FORMULA = ("=", "+", "-", "@")
HEADER = HistoryEntry.__struct_fields__
_encode = msgspec.json.Encoder().encode


def csv_header() -> bytes:
    """Give the line that names the columns."""
    return _lines([HEADER])


def csv_lines(entries: Iterable[HistoryEntry]) -> bytes:
    """Give a line for each entry. A text that a spreadsheet would take for a formula gets a leading `'`."""
    return _lines([[_cell(each) for each in astuple(entry)] for entry in entries])


def json_lines(entries: Iterable[HistoryEntry]) -> bytes:
    """Give a JSON object for each entry, one a line."""
    return b"".join(_encode(entry) + b"\n" for entry in entries)


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
