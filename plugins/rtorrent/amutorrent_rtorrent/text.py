"""How names and labels are kept in the daemon, and how paths are checked. Source: rtorrent 3, 6."""

from typing import Final
from urllib.parse import quote, unquote

from amutorrent import InvalidRequest

LARGEST_BMP: Final = "\uffff"


def packed(text: str) -> str:
    """Write a text so that only letters, digits and `%-._~` travel: 0.9.8 takes no 4-byte characters."""
    return quote(text, safe="", errors="replace")


def unpacked(text: str) -> str:
    """Read it back. What another program wrote without packing stays as it is, but for `%` and two digits."""
    return unquote(text, errors="replace")


def quoted(path: str) -> str:
    """Write a folder from `checked_folder` as the value of a load command.

    A value that begins with `$` would be evaluated, even between quotes: this one begins with `/`. Between quotes
    nothing else but the quote and the backslash means anything.
    """
    if not path.startswith("/"):
        raise ValueError("only an absolute path can be quoted")
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def travels(text: str) -> bool:
    """Say if 0.9.8 can spell a text: no bytes that are no UTF-8, no characters beyond the basic plane."""
    return all(c <= LARGEST_BMP and not "\ud800" <= c <= "\udfff" for c in text)


def as_reported(name: str) -> str:
    """Give a name as 0.9.8 spells it: every byte that is not ASCII is a `?` if one of them cannot travel."""
    if travels(name):
        return name
    return "".join(chr(byte) if byte < 128 else "?" for byte in name.encode("utf-8", "surrogateescape"))


def shown(name: str) -> str:
    """Give a name that may have lone surrogates for bytes as one that can be encoded."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def checked_folder(path: str, field: str) -> str:
    """Give a folder back that the daemon can be told. Raises `InvalidRequest`."""
    if not path.startswith("/"):
        raise InvalidRequest(f"{path[:100]!r} is not an absolute path", field=field)
    if any(ord(c) < 32 or ord(c) == 127 for c in path):
        raise InvalidRequest("A path for rTorrent has no line breaks or other control characters", field=field)
    if not travels(path):
        raise InvalidRequest(
            "rTorrent cannot be told a path with characters beyond the basic plane (emoji) or bytes that are no text",
            field=field,
        )
    if ".." in path.split("/"):
        raise InvalidRequest("A path for rTorrent has no '..'", field=field)
    return path.rstrip("/") or "/"
