"""A day compressed: the list stays equal to the daemon's own, through thousands of polls and through restarts."""

import logging
import random

import pytest
import trio
from amutorrent_amule import AMule, daemon
from amutorrent_amule.codec import Packet
from amutorrent_amule.codes import Detail, Op, T
from amutorrent_amule.daemon import Daemon
from amutorrent_amule.tags import uint

from amutorrent import (
    AddEd2kLink,
    AddOptions,
    Categories,
    FileRatingComment,
    Pause,
    Priority,
    RefreshShared,
    Remove,
    RemoveWithFiles,
    Rename,
    Services,
    SetCategory,
    Unreachable,
)
from amutorrent.testing import make_ed2k_file, open_session

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
POLLS = 2000
CATEGORIES = [None, "tv", "films ü", "music"]


async def own_list(settings):
    """Ask the daemon for its full lists, on a connection of their own: hash -> what it has there."""
    log = logging.LoggerAdapter(logging.getLogger("test.amule"))
    found = {}
    async with trio.open_nursery() as nursery:
        services = Services("amule-own", log, nursery, trio.to_thread.run_sync)
        async with Daemon.open(settings, services) as other:
            for op in (Op.GET_SHARED_FILES, Op.GET_DLOAD_QUEUE):  # a download may stand in both
                packet = (await other.commands.ask(Packet(op, (uint(T.DETAIL_LEVEL, Detail.FULL),)))).packet()
                for tag in packet.tags:
                    if tag.name in (T.PARTFILE, T.KNOWNFILE):
                        found[tag.child(T.PARTFILE_HASH).hash] = shown(tag)
            await other.refresh()
            names = {label.index: label.title for label in other.labels.all}
        nursery.cancel_scope.cancel()
    return {hash: {**each, "category": names.get(each["category"], "Default")} for hash, each in found.items()}


def shown(tag):
    category, status = tag.child(T.PARTFILE_CAT), tag.child(T.PARTFILE_STATUS)
    part = tag.name == T.PARTFILE
    return {
        "name": tag.child(T.PARTFILE_NAME).text,
        "size": tag.child(T.PARTFILE_SIZE_FULL).number,
        "rating": tag.child(T.KNOWNFILE_RATING).number,
        "comment": tag.child(T.KNOWNFILE_COMMENT).text,
        "category": category.number if part and category else 0,
        "held": bool(part and status and status.number == 7),
        "complete": not part,
    }


def ours(session):
    return {
        hash: {
            "name": item.name,
            "size": item.size,
            "rating": item.rating,
            "comment": item.comment,
            "category": item.category,
            "held": item.status in ("paused", "stopped"),
            "complete": item.complete,
        }
        for hash, item in session.items.items()
    }


class Life:
    """Somebody who changes everything all the time."""

    def __init__(self, session, amule, seed):
        self.session, self.amule, self.random = session, amule, random.Random(seed)
        self.number = 0

    async def step(self):
        acts = [self.add, self.add, self.remove, self.pause, self.categorise, self.rename, self.share, self.rate]
        acts += [self.delete, self.prioritise, self.reorder]
        await self.random.choice(acts)()

    def some(self, *, complete):
        fitting = sorted(hash for hash, item in self.session.items.items() if item.complete is complete)
        return self.random.choice(fitting) if fitting else None

    async def add(self):
        self.number += 1
        file, category = make_ed2k_file(f"life {self.number}", 1000), self.random.choice(CATEGORIES)
        options = AddOptions(category=category, paused=self.random.random() < 0.5)
        await self.session.part(AddEd2kLink).add_ed2k_links([file.link], options)

    async def remove(self):
        if hash := self.some(complete=False):
            assert await self.session.part(Remove).remove([hash]) == {hash: None}

    async def pause(self):
        if hash := self.some(complete=False):
            part = self.session.part(Pause)
            await self.random.choice([part.pause, part.resume])([hash])

    async def categorise(self):
        if hash := self.some(complete=False):
            await self.session.part(SetCategory).set_category([hash], self.random.choice(CATEGORIES))

    async def rename(self):
        self.number += 1
        if hash := self.some(complete=self.random.random() < 0.5):
            await self.session.part(Rename).rename(hash, f"renamed {self.number}")

    async def share(self):
        self.number += 1
        make_ed2k_file(f"shared {self.number}", 500).write(self.amule.incoming)
        await self.session.part(RefreshShared).refresh_shared()

    async def rate(self):
        if hash := self.some(complete=True):
            await self.session.part(FileRatingComment).set_rating_comment(hash, self.random.randrange(6), "words")

    async def delete(self):
        await self.session.poll()
        if hash := self.some(complete=True):
            assert await self.session.part(RemoveWithFiles).remove_with_files([hash]) == {hash: None}

    async def prioritise(self):
        if hash := self.some(complete=False):
            await self.session.part(Priority).set_priority([hash], "high")

    async def reorder(self):
        """Delete a category, which moves the indexes of all behind it."""
        if self.random.random() < 0.3:
            await self.session.part(Categories).delete_category(self.random.choice(CATEGORIES[1:]))


