"""How downloads come in. Source: amule-ec 6 (Downloads)."""

from collections.abc import Iterable, Sequence
from typing import Final

import trio

from amutorrent import (
    AddEd2kLink,
    AddOptions,
    AmutorrentError,
    ClientFailed,
    Conflict,
    Ed2kLink,
    InvalidRequest,
    Outcome,
)

from .categories import CategoryDefinitions
from .codes import Op, T
from .daemon import Daemon, Refusal
from .mirror import is_complete
from .records import File
from .tags import hash16, text, uint

APPEARS_WITHIN_S: Final = 5
LOOK_AGAIN_S: Final = 0.1


class Adding(AddEd2kLink):
    """Adds links, and believes only what then stands in the daemon's list: it says nothing of duplicates."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._definitions = CategoryDefinitions(daemon)

    async def add_ed2k_links(self, links: Sequence[Ed2kLink], options: AddOptions) -> Outcome:
        """Add them one by one, as the answer to several tells of the last alone."""
        daemon = self._daemon
        async with daemon.labelling:
            index = await self._definitions.index(options.category)
            outcome: dict[str, AmutorrentError | None] = {}
            fresh = []
            for link in {link.hash: link for link in links}.values():
                if (file := daemon.mirror.find(link.hash)) is not None:
                    outcome[link.hash] = duplicate(file)
                elif (error := await self._add(link, index)) is not None:
                    outcome[link.hash] = error
                else:
                    fresh.append(link.hash)
        return {**outcome, **await self.appeared(fresh, paused=options.paused)}

    async def _add(self, link: Ed2kLink, index: int) -> AmutorrentError | None:
        try:
            await self._daemon.command(Op.ADD_LINK, text(T.STRING, link.uri, uint(T.PARTFILE_CAT, index)))
        except Refusal as error:
            return InvalidRequest(f"aMule does not take this link: {error.said or error.message}", field="links")
        return None

    async def appeared(self, hashes: Iterable[str], *, paused: bool) -> Outcome:
        """Wait until downloads stand in the list, pause them if that is wanted, and answer for each."""
        wanted, daemon = list(hashes), self._daemon
        end = trio.current_time() + APPEARS_WITHIN_S
        while wanted:
            await daemon.refresh()
            if all(map(daemon.mirror.find, wanted)) or trio.current_time() > end:
                break
            await trio.sleep(LOOK_AGAIN_S)
        found = [hash for hash in wanted if daemon.mirror.find(hash) is not None]
        if paused and found:
            await daemon.command(Op.PARTFILE_PAUSE, *(hash16(T.PARTFILE, hash) for hash in found))
        return {hash: None if hash in found else _vanished(hash) for hash in wanted}


def duplicate(file: File) -> Conflict:
    """Say that it is there already, and as what."""
    return Conflict(f"aMule {'shares' if is_complete(file) else 'downloads'} {file.hash} already ({file.name})")


def _vanished(hash: str) -> ClientFailed:
    return ClientFailed(f"aMule took {hash}, but does not list it after {APPEARS_WITHIN_S} s")
