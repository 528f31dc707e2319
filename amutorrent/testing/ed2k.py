"""ED2K files of made-up data: the same name and seed give the same bytes."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from ..capabilities import AddEd2kLink, AddOptions, RefreshShared
from ..links import Ed2kLink
from .md4 import md4
from .samples import Sample
from .session import Session

PART = 9_728_000


@dataclass(frozen=True)
class Ed2kFile(Sample):
    """A file of the ED2K network, and its content: its name -> bytes."""

    hash: str
    name: str
    size: int
    contents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """Its link."""
        return f"ed2k://|file|{quote(self.name, errors='surrogateescape')}|{self.size}|{self.hash.upper()}|/"

    @property
    def link(self) -> Ed2kLink:
        """Its link as the host would have read it."""
        return Ed2kLink.parse(self.uri)

    async def add_to(self, session: Session, options: AddOptions) -> None:
        """Add it by its link. Raises what the client says of it."""
        link = self.link
        error = (await session.part(AddEd2kLink).add_ed2k_links([link], options))[link.hash]
        if error is not None:
            raise error

    async def appear_in(self, session: Session) -> None:
        """Let the client find the data that lies in its folder."""
        await session.part(RefreshShared).refresh_shared()


def make_ed2k_file(name: str, size: int = 40_000, *, seed: int = 0) -> Ed2kFile:
    """Make a file of `size` random bytes, at most one part (9,728,000). Lone surrogates stand for bytes."""
    if not 0 < size < PART:
        raise ValueError(f"a file of one part has 1 to {PART - 1} bytes, not {size}")
    content = random.Random(f"{name}/{seed}".encode("utf-8", "surrogateescape")).randbytes(size)
    return Ed2kFile(md4(content).hex(), name, size, {name: content})


def hollow_ed2k_file(name: str, size: int) -> Ed2kFile:
    """Make a file of a size as large as you like, of which no content exists."""
    return Ed2kFile(md4(f"{name}/{size}".encode("utf-8", "surrogateescape")).hex(), name, size)