async def agree(session, settings):
    """Poll until our list is the daemon's own; new shared files are hashed in the background."""
    with trio.move_on_after(10):
        while True:
            await session.poll()
            own = await own_list(settings)
            await session.poll()
            if told_by_both(ours(session)) == told_by_both(own):
                return
            await trio.sleep(0.1)
    assert told_by_both(ours(session)) == told_by_both(own)


def told_by_both(files):
    """Leave out what the daemon does not know itself: the category of a complete file."""
    return {hash: {**each, "category": None if each["complete"] else each["category"]} for hash, each in files.items()}


async def test_two_thousand_polls(amule, settings_of, monkeypatch):
    """Every hundredth the list is compared; twice the connection of the polls is opened anew, as it is every 6 h."""
    settings, links = settings_of(amule), set()
    async with open_session(AMule, settings) as session:
        life = Life(session, amule, seed=7)
        await session.poll()
        for number in range(1, POLLS + 1):
            if number % 2:
                await life.step()
            if number in (700, 1500):
                monkeypatch.setattr(daemon, "RENEW_S", -1.0)
            await session.poll()
            monkeypatch.undo()
            links.add(session.client._daemon.state)
            assert len({item.name for item in session.items.values()}) == len(session.items), "something is doubled"
            if number % 100 == 0:
                await agree(session, settings)
    assert len(links) == 3
    assert life.number > 100


async def test_out_of_step_everything_is_asked_for_anew(amule, settings_of, caplog):
    """As a long session may come to be: an object that the daemon believes that we know."""
    settings = settings_of(amule)
    file = make_ed2k_file("out of step", 1000)
    async with open_session(AMule, settings) as session:
        await session.poll()
        await session.part(AddEd2kLink).add_ed2k_links([file.link], AddOptions(paused=True))
        await session.poll()
        held = session.client._daemon.mirror
        del held.files[held.find(file.hash).ecid]
        await session.poll()
        assert session.last.full
        assert file.hash in session.items
        assert "asking for everything anew" in caplog.text
        await session.poll()
        assert not session.last.full
        await session.part(Remove).remove([file.hash])


@pytest.mark.parametrize("end", ["stop", "kill9"])
async def test_after_a_restart_nothing_is_doubled_and_all_is_right(amule, settings_of, end):
    """All numbers of the daemon are new then. What a killed daemon has lost itself we cannot have."""
    settings = settings_of(amule)
    folder = amule.root / "restart"
    shared = make_ed2k_file(f"restart shared {end}", 5000)
    links = [make_ed2k_file(f"restart {end} {number}", 1000) for number in range(20)]
    async with open_session(AMule, settings) as session:
        await session.poll()
        categories = session.part(Categories)
        await categories.delete_category("restart")
        await categories.create_category("restart", str(folder))
        for place, file in enumerate(links):
            options = AddOptions(category="restart" if place % 2 else None, paused=True)
            await session.part(AddEd2kLink).add_ed2k_links([file.link], options)
        shared.write(folder)
        await session.part(RefreshShared).refresh_shared()
        await session.until(lambda: shared.hash in session.items)
        await session.part(FileRatingComment).set_rating_comment(shared.hash, 5, "kept")
        await session.poll()
        before = ours(session)
        assert before[shared.hash]["category"] == "restart"
        numbers = {file.hash: file.ecid for file in session.client._daemon.mirror.files.values()}
        await trio.to_thread.run_sync(getattr(amule, end))
        with pytest.raises(Unreachable):
            await session.poll()
    amule.start()
    async with open_session(AMule, settings) as session:
        for _ in range(2):
            await session.poll()
        after = ours(session)
        for file in links:
            assert after[file.hash]["category"] == before[file.hash]["category"]
        await session.until(lambda: shared.hash in session.items)
        await agree(session, settings)
        after = ours(session)
        assert after.keys() == before.keys()
        assert after[shared.hash]["category"] == "restart"
        if end == "stop":
            assert after == before
            files = session.client._daemon.mirror.files.values()
            assert any(numbers.get(file.hash) != file.ecid for file in files)
        await session.part(Remove).remove([file.hash for file in links])
