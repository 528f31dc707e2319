"""Contract: what is asked of one item, and of the client itself."""

from contextlib import suppress

import pytest
import trio

from ...capabilities import FilePriority, Files, Logs, Peers, PieceMap, Rename, SegmentData, Trackers
from ...errors import NotFound
from ...model import Item, Segments
from ..samples import Sample
from ..session import LOOK_AGAIN_S, WITHIN_S, Session
from ..torrents import Torrent
from .supplies import TRACKER, UNKNOWN, Supplies


class DetailTests(Supplies):
    """The answers tell of the item that was asked for, and an unknown hash is not found rather than empty."""

    async def test_files(self, session: Session, item: Item, torrent: Torrent) -> None:
        """All of them, with their paths below the item's folder and their sizes."""
        files = await session.part(Files).files(item.hash)
        assert {each.path: each.size for each in files} == dict(torrent.metafile.files)
        assert {each.progress for each in files} == {0}

    async def test_priority_of_files(self, session: Session, item: Item) -> None:
        """The priority that was set is shown, for the files that were named."""
        part, reading = session.part(FilePriority), session.part(Files)
        first, second = await reading.files(item.hash)
        await part.set_file_priority(item.hash, [first.index], 0)
        await part.set_file_priority(item.hash, [second.index], 2)
        assert {each.path: each.priority for each in await reading.files(item.hash)} == {first.path: 0, second.path: 2}
        await part.set_file_priority(item.hash, [first.index, second.index], 1)
        assert {each.priority for each in await reading.files(item.hash)} == {1}

    async def test_trackers(self, session: Session, item: Item) -> None:
        """The announce URL of the torrent, and the item has it too."""
        assert [each.url for each in await session.part(Trackers).trackers(item.hash)] == [TRACKER]
        await session.until(lambda: session.items[item.hash].trackers == (TRACKER,))

    async def test_peers(self, session: Session, item: Item) -> None:
        """One that was never started has none."""
        part = session.part(Peers)
        assert list(await part.peers(item.hash)) == []
        uploads = await part.uploads([item.hash, UNKNOWN])
        assert not [hash for hash, peers in uploads.items() if peers or hash == UNKNOWN]

    async def test_pieces(self, session: Session, item: Item, sample: Sample) -> None:
        """All are missing, and there are as many as the size makes."""
        part = session.part(PieceMap)
        with trio.fail_after(WITHIN_S):
            while (pieces := await part.pieces(item.hash)) is None:  # noqa: ASYNC110  (the client tells of no event)
                await trio.sleep(LOOK_AGAIN_S)
        assert pieces.count == -(-sample.size // pieces.size)
        assert pieces.states == ((0, pieces.count),)

    async def test_segments(self, session: Session, item: Item, sample: Sample) -> None:
        """Everything is missing, and nothing is asked for."""
        part = session.part(SegmentData)
        with trio.fail_after(WITHIN_S):
            while (found := (await part.segments()).get(item.hash)) is None:  # noqa: ASYNC110  (nobody tells when)
                await trio.sleep(LOOK_AGAIN_S)
        assert found == Segments(gap_status=(0, sample.size - 1))

    async def test_raw(self, session: Session, item: Item) -> None:
        """It can be asked for, and an unknown hash breaks nothing."""
        assert isinstance(await session.client.raw(item.hash), dict)
        with suppress(NotFound):
            assert await session.client.raw(UNKNOWN) == {}

    async def test_files_of_an_unknown_hash(self, session: Session) -> None:
        """Not found."""
        with pytest.raises(NotFound):
            await session.part(Files).files(UNKNOWN)

    async def test_priority_of_files_of_an_unknown_hash(self, session: Session) -> None:
        """Not found."""
        with pytest.raises(NotFound):
            await session.part(FilePriority).set_file_priority(UNKNOWN, [0], 1)

    async def test_trackers_of_an_unknown_hash(self, session: Session) -> None:
        """Not found."""
        with pytest.raises(NotFound):
            await session.part(Trackers).trackers(UNKNOWN)

    async def test_peers_of_an_unknown_hash(self, session: Session) -> None:
        """Not found."""
        with pytest.raises(NotFound):
            await session.part(Peers).peers(UNKNOWN)

    async def test_pieces_of_an_unknown_hash(self, session: Session) -> None:
        """Not found."""
        with pytest.raises(NotFound):
            await session.part(PieceMap).pieces(UNKNOWN)

    async def test_rename_of_an_unknown_hash(self, session: Session) -> None:
        """Not found."""
        with pytest.raises(NotFound):
            await session.part(Rename).rename(UNKNOWN, "a name")

    async def test_log_lines(self, session: Session) -> None:
        """Lines of text, none of them broken."""
        lines = await session.part(Logs).log_lines()
        assert lines
        assert not [line for line in lines if "\n" in line or "\r" in line]
