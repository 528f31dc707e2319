"""Searching by ED2K servers and Kad. Source: amule-ec 6 (Search) and 7.6, data-model 13."""

from collections.abc import Sequence
from typing import Final, Literal

import trio

from amutorrent import (
    AddOptions,
    AmutorrentError,
    ClientFailed,
    Ed2kLink,
    InvalidRequest,
    Outcome,
    ProtocolError,
    Search,
    SearchProgress,
    SearchResult,
    SearchType,
)

from .adding import Adding, duplicate
from .categories import CategoryDefinitions
from .codec import Packet
from .codes import Detail, Op, T
from .daemon import Daemon, Refusal
from .tags import Tag, first, hash16, text, uint

NUMBERS: Final[dict[SearchType, int]] = {"local": 0, "global": 1, "kad": 2}
BUSY_LOCAL: Final = 0xFFFF
DONE_KAD: Final = 0xFFFE
GIVEN_UP_S: Final = 90.0
"""A local search whose answer the daemon has missed would be busy for ever, and Kad has no end of its own."""
SETTLES_S: Final = 1.0
"""So long after its start a search is not believed that it is done already."""
STATES: Final[dict[int, Literal["new", "have", "downloading", "cancelled"]]] = {
    0: "new", 1: "have", 2: "downloading", 3: "cancelled", 4: "downloading",
}  # fmt: skip


class Searching(Search):
    """The one search that a daemon has; its results stay until the next one."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._adding = Adding(daemon)
        self._definitions = CategoryDefinitions(daemon)
        self._type: SearchType | None = None
        self._began = float("-inf")

    async def start_search(self, query: str, type: SearchType, extension: str | None = None) -> None:
        """Start a search. The file type is always sent along: "" is any."""
        children = [text(T.SEARCH_NAME, query), text(T.SEARCH_FILE_TYPE, "")]
        if extension:
            children.append(text(T.SEARCH_EXTENSION, extension.removeprefix(".")))
        try:
            await self._daemon.command(Op.SEARCH_START, uint(T.SEARCH_TYPE, NUMBERS[type], *children))
        except Refusal as error:
            raise ClientFailed(f"aMule does not search: {error.said or error.message}") from error
        self._type, self._began = type, trio.current_time()

    async def search_progress(self) -> SearchProgress:
        """Read how far it is, then all rows: so none is missed that came before it was done."""
        answer = await self._daemon.command(Op.SEARCH_PROGRESS)
        status = first(answer.tags, T.SEARCH_STATUS)
        running, percent = self._judge(status.number if status is not None else 0)
        return SearchProgress(running=running, percent=percent, results=tuple(await self._results()))

    async def stop_search(self) -> None:
        """End it; a local search goes on saying that it is busy, so what it says is not asked any more."""
        await self._daemon.command(Op.SEARCH_STOP)
        self._type = None

    async def download_results(self, results: Sequence[SearchResult], options: AddOptions) -> Outcome:
        """Download rows: as results, which brings their sources along, and by link those that it has forgotten."""
        daemon = self._daemon
        rows = {row.file_hash: row for row in results}
        async with daemon.labelling:
            index = await self._definitions.index(options.category)
            outcome: dict[str, AmutorrentError | None] = {
                hash: duplicate(file) for hash in rows if (file := daemon.mirror.find(hash)) is not None
            }
            fresh = [hash for hash in rows if hash not in outcome]
            if fresh:
                category = uint(T.PARTFILE_CAT, index)
                tags = (hash16(T.PARTFILE, hash, category) for hash in fresh)
                await daemon.command(Op.DOWNLOAD_SEARCH_RESULT, *tags)
                await daemon.refresh()
        found = [hash for hash in fresh if daemon.mirror.find(hash) is not None]
        outcome |= await self._adding.appeared(found, paused=options.paused)
        links = []
        for hash in set(fresh) - set(found):
            try:
                links.append(_link(rows[hash]))
            except InvalidRequest as error:
                outcome[hash] = error
        return {**outcome, **(await self._adding.add_ed2k_links(links, options) if links else {})}

    def _judge(self, status: int) -> tuple[bool, float | None]:
        age = trio.current_time() - self._began
        if self._type is None or age > GIVEN_UP_S:
            return False, None
        if self._type == "kad":
            return status != DONE_KAD, None
        if self._type == "local":
            return status == BUSY_LOCAL, None
        return status != 0 or age < SETTLES_S, float(min(status, 100)) if status else None

    async def _results(self) -> list[SearchResult]:
        packet = await self._daemon.command(Op.SEARCH_RESULTS, uint(T.DETAIL_LEVEL, Detail.FULL))
        return rows(packet)


def rows(packet: Packet) -> list[SearchResult]:
    """Read the rows of an answer; one of a group of equal files stands for all of them."""
    if packet.opcode != Op.SEARCH_RESULTS:
        raise ProtocolError(f"SEARCH_RESULTS was answered with opcode 0x{packet.opcode:02X}")
    return [row(tag) for tag in packet.tags if tag.name == T.SEARCHFILE and tag.child(T.SEARCH_PARENT) is None]


def row(tag: Tag) -> SearchResult:
    """Map one row."""
    name, hash = tag.child(T.PARTFILE_NAME), tag.child(T.PARTFILE_HASH)
    if name is None or hash is None:
        raise ProtocolError("A search result has no name or no hash")
    status, rating = tag.child(T.PARTFILE_STATUS), tag.child(T.KNOWNFILE_RATING)
    return SearchResult(
        file_name=name.text,
        file_size=_number(tag, T.PARTFILE_SIZE_FULL),
        file_hash=hash.hash,
        source_count=_number(tag, T.PARTFILE_SOURCE_COUNT),
        complete_sources=_number(tag, T.PARTFILE_SOURCE_COUNT_XFER),
        status=STATES.get(status.number) if status is not None else None,
        rating=min(rating.number, 5) if rating is not None else None,
        network_type="ed2k",
    )


def _number(tag: Tag, name: int) -> int:
    found = tag.child(name)
    return found.number if found is not None else 0


def _link(row: SearchResult) -> Ed2kLink:
    name = "".join("_" if c in "|/\\" or not c.isprintable() else c for c in row.file_name) or row.file_hash
    return Ed2kLink.parse(f"ed2k://|file|{name}|{row.file_size}|{row.file_hash}|/")
