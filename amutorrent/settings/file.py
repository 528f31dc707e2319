"""config.json: read with clear errors, saved in one piece, never written over what a person wrote meanwhile."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import NoReturn

from ..errors import Conflict, SettingsError, StorageUnavailable
from .keys import Tree


class ConfigFile:
    """The file as it was read. `tree` is its content, `{}` if there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = _bytes(path)
        self.tree: dict[str, Tree] = {} if self._read is None else _parse(path, self._read)
        self._former = (self._read, self.tree)

    @property
    def exists(self) -> bool:
        """Whether there is one."""
        return self._read is not None

    @property
    def revision(self) -> str:
        """Name the content as it was read or saved last: equal names, equal bytes."""
        return hashlib.blake2b(self._read or b"", digest_size=12).hexdigest()

    def save(self, tree: dict[str, Tree]) -> None:
        """Replace the content, atomically and readable by the owner only.

        Raises `Conflict` (`config_changed`) if the file is not as it was read, `StorageUnavailable` if it cannot be
        written; the file is as before then.
        """
        if _bytes(self.path) != self._read:
            raise Conflict(f"{self.path} was edited meanwhile: restart, or load it again", code="config_changed")
        content = json.dumps(tree, indent=2, ensure_ascii=False).encode() + b"\n"
        try:
            _replace(self.path, content)
        except OSError as error:
            raise StorageUnavailable(f"Cannot write {self.path}: {error.strerror or error}") from error
        self._former, self._read, self.tree = (self._read, self.tree), content, tree

    def undo(self) -> None:
        """Put back what was there before the last save. Raises `StorageUnavailable`."""
        content, tree = self._former
        try:
            if content is None:
                self.path.unlink(missing_ok=True)
            else:
                _replace(self.path, content)
        except OSError as error:
            raise StorageUnavailable(f"Cannot write {self.path}: {error.strerror or error}") from error
        self._read, self.tree = content, tree


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(f"Cannot read {path}: {error.strerror or error}") from error


def _parse(path: Path, content: bytes) -> dict[str, Tree]:
    try:
        text = content.decode("utf-8-sig")
        tree = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
        json.dumps(tree, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise SettingsError(f"{path}, line {line} column {column}: this is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise SettingsError(f"{path}, line {error.lineno} column {error.colno}: {error.msg}") from error
    except UnicodeEncodeError as error:
        raise SettingsError(f"{path}: it holds half of a character, such as \\ud800") from error
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise SettingsError(f"{path}: {reason}") from error
    if not isinstance(tree, dict):
        raise SettingsError(f"{path}: it should be a JSON object, {{...}}")
    return tree


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _once(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for number, (name, _) in enumerate(pairs) if name in dict(pairs[:number]))
        raise ValueError(f"the key {json.dumps(twice)} stands twice in one object")
    return found


def _replace(path: Path, content: bytes) -> None:
    """Write beside it, sync, rename, sync the folder: a crash leaves the old file or the new one.

    And it may leave one that never got its name. That holds secrets, so the next save takes it away.
    """
    path = path.resolve()
    unnamed = f".{path.name}.new-"
    for left in path.parent.glob(f"{unnamed}*"):
        left.unlink(missing_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=unnamed)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
