"""All moves: begun by operations, carried in the background, taken up again after a restart. Source: http-api 7."""

import logging
import os
import time
from collections.abc import Mapping, Sequence

import trio

from ..accounts import User
from ..broadcast import Broadcast
from ..cancellation import cancelled_alone
from ..capabilities import MoveData, MovedByHost
from ..catalogue import Catalogue
from ..client import RunSync
from ..disk import exists, folder, present
from ..errors import AmutorrentError, ClientFailed, Conflict, StorageUnavailable
from ..events import Event, Events
from ..instances import Instance, Instances
from ..paths import Destination
from ..places import same_place
from .carrier import Around, Carrier, Failed, existing_above, said
from .journal import Begun, Following, Journal, Key, Shelf
from .messages import Moved
from .native import follow, is_at, shows
from .plan import Phase, Plan, make_plan, target_of

SHOWN_S = 30.0
"""So long the end of a move waits for a poll that shows the new place: the client has named it already."""
SPARE = 1 << 20
"""Bytes that stay free where data is copied to."""

Answer = AmutorrentError | bool
"""Of one item: whether a move was begun (False: the data is there already), or why not."""

log = logging.getLogger("amutorrent.moving")


class Moves:
    """Begins moves, and ends each with a message, an event, and the item as its client says it is."""

    def __init__(
        self,
        instances: Instances,
        catalogue: Catalogue,
        events: Events,
        broadcast: Broadcast,
        run_sync: RunSync,
        shelf: Shelf | None = None,
    ) -> None:
        """`run_sync` runs what a disk may delay. Without a shelf no move outlives this run."""
        self._around = Around(instances, catalogue, Journal(shelf), run_sync)
        self._catalogue, self._events, self._broadcast = catalogue, events, broadcast
        self._under_way: set[Key] = set()
        self._nursery: trio.Nursery | None = None

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Be the nursery of all moves until cancelled; takes up those that had begun before."""
        async with trio.open_nursery() as self._nursery:
            self._nursery.start_soon(self._take_up)
            task_status.started()
            await trio.sleep_forever()

    def check_still(self, key: Key) -> None:
        """Raise `Conflict` if the data of an item is being moved: nothing else may be done to it."""
        if key in self._under_way:
            raise STILL_MOVING

    async def begin(
        self, instance: Instance, hashes: Sequence[str], destination: Destination, user: User
    ) -> Mapping[str, Answer]:
        """Begin to move the data of items of one instance to a folder; what forbids it is the answer."""
        if not instance.moved_by_host:
            return await self._begin_native(instance, hashes, destination, user)
        answers: dict[str, Answer] = {}
        for hash in hashes:
            key = (instance.id, hash)
            if key in self._under_way:
                answers[hash] = STILL_MOVING
                continue
            self._under_way.add(key)
            try:
                answers[hash] = await self._begin(instance, hash, destination, user)
            except AmutorrentError as error:
                answers[hash] = error
            except OSError as error:
                answers[hash] = ClientFailed(said(error, destination.local))
            finally:
                if answers.get(hash) is not True:
                    self._under_way.discard(key)
        return answers

    # -- moves that the host makes

    async def _begin(self, instance: Instance, hash: str, destination: Destination, user: User) -> bool:
        data = await instance.call(MovedByHost, lambda client: client.data_of(hash))
        run_sync = self._around.run_sync
        if await run_sync(same_place, data.folder, target_of(data, destination.local)):
            return False
        await instance.call(MovedByHost, lambda client: client.check_destination(destination.client))
        files = await run_sync(present, data)
        if not files:
            raise ClientFailed("There is no data yet that could be moved")
        plan = make_plan(data, files, destination.local, destination.client)
        await run_sync(preflight, plan)
        begun = Begun((instance.id, hash), Phase.COPYING, plan, user.name, _now())
        await self._around.journal.add(begun)
        self._go(begun)
        return True

    async def _carry(self, begun: Begun, plan: Plan) -> None:
        try:
            left = await Carrier(begun, plan, self._around).run()
        except Failed as failure:
            self._ended(begun, ClientFailed(f"Could not move to {plan.destination}: {failure.message}"))
            return
        if left:
            log.warning("%s was moved, but %s", begun.key[1], left)
        with trio.move_on_after(SHOWN_S):
            await shows(begun.key, plan.destination, self._around)
        self._ended(begun, None, left)

    # -- moves that clients make

    async def _begin_native(
        self, instance: Instance, hashes: Sequence[str], destination: Destination, user: User
    ) -> Mapping[str, Answer]:
        answers: dict[str, Answer] = {}
        items = {hash: self._catalogue.plain((instance.id, hash)) for hash in hashes}
        for hash, item in items.items():
            if (instance.id, hash) in self._under_way:
                answers[hash] = STILL_MOVING
            elif item is not None and is_at(item, destination.client):
                answers[hash] = False
        going = [hash for hash in hashes if hash not in answers]
        if going:
            outcome = await instance.call(MoveData, lambda client: client.move(going, destination.client))
            for hash in going:
                error = outcome.get(hash, UNANSWERED)
                answers[hash] = error or True
                if error is None:
                    item = items[hash]
                    plan = Following(destination=destination.client, source=item.path if item else None)
                    await self._follow(Begun((instance.id, hash), None, plan, user.name, _now()))
        return answers

    async def _follow(self, begun: Begun) -> None:
        try:
            await self._around.journal.add(begun)
        except StorageUnavailable as error:
            log.warning("a restart will not know of the move of %s: %s", begun.key[1], error.message)
        self._go(begun)

    async def _watch(self, begun: Begun, plan: Following) -> None:
        self._catalogue.overlay(begun.key, {"status": "moving", "move_status": "moving", "move_error": None})
        failure: AmutorrentError | None = None
        try:
            await follow(begun.key, plan, self._around)
        except AmutorrentError as error:
            failure = error
        await self._around.journal.drop(begun)
        self._ended(begun, failure)

    # -- all of them

    def _go(self, begun: Begun) -> None:
        assert self._nursery is not None, "run() comes first"
        self._under_way.add(begun.key)
        self._nursery.start_soon(self._to_its_end, begun, name=f"move of {begun.key[1]}")

    async def _to_its_end(self, begun: Begun) -> None:
        try:
            with cancelled_alone():
                if isinstance(begun.plan, Following):
                    await self._watch(begun, begun.plan)
                else:
                    await self._carry(begun, begun.plan)
        except Exception:  # a fault of ours, or of a plugin: it is written down, and taken up at the next start
            log.exception("the move of %s stopped", begun.key[1])
            self._catalogue.overlay(begun.key, {"move_error": "Something went wrong here; the log says what"})
        finally:
            self._under_way.discard(begun.key)

    async def _take_up(self) -> None:
        for begun in await self._around.journal.load():
            log.info("The move of %s (%s) goes on: %s", begun.key[1], begun.key[0], begun.phase or "by its client")
            self._go(begun)

    def _ended(self, begun: Begun, error: AmutorrentError | None, left: str | None = None) -> None:
        """Tell everybody, and let the item show what its client says."""
        key, plan = begun.key, begun.plan
        self._under_way.discard(key)
        self._catalogue.overlay(key, {"move_error": error.message} if error else {})
        self._around.instances.poke([key[0]])
        item = self._catalogue.plain(key)
        name = item.name if item else key[1]
        if error is not None:
            details = {"fileHash": key[1], "instanceId": key[0]}
            self._broadcast.tell_of(key, ClientFailed(f"{name}: {error.message}", details=details))
            return
        message = f"{name} is now in {plan.destination}" + (f"; {left}" if left else "")
        self._broadcast.tell_of(key, Moved(message=message, file_hash=key[1], instance_id=key[0]))
        facts: dict[str, object] = {
            "filename": name,
            "triggered_by": begun.user_name,
            "category": item.category if item else None,
            "source_path": plan.source if isinstance(plan, Following) else plan.source.decode("utf-8", "replace"),
            "dest_path": plan.destination,
        }
        self._events.publish(Event(name="file_moved", instance_id=key[0], hash=key[1], facts=facts))


STILL_MOVING = Conflict("The data of this item is being moved")
UNANSWERED = ClientFailed("The client did not say what became of it")


def preflight(plan: Plan) -> None:
    """See that the new place is free, and that there is room. Blocks. Raises `Conflict`, `ClientFailed`, `OSError`."""
    try:
        with folder(plan.target_folder, own=plan.multi) as target:
            taken = [file for file in plan.files if exists(target, file.path)]
    except FileNotFoundError:
        taken = []
    if taken:
        raise Conflict(f"{os.path.join(plan.target_folder, *taken[0].path)} is there already: nothing was moved")
    above = existing_above(plan.target_folder)
    if os.stat(above).st_dev == os.stat(plan.source_folder).st_dev:
        return
    disk = os.statvfs(above)
    if plan.size + SPARE > disk.f_bavail * disk.f_frsize:
        raise ClientFailed(
            f"There is no room in {above}: {plan.size} bytes are needed, {disk.f_bavail * disk.f_frsize} are free"
        )


def _now() -> int:
    return int(time.time() * 1000)
