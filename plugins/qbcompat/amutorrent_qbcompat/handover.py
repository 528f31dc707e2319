"""The service that hands over what was added: exactly once, whatever ends in between.

Which client it is to be is written down before that is asked for the first time, and never changes after. Whoever asks
a client a second time, because the answer was lost, hears that it has the item: that counts as done.
"""

import logging
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec
import trio

from amutorrent import (
    DEFAULT,
    AddEd2kLink,
    AddMagnet,
    AddTorrentFile,
    AmutorrentError,
    Capability,
    CustomSavePath,
    Host,
    Instance,
    NotFound,
    StorageUnavailable,
    User,
)

from .commands import last_of
from .desk import Desk
from .record import Record
from .shown import READER, SETTLING_S, Shown, View
from .states import is_there

LOOK_S = 2.0
NOTE_S = 10.0
LONGEST_WAIT_S = 300.0
MOST_REFUSALS = 6
GONE_S = 3600.0
"""So long an item has to be missing in a client that is there before it is forgotten."""
NEEDS: dict[str, type[Capability]] = {"ed2k": AddEd2kLink, "magnet": AddMagnet, "torrent": AddTorrentFile}
HAS_IT = "already_exists"
AWAY = ("not_connected", "timeout", "not_ready", "storage_unavailable", "rate_limited")

log = logging.getLogger(__name__)


