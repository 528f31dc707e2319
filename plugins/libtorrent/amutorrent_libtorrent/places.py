"""Folders that torrents are put into."""

import os
from pathlib import Path

from amutorrent import ClientFailed, InvalidRequest


def checked_folder(path: str, field: str) -> str:
    """Give a folder back in its shortest spelling. Raises `InvalidRequest` if it is no absolute path."""
    if not os.path.isabs(path) or "\0" in path or ".." in path.split("/"):
        raise InvalidRequest("It should be an absolute path without '..'", field=field)
    return os.path.normpath("/" + path.lstrip("/"))


def usable(folder: Path) -> None:
    """See that a folder can be written to, or made. Blocks. Raises `ClientFailed`."""
    try:
        there = next(each for each in (folder, *folder.parents) if each.exists())
        good = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    except OSError as error:
        raise ClientFailed(f"The download folder {folder} cannot be used: {error.strerror}") from error
    if not good:
        reason = "it cannot be written to" if there == folder else f"it cannot be made in {there}"
        raise ClientFailed(f"The download folder {folder} cannot be used: {reason}")
