"""A torrent file as the daemon keeps it in its session: the names in their own bytes. Source: BEP 3."""

from collections.abc import Sequence
from typing import Any

MAX_DEPTH = 64

Path = tuple[str, ...]


class Broken(ValueError):
    """It is no torrent file."""


def names(data: bytes) -> tuple[str, list[list[Path]]]:
    """Give the name, and the candidates for the path of each file; lone surrogates stand for bytes that are no UTF-8.

    A file has two candidates where the torrent has its path twice (`path.utf-8`). Raises `Broken`.
    """
    try:
        top, _ = _value(data, 0, 0)
        info = top[b"info"]
        name = _text(info[b"name"])
        listed = info.get(b"files")
        return name, [[(name,)]] if listed is None else [_candidates(each) for each in listed]
    except (KeyError, TypeError, IndexError, ValueError, AttributeError) as error:
        raise Broken(str(error)) from error


def _candidates(file: dict[bytes, Any]) -> list[Path]:
    given: Sequence[list[bytes]] = [file[key] for key in (b"path", b"path.utf-8") if key in file]
    return [tuple(map(_text, path)) for path in given]


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _value(data: bytes, at: int, depth: int) -> tuple[Any, int]:  # Any: whatever is in the file
    lead = data[at : at + 1]
    if lead == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1 : end]), end + 1
    if lead in (b"l", b"d"):
        return _container(data, at, depth + 1)
    colon = data.index(b":", at, at + 12)
    size = int(data[at:colon])
    if not 0 <= size <= len(data) - colon - 1:
        raise Broken(f"the text at byte {at} is cut off")
    return data[colon + 1 : colon + 1 + size], colon + 1 + size


def _container(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise Broken("nested too deep")
    values, keyed = [], data[at : at + 1] == b"d"
    at += 1
    while data[at : at + 1] != b"e":
        value, at = _value(data, at, depth)
        values.append(value)
    return (dict(zip(values[::2], values[1::2], strict=True)) if keyed else values), at + 1