class HandOver(Shown):
    """Runs as long as the daemon."""

    def __init__(self, host: Host, desk: Desk) -> None:
        super().__init__(host, desk)
        self._busy: set[str] = set()
        self._not_before: dict[str, float] = {}
        self._missing: dict[str, float] = {}

    async def run(self) -> None:
        """Read the records, and hand over for ever. A database that fails is asked again later."""
        await self._load()
        noted = -math.inf
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._follow_people)
            while True:
                for instance, records in self._due():
                    self._busy.add(instance.id)
                    nursery.start_soon(self._serve, instance, records)
                if trio.current_time() - noted >= NOTE_S:
                    noted = trio.current_time()
                    with suppress(StorageUnavailable):
                        await self._note()
                with trio.move_on_after(LOOK_S):
                    await self._desk.wait_changed()

    async def _load(self) -> None:
        while not self._desk.loaded:
            try:
                await self._desk.load()
            except StorageUnavailable as error:
                log.warning("What was added cannot be read yet: %s", error.message)
                await trio.sleep(LOOK_S)

    async def _follow_people(self) -> None:
        """Take over the category that somebody gives an unfinished item elsewhere.

        Of a finished one our record counts: its client may have forgotten its category, or guess it from the folder.
        """
        with self._host.events.subscribe() as happened:
            while True:
                event = await happened.get()
                new = event.facts.get("new_category")
                if event.name != "category_changed" or event.hash is None or not isinstance(new, str) or new == DEFAULT:
                    continue
                entry = self._host.catalogue.get(event.instance_id, event.hash)
                record = self._desk.records.get(event.hash)
                if entry is None or entry.item.complete or record is None or record.state != "done":
                    continue
                with suppress(StorageUnavailable):
                    await self._desk.change({event.hash: {"category": new}})

    # -- who gets what

    def _due(self) -> list[tuple[Instance, list[Record]]]:
        """Say what to hand over, or to delete, now: by client, for those that are there and not at it already."""
        due: dict[str, list[Record]] = {}
        shown = self.instances()
        for record in list(self._desk.records.values()):
            if record.state not in ("waiting", "cancelled"):
                continue
            if self._not_before.get(record.hash, 0) > trio.current_time():
                continue
            instance = self._instance_for(record, shown)
            if instance is not None and instance.connected and instance.id not in self._busy:
                due.setdefault(instance.id, []).append(record)
        return [(self._host.instances.get(id), records) for id, records in due.items()]

    def _instance_for(self, record: Record, shown: list[Instance]) -> Instance | None:
        if record.instance_id is not None:
            with suppress(NotFound):
                return self._host.instances.get(record.instance_id)
            # it is not configured any more; another one may have it
        if record.state == "cancelled":
            return None
        having = {each.instance_id for each in self._host.catalogue.find(record.hash)}
        fit = [each for each in shown if each.id in having or (each.connected and each.has(NEEDS[record.kind]))]
        return next((each for each in fit if each.id in having), next(iter(fit), None))

    async def _serve(self, instance: Instance, records: list[Record]) -> None:
        try:
            for record in records:
                current = self._desk.records.get(record.hash)
                if current is None or current.state not in ("waiting", "cancelled"):
                    continue
                act = self._hand_over if current.state == "waiting" else self._delete
                if not await act(current, instance):
                    break
        except StorageUnavailable as error:
            log.warning("%s: a hand-over waits for the database: %s", instance.id, error.message)
            self._not_before.update((each.hash, trio.current_time() + LOOK_S * 2) for each in records)
        finally:
            self._busy.discard(instance.id)

    # -- handing over

    async def _hand_over(self, record: Record, instance: Instance) -> bool:
        """Hand one over; gives whether its client answers. Raises `StorageUnavailable`."""
        if self._host.catalogue.get(instance.id, record.hash) is not None:
            await self._done(record, instance)
            return True
        await self._desk.change({record.hash: {"instance_id": instance.id, "tries": record.tries + 1}})
        current = self._desk.records.get(record.hash)
        if current is None or current.state != "waiting":
            return True  # somebody thought better of it just now
        try:
            code, message = await self._ask(record, instance)
        except AmutorrentError as error:
            code, message = error.code, error.message
        if code in ("", HAS_IT):
            await self._done(record, instance)
            return True
        self._not_before[record.hash] = trio.current_time() + min(LONGEST_WAIT_S, 2.0 ** min(record.tries + 1, 9))
        if code in AWAY:
            await self._desk.change({record.hash: {"error": message}})
            return False
        await self._refused(record, message)
        return True

    async def _ask(self, record: Record, instance: Instance) -> tuple[str, str]:
        """Ask the client; gives code and message of what it refuses, two "" where it has it now."""
        user = self._owner(record)
        request: dict[str, Any] = {"instanceId": instance.id, "paused": record.paused}
        if record.category in {each.name for each in (await self.categories()).data}:
            request["categoryName"] = record.category
        if record.save_path and record.save_path.startswith("/") and instance.has(CustomSavePath):
            request["savePath"] = record.save_path
        if record.kind == "torrent":
            data = await self._desk.torrent_file(record)
            await self._call("addTorrentFile", request | {"data": data, "fileName": f"{record.name}.torrent"}, user)
            return "", ""
        if record.kind == "ed2k":
            request.pop("savePath", None)
        action = "addEd2kLinks" if record.kind == "ed2k" else "addMagnetLinks"
        reply = await self._call(action, request | {"links": [record.link]}, user)
        (result,) = reply["results"]
        return ("", "") if result["success"] else (result["code"], result["error"])

    async def _call(self, action: str, request: Mapping[str, object], user: User) -> Any:  # Any: JSON of a reply
        return msgspec.to_builtins(await self._host.operations.call(action, request, user))

    def _owner(self, record: Record) -> User:
        """Give whose the item becomes: whoever added it, if that account is still there."""
        if record.user_id is None or self._host.accounts.standing(record.user_id) is None:
            return READER
        return User(id=record.user_id, name=record.user_name, is_admin=True)

    async def _done(self, record: Record, instance: Instance) -> None:
        current = self._desk.records.get(record.hash)
        self._desk.handed[record.hash] = trio.current_time()
        changes = {"instance_id": instance.id, "error": "", "state": "done"}
        await self._desk.change({record.hash: changes}, only="waiting")  # else somebody has cancelled it meanwhile
        log.info("%s was handed over to %s", record.name, instance.id)
        if current is not None and current.category != record.category:
            await self._follow(current, instance)

    async def _follow(self, record: Record, instance: Instance) -> None:
        """Put an item into the category that it got while it was handed over."""
        items = [{"fileHash": record.hash, "instanceId": instance.id}]
        request = {"items": items, "categoryName": record.category}
        with suppress(AmutorrentError):  # our record says it in any case
            await self._call("batchSetFileCategory", request, self._owner(record))

    async def _refused(self, record: Record, message: str) -> None:
        refusals = record.refusals + 1
        log.warning("%s: the client refuses it: %s", record.name, message)
        state = "failed" if refusals >= MOST_REFUSALS else "waiting"
        changes = {"refusals": refusals, "state": state, "error": message}
        await self._desk.change({record.hash: changes}, only="waiting")

    # -- deleting later

    async def _delete(self, record: Record, instance: Instance) -> bool:
        """Delete what was to be deleted while its client was away; gives whether that answers."""
        self._not_before[record.hash] = trio.current_time() + LOOK_S * 2
        entry = self._host.catalogue.get(instance.id, record.hash)
        if entry is None:
            if trio.current_time() - self._missing.setdefault(record.hash, trio.current_time()) > SETTLING_S:
                await self._desk.forget([record.hash])
            return True
        if not record.delete_files and self.goes_whole(View(record.hash, entry, record)):
            await self._desk.change({record.hash: {"state": "dismissed"}})
            return True
        items = [{"fileHash": record.hash, "instanceId": instance.id}]
        try:
            reply = await self._call(
                "batchDelete", {"items": items, "deleteFiles": record.delete_files}, self._owner(record)
            )
        except AmutorrentError as error:
            log.warning("%s cannot be deleted: %s", record.name, error.message)
            return False
        (result,) = reply["results"]
        if result["success"]:
            await self._desk.forget([record.hash])
        elif result.get("code") not in AWAY:
            log.warning("%s cannot be deleted: %s", record.name, result.get("error"))
            await self._desk.change({record.hash: {"state": "done"}})  # so that the program sees it, and asks again
        return True

    # -- what is remembered

    async def _note(self) -> None:
        """Write down what the programs are to be told while a client is away, and forget what is gone for good."""
        categories = await self.categories()
        await self._desk.keep_default_paths(categories.client_default_paths)
        now, changes, gone = trio.current_time(), {}, []
        instances = self._host.instances.all()
        away = {each.id for each in instances if not each.connected}
        for number, record in enumerate(list(self._desk.records.values())):
            if number % 200 == 199:
                await trio.lowlevel.checkpoint()
            if record.state not in ("done", "dismissed") or record.instance_id in away:
                continue
            view = self.find(record.hash) if record.state == "done" else None
            entry = self._host.catalogue.get(record.instance_id or "", record.hash)
            if entry is None:
                if now - self._missing.setdefault(record.hash, now) > GONE_S:
                    gone.append(record.hash)
                continue
            self._missing.pop(record.hash, None)
            if view is not None and view.entry is not None:
                changes[record.hash] = self._news(record, view)
        await self._desk.forget(gone)
        await self._desk.change({hash: new for hash, new in changes.items() if new})

    def _news(self, record: Record, view: Any) -> dict[str, Any]:  # Any: a view with an entry
        new: dict[str, Any] = {"last": last_of(view), "name": view.entry.item.name, "size": view.entry.item.size}
        if is_there(view.entry.item) and record.completed_on is None:
            new["completed_on"] = int(time.time())
        return new
