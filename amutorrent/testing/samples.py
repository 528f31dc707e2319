"""Samples: made-up downloads that tests give to a client, whatever its network."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from ..capabilities import AddOptions
from .session import Session


class Sample(ABC):
    """A download that does not exist elsewhere, and the content that belongs to it.

    Subclass it for a network of your own, with the fields `hash`, `name`, `size` (bytes) and `contents` (path below
    the download folder -> bytes; empty: there is no content).
    """

    hash: str
    name: str
    size: int
    contents: Mapping[str, bytes]

    @abstractmethod
    async def add_to(self, session: Session, options: AddOptions) -> None:
        """Add it to a client, as a user would. Raises `Conflict` if the client has it already."""

    @abstractmethod
    async def appear_in(self, session: Session) -> None:
        """Make it known to a client in whose folder its content lies already, so that it comes to be complete."""

    @property
    def multi_file(self) -> bool:
        """Whether its content is a folder."""
        return len(self.contents) > 1

    @property
    def digest(self) -> str:
        """The SHA-256 of all its files, in order."""
        return hashlib.sha256(b"".join(self.contents.values())).hexdigest()

    def write(self, folder: Path, *, spoilt: bool = False) -> None:
        """Put the content where a client finds it; `spoilt`: with one wrong byte at its very end."""
        last = list(self.contents)[-1]
        for path, data in self.contents.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            wrong = bytes([data[-1] ^ 1]) if spoilt and path == last else data[-1:]
            target.write_bytes(data[:-1] + wrong)

    def digest_in(self, folder: Path) -> str:
        """Give the SHA-256 of the content as it lies in a folder; "" if some of it is missing."""
        whole = hashlib.sha256()
        for path in self.contents:
            if not (folder / path).exists():
                return ""
            whole.update((folder / path).read_bytes())
        return whole.hexdigest()
