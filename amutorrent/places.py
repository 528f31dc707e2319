"""Looks at places on this machine's disks before something is done there; changes nothing.

Blocks; runs in worker threads. What it says may be otherwise a moment later: it is for dialogs, and whoever then does
the thing meets the same errors again.
"""

import errno
import os
import stat
from functools import cache
from typing import Literal

from msgspec import Struct

from .paths import parts_of

CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")

Sight = Literal["ok", "managed", "not_found", "no_path", "not_visible", "no_permission", "error"]
"""What a check of data finds; `managed`, `not_found` and `no_path` are known without a look at the disk."""


class Look(Struct, frozen=True):
    """What was found: `ok`, or what is wrong, with the words of the system in `message` where it is no usual thing."""

    sight: Sight
    message: str | None = None


OK = Look("ok")


@cache
def in_container() -> bool:
    """Say whether this program runs in a container, where paths are often others than outside."""
    return any(map(os.path.exists, CONTAINER_MARKS))


def look_at_data(path: str) -> Look:
    """Say whether the data at this path can be taken away: a file, or a folder with what is in it."""
    parts = parts_of(path)
    if not parts:
        return Look("error", "This is no absolute path of a file or folder")
    try:
        found = os.lstat(path)
        if stat.S_ISLNK(found.st_mode):
            return Look("error", "This is a symbolic link: it is not followed")
        folders = [os.path.dirname(path.rstrip("/")), *([path] if stat.S_ISDIR(found.st_mode) else [])]
    except OSError as error:
        return _seen(error)
    return OK if all(map(_writable, folders)) else Look("no_permission")


def look_at_destination(folder: str) -> str | None:
    """Say what speaks against putting data into a folder, which need not be there yet; None: nothing."""
    if parts_of(folder) is None:
        return "This is no absolute path without '..'"
    path = folder
    try:
        while not os.path.lexists(path):
            path = os.path.dirname(path.rstrip("/")) or "/"
        if not os.path.isdir(path):
            return f"{path} is no folder"
    except OSError as error:
        return f"{path}: {error.strerror}"
    return None if _writable(path) else f"{path} is not writable"


def same_place(path: str, other: str) -> bool:
    """Say whether two paths lead to the same folder or file, as far as they are there."""
    if parts_of(path) == parts_of(other):
        return True
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def _writable(folder: str) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def _seen(error: OSError) -> Look:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Look("not_visible")
    if error.errno == errno.EACCES:
        return Look("no_permission")
    return Look("error", error.strerror)
