"""Contract: adding, and what "complete" means."""

from pathlib import Path

import pytest
import trio

from ...capabilities import (
    AddEd2kLink,
    AddMagnet,
    AddOptions,
    AddTorrentFile,
    Categories,
    CustomSavePath,
    Recheck,
    Remove,
    RemoveSharedMustDeleteFiles,
    RemoveWithFiles,
)
from ...errors import AmutorrentError, Conflict
from ...model import Item
from ..ed2k import make_ed2k_file
from ..samples import Sample
from ..session import HELD, Seen, Session, fits
from ..torrents import make_torrent
from .supplies import Supplies, add, needed

ODD_NAMES = {
    "unicode": "ünï \U0001f600 中文",
    "255 bytes": "é" * 127 + "a",
    "shell": "quote \" ' ; $(x) `y` | z",
    "markup": "per%cent&amp;<b>=+#?",
    "blanks": " two  blanks ",
    "not UTF-8": "bad \udcff\udcfe bytes",
}


class AddingTests(Supplies):
    """What comes in by file, magnet or link, and what becomes of its data."""

    async def test_what_was_added_appears_as_it_is(self, session: Session, item: Item, sample: Sample) -> None:
        """With its name and size, held as asked; adding it again is a conflict and changes nothing."""
        assert (item.name, item.size, item.complete) == (sample.name, sample.size, False)
        await session.shows(item.hash, Seen(held=True))
        with pytest.raises(Conflict):
            await sample.add_to(session, AddOptions())
        await session.poll()
        assert session.items[item.hash].status in HELD

    @pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
    async def test_odd_names_survive(self, session: Session, name: str) -> None:
        """A name is a name, whatever is in it; one that is no text becomes one, and the end of a long one may go."""
        sample = self.make_sample(name)
        await add(session, sample)
        shown = session.items[sample.hash].name
        await session.part(Remove).remove([sample.hash])
        assert shown
        if name is ODD_NAMES["255 bytes"]:  # libtorrent cuts off at 240 bytes
            assert len(shown) >= 120
            assert name.startswith(shown)
        elif name is not ODD_NAMES["not UTF-8"]:
            assert shown.split() == name.split()

    async def test_sizes_beyond_four_gigabytes(self, session: Session) -> None:
        """A size is not cut to 32 bits."""
        sample = self.make_hollow_sample("contract large", (1 << 33) + 5)
        await add(session, sample)
        await session.until(lambda: session.items[sample.hash].size == sample.size)
        await session.part(Remove).remove([sample.hash])

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

    async def test_ed2k_links_answer_by_hash(self, session: Session) -> None:
        """A new one is done and appears; one that is there already is a conflict and does not hinder others."""
        old, new = make_ed2k_file("contract link").link, make_ed2k_file("contract other link").link
        adding, removing = session.part(AddEd2kLink), session.part(Remove)
        await removing.remove([old.hash, new.hash])
        assert await adding.add_ed2k_links([old], AddOptions(paused=True)) == {old.hash: None}
        outcome = await adding.add_ed2k_links([old, new, new], AddOptions(paused=True))
        assert isinstance(outcome[old.hash], Conflict)
        assert outcome[new.hash] is None
        await session.until(lambda: {old.hash, new.hash} <= session.items.keys())
        assert not session.items[old.hash].complete
        await removing.remove([old.hash, new.hash])

    async def test_category_and_folder_are_those_asked_for(self, session: Session, downloads: Path | None) -> None:
        """They are shown, and the client has them so."""
        sample = self.make_sample("contract with options")
        path = str(downloads / "else where") if downloads and session.has(CustomSavePath) else None
        await add(session, sample, AddOptions(category="contract", save_path=path, paused=True))
        await session.shows(sample.hash, Seen(category="contract", directory=path))
        await session.part(Remove).remove([sample.hash])

    async def test_data_that_is_there_is_complete_when_it_was_verified(
        self, session: Session, whole: Item, whole_sample: Sample
    ) -> None:
        """All bytes are counted, and the path is where they lie."""
        assert whole.progress == 100
        assert whole.size_downloaded == whole.size == whole_sample.size
        assert whole.shared
        assert whole.status in ("seeding", "completed", *HELD)
        assert whole.multi_file == whole_sample.multi_file
        assert whole.path is not None
        assert await trio.Path(whole.path).exists()
        assert trio.Path(whole.path).name == whole_sample.name

    async def test_data_with_one_wrong_byte_is_never_complete(self, session: Session, downloads: Path | None) -> None:
        """Not even for one poll while it is being checked, and after it was mended only by a check."""
        torrent, folder = make_torrent("contract spoilt", 300_000), needed(downloads)
        session.part(AddTorrentFile)
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

    async def test_removing_keeps_data_or_takes_it(
        self, session: Session, whole: Item, whole_sample: Sample, downloads: Path | None
    ) -> None:
        """`remove` keeps it, or is refused where only both go; `remove_with_files` takes it, and nothing beside it."""
        folder = needed(downloads)
        neighbour = folder / "contract neighbour"
        neighbour.write_bytes(b"here")
        outcome = await session.part(Remove).remove([whole.hash])
        if session.has(RemoveSharedMustDeleteFiles):
            assert isinstance(outcome[whole.hash], AmutorrentError)
        else:
            assert outcome == {whole.hash: None}
            await session.gone(whole.hash)
        assert whole_sample.digest_in(folder) == whole_sample.digest
        part = session.part(RemoveWithFiles)
        await whole_sample.appear_in(session)
        await session.until(lambda: whole.hash in session.items and session.items[whole.hash].complete)
        assert await part.remove_with_files([whole.hash]) == {whole.hash: None}
        await session.gone(whole.hash)
        for _ in range(100):
            if not whole_sample.digest_in(folder):
                break
            await trio.sleep(0.1)
        assert not any((folder / path).exists() for path in whole_sample.contents)
        assert neighbour.exists()

    async def test_moved(self, session: Session, whole: Item, whole_sample: Sample, downloads: Path | None) -> None:
        """The data lies at the new place alone, and is complete when it does."""
        old, new = needed(downloads), needed(downloads) / "moved ünï"
        if session.has(Categories):  # a client may use only folders that it knows
            await session.part(Categories).create_category("contract moved", str(new))
        await session.move(whole.hash, str(new))
        there = str(new / whole_sample.name)

        def is_there() -> bool:
            item = session.items.get(whole.hash)
            return item is not None and item.complete and item.path == there

        await session.until(is_there)
        assert whole_sample.digest_in(new) == whole_sample.digest
        assert whole_sample.digest_in(old) == ""
        if session.has(Categories):
            await session.part(Categories).delete_category("contract moved")
