"""Contract: what can be done to items that are there."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from ...capabilities import (
    Categories,
    Outcome,
    Pause,
    Priority,
    Reannounce,
    Recheck,
    Remove,
    RemoveWithFiles,
    Rename,
    SetCategory,
    SpeedLimits,
    Stop,
    Tags,
)
from ...errors import AmutorrentError, Conflict, InvalidRequest, NotFound
from ...model import DEFAULT, Item, Limits, PriorityLevel
from ..samples import Sample
from ..session import Seen, Session
from .supplies import UNKNOWN, Supplies, add

Act = Callable[[Session, list[str]], Awaitable[Outcome]]


BY_HASHES: dict[str, Act] = {
    "pause": lambda session, hashes: session.part(Pause).pause(hashes),
    "resume after pause": lambda session, hashes: session.part(Pause).resume(hashes),
    "stop": lambda session, hashes: session.part(Stop).stop(hashes),
    "resume after stop": lambda session, hashes: session.part(Stop).resume(hashes),
    "recheck": lambda session, hashes: session.part(Recheck).recheck(hashes),
    "reannounce": lambda session, hashes: session.part(Reannounce).reannounce(hashes),
    "tags": lambda session, hashes: session.part(Tags).change_tags(hashes, ["a"], []),
    "category": lambda session, hashes: session.part(SetCategory).set_category(hashes, None),
    "priority": lambda session, hashes: session.part(Priority).set_priority(hashes, "normal"),
    "remove": lambda session, hashes: session.part(Remove).remove(hashes),
    "remove with files": lambda session, hashes: session.part(RemoveWithFiles).remove_with_files(hashes),
}


class ControlTests(Supplies):
    """Every change is seen in polls, and in the client itself where there is an oracle."""

    @pytest.mark.parametrize("name", BY_HASHES)
    async def test_an_unknown_hash_fails_alone(self, session: Session, item: Item, name: str) -> None:
        """It is a failed result; what is there is done all the same, once for a hash that is named twice."""
        outcome = await BY_HASHES[name](session, [UNKNOWN, item.hash, item.hash])
        assert outcome.keys() == {UNKNOWN, item.hash}
        assert isinstance(outcome[UNKNOWN], AmutorrentError)
        assert outcome[item.hash] is None

    @pytest.mark.parametrize("name", BY_HASHES)
    async def test_no_hash_is_no_error(self, session: Session, name: str) -> None:
        """Nothing to do is done."""
        assert await BY_HASHES[name](session, []) == {}

    async def test_pause_and_resume(self, session: Session, item: Item) -> None:
        """It is shown as held after it, and no longer after resuming; doing it twice is no error."""
        part = session.part(Pause)
        for act, held in ((part.resume, False), (part.pause, True)):
            assert [await act([item.hash]) for _ in range(2)] == [{item.hash: None}] * 2
            await session.shows(item.hash, Seen(held=held))

    async def test_stop_and_resume(self, session: Session, item: Item) -> None:
        """It is shown as held after it, and no longer after resuming; doing it twice is no error."""
        part = session.part(Stop)
        for act, held in ((part.resume, False), (part.stop, True)):
            assert [await act([item.hash]) for _ in range(2)] == [{item.hash: None}] * 2
            await session.shows(item.hash, Seen(held=held))

    @pytest.mark.parametrize("name", ["ünï renamed", "a" * 255, "a & b = c; \"d\" 'e' %20 +"])
    async def test_rename(self, session: Session, item: Item, name: str) -> None:
        """The new name is shown as it was given."""
        await session.part(Rename).rename(item.hash, name)
        await session.shows(item.hash, Seen(name=name))

    async def test_tags(self, session: Session, item: Item) -> None:
        """Tags come and go one by one."""
        part = session.part(Tags)
        assert await part.change_tags([item.hash], ["one", "zwö & more"], []) == {item.hash: None}
        await session.shows(item.hash, Seen(tags=frozenset({"one", "zwö & more"})))
        await part.change_tags([item.hash], ["three"], ["one"])
        await session.shows(item.hash, Seen(tags=frozenset({"zwö & more", "three"})))

    @pytest.mark.parametrize("priority", ["high", "low", "normal", "veryHigh", "veryLow", "auto"])
    async def test_priority(self, session: Session, item: Item, priority: PriorityLevel) -> None:
        """The level is shown, or the nearest one that the client has; `off` is not taken in silence."""
        part = session.part(Priority)
        assert await part.set_priority([item.hash], priority) == {item.hash: None}
        nearest = {priority, priority.removeprefix("very").lower(), "normal" if priority == "auto" else priority}
        await session.until(lambda: session.items[item.hash].download_priority in nearest)
        with suppress(AmutorrentError):
            assert await part.set_priority([item.hash], "off") == {item.hash: None}
            await session.until(lambda: session.items[item.hash].download_priority == "off")

    async def test_category(self, session: Session, item: Item) -> None:
        """A new one is created by using it; None takes it away."""
        part = session.part(SetCategory)
        assert await part.set_category([item.hash], "contract ünï") == {item.hash: None}
        await session.shows(item.hash, Seen(category="contract ünï"))
        assert await part.set_category([item.hash], None) == {item.hash: None}
        await session.shows(item.hash, Seen(category=""))

    async def test_category_definitions(self, session: Session) -> None:
        """Created once, changed, deleted; deleting what is not there is no error. `Default` is never one."""
        part, name = session.part(Categories), "contract defined"
        await part.delete_category(name)
        await part.create_category(name, "/tmp/contract")
        await session.until(lambda: session.categories.get(name) == "/tmp/contract")
        with pytest.raises(Conflict):
            await part.create_category(name, "")
        for _ in range(2):
            await part.update_category(name, "/tmp/contract2")
        await session.until(lambda: session.categories.get(name) == "/tmp/contract2")
        with pytest.raises(NotFound):
            await part.update_category("contract never", "/tmp")
        with pytest.raises(InvalidRequest):
            await part.create_category(DEFAULT, "")
        for _ in range(2):
            await part.delete_category(name)
        await session.until(lambda: name not in session.categories)
        assert DEFAULT not in session.categories

    async def test_a_category_is_renamed_with_its_items(self, session: Session, item: Item) -> None:
        """They follow, its path stays; a name that is taken is refused, and one that is not there."""
        part, labels = session.part(Categories), session.part(SetCategory)
        for name in ("contract old", "contract new ünï", "contract other"):
            await part.delete_category(name)
        await part.create_category("contract old", "/tmp/contract")
        await part.create_category("contract other", "")
        assert await labels.set_category([item.hash], "contract old") == {item.hash: None}
        await session.shows(item.hash, Seen(category="contract old"))
        with pytest.raises(Conflict):
            await part.rename_category("contract old", "contract other")
        with pytest.raises(InvalidRequest):
            await part.rename_category("contract old", DEFAULT)
        with pytest.raises(NotFound):
            await part.rename_category("contract never", "contract neither")
        await part.rename_category("contract old", "contract new ünï")
        await session.shows(item.hash, Seen(category="contract new ünï"))
        await session.until(lambda: "contract old" not in session.categories)
        assert session.categories["contract new ünï"] == "/tmp/contract"
        await part.delete_category("contract new ünï")
        await session.shows(item.hash, Seen(category=""))
        await part.delete_category("contract other")

    async def test_remove(self, session: Session, item: Item, sample: Sample) -> None:
        """It is gone from the list, and can be added again."""
        assert await session.part(Remove).remove([item.hash]) == {item.hash: None}
        await session.gone(item.hash)
        await add(session, sample)

    async def test_speed_limits(self, session: Session) -> None:
        """What is answered, what the next polls show, and what was asked for are the same; None changes nothing."""
        part = session.part(SpeedLimits)
        before = await part.set_speed_limits()
        limits = await part.set_speed_limits(download=1 << 20, upload=512 << 10)
        assert (limits.download, limits.upload) == (1 << 20, 512 << 10)
        await session.until(lambda: session.last.speed_limits == limits)
        kept = await part.set_speed_limits(upload=256 << 10)
        assert (kept.download, kept.upload) == (1 << 20, 256 << 10)
        least = await part.set_speed_limits(upload=1)  # aMule then limits downloads as well
        assert least.upload > 0, "a limit so small must not become none"
        none = await part.set_speed_limits(download=0, upload=0)
        assert (none.download, none.upload) == (0, 0)
        await session.until(lambda: session.last.speed_limits == none)
        assert isinstance(before, Limits)
        await part.set_speed_limits(download=before.download, upload=before.upload)
