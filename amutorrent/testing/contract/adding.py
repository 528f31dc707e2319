"""Contract: adding, and what "complete" means."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio

from ...capabilities import (
    AddMagnet,
    AddOptions,
    AddTorrentFile,
    CustomSavePath,
    MoveData,
    Recheck,
    Remove,
    RemoveWithFiles,
)
from ...errors import Conflict
from ...model import Item
from ..session import Seen, Session, fits, skip
from ..torrents import Torrent, hollow_torrent, make_torrent
from .supplies import Supplies, add

ODD_NAMES = {
    "unicode": "ünï \U0001f600 中文",
    "255 bytes": "é" * 127 + "a",
    "shell": "quote \" ' ; $(x) `y` | z",
    "markup": "per%cent&amp;<b>=+#?",
    "blanks": " two  blanks ",
    "not UTF-8": "bad \udcff\udcfe bytes",
}
WHOLE = make_torrent("contract whole", {"a.bin": 100_000, "sub ünï/b.bin": 70_000})


class AddingTests(Supplies):
    """Torrents by file and by magnet, and what becomes of their data."""

    async def test_a_torrent_file_appears_as_it_is(self, session: Session, item: Item, torrent: Torrent) -> None:
        """With its name and size, held as asked; adding it again is a conflict and changes nothing."""
        assert (item.name, item.size, item.complete) == (torrent.name, torrent.metafile.size, False)
        await session.shows(item.hash, Seen(held=True))
        with pytest.raises(Conflict):
            await session.part(AddTorrentFile).add_torrent_file(torrent.metafile, AddOptions())
        await session.poll()
        assert session.items[item.hash].status in ("paused", "stopped")

    @pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
    async def test_odd_names_survive(self, session: Session, name: str) -> None:
        """A name is a name, whatever is in it; one that is no text becomes one, and the end of a long one may go."""
        torrent = make_torrent(name)
        await add(session, torrent)
        shown = session.items[torrent.hash].name
        await session.part(Remove).remove([torrent.hash])
        assert shown
        if name is ODD_NAMES["255 bytes"]:  # libtorrent cuts off at 240 bytes
            assert len(shown) >= 120
            assert name.startswith(shown)
        elif name is not ODD_NAMES["not UTF-8"]:
            assert shown.split() == name.split()

    async def test_sizes_beyond_four_gigabytes(self, session: Session) -> None:
        """A size is not cut to 32 bits."""
        torrent = hollow_torrent("contract large", (1 << 33) + 5)
        await add(session, torrent)
        await session.until(lambda: session.items[torrent.hash].size == torrent.metafile.size)
        await session.part(Remove).remove([torrent.hash])

    async def test_magnets_answer_by_hash(self, session: Session) -> None:
        """A new one is done and appears; one that is there already is a conflict and does not hinder others."""
        old, new = make_torrent("contract magnet").link, make_torrent("contract other magnet").link
        adding, removing = session.part(AddMagnet), session.part(Remove)
        await removing.remove([old.hash, new.hash])
        assert await adding.add_magnets([old], AddOptions(paused=True)) == {old.hash: None}
        outcome = await adding.add_magnets([old, new], AddOptions(paused=True))
        assert isinstance(outcome[old.hash], Conflict)
        assert outcome[new.hash] is None
        await session.until(lambda: {old.hash, new.hash} <= session.items.keys())
        assert not session.items[old.hash].complete
        await removing.remove([old.hash, new.hash])

    async def test_category_and_folder_are_those_asked_for(self, session: Session, downloads: Path | None) -> None:
        """They are shown, and the client has them so."""
        torrent = make_torrent("contract with options")
        path = str(downloads / "else where") if downloads and session.has(CustomSavePath) else None
        await add(session, torrent, AddOptions(category="contract", save_path=path, paused=True))
        await session.shows(torrent.hash, Seen(category="contract", directory=path))
        await session.part(Remove).remove([torrent.hash])

    async def test_data_that_is_there_is_complete_when_it_was_verified(self, session: Session, whole: Item) -> None:
        """All bytes are counted, and the path is where they lie."""
        assert whole.progress == 100
        assert whole.size_downloaded == whole.size == WHOLE.metafile.size
        assert whole.status in ("seeding", "completed", "paused", "stopped")
        assert whole.multi_file
        assert whole.path is not None
        assert await trio.Path(whole.path, "a.bin").exists()

    async def test_data_with_one_wrong_byte_is_never_complete(self, session: Session, downloads: Path | None) -> None:
        """Not even for one poll while it is being checked, and after it was mended only by a check."""
        torrent, folder = make_torrent("contract spoilt", 300_000), needed(downloads)
        await trio.to_thread.run_sync(lambda: torrent.write(folder, spoilt=True))
        checked = 0
        await add(session, torrent, AddOptions())
        while checked < 10:
            await session.poll()
            item = session.items[torrent.hash]
            fits(item)
            assert not item.complete
            assert item.progress < 100
            checked += item.status != "checking" and item.size_downloaded > 0
            await trio.sleep(0.1)
        torrent.write(folder)
        if session.has(Recheck):
            assert await session.part(Recheck).recheck([torrent.hash]) == {torrent.hash: None}
            await session.until(lambda: session.items[torrent.hash].complete)
        await session.part(Remove).remove([torrent.hash])

    async def test_removing_keeps_data_or_takes_it(self, session: Session, whole: Item, downloads: Path | None) -> None:
        """`remove` keeps it, `remove_with_files` takes it, and nothing beside it."""
        folder = needed(downloads)
        neighbour = folder / "contract neighbour"
        neighbour.write_bytes(b"here")
        assert await session.part(Remove).remove([whole.hash]) == {whole.hash: None}
        await session.gone(whole.hash)
        assert WHOLE.digest_in(folder) == WHOLE.digest
        part = session.part(RemoveWithFiles)
        await add(session, WHOLE, AddOptions())
        await session.until(lambda: session.items[WHOLE.hash].complete)
        assert await part.remove_with_files([whole.hash]) == {whole.hash: None}
        await session.gone(whole.hash)
        for _ in range(100):
            if not WHOLE.digest_in(folder):
                break
            await trio.sleep(0.1)
        assert not any((folder / path).exists() for path in WHOLE.contents)
        assert neighbour.exists()

    async def test_moved(self, session: Session, whole: Item, downloads: Path | None) -> None:
        """The data lies at the new place alone, and is complete when it does."""
        old, new = needed(downloads), needed(downloads) / "moved ünï"
        part = session.part(MoveData)
        assert await part.move([whole.hash], str(new)) == {whole.hash: None}
        there = str(new / WHOLE.name)
        await session.until(lambda: (item := session.items[whole.hash]).complete and item.path == there)
        assert WHOLE.digest_in(new) == WHOLE.digest
        assert WHOLE.digest_in(old) == ""

    @pytest.fixture
    async def whole(self, session: Session, downloads: Path | None) -> AsyncIterator[Item]:
        """Add a torrent whose data is there, and wait until the client has verified it."""
        await trio.to_thread.run_sync(WHOLE.write, needed(downloads))
        await add(session, WHOLE, AddOptions())
        await session.until(lambda: session.items[WHOLE.hash].complete)
        yield session.items[WHOLE.hash]
        await session.part(Remove).remove([WHOLE.hash])


def needed(downloads: Path | None) -> Path:
    """Give the folder, or skip the test."""
    if downloads is None:
        skip("no `downloads` were supplied")
    return downloads
