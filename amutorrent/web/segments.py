"""Missing and requested ranges of items, asked of the clients only while somebody follows them."""

import logging
from collections.abc import Callable, Mapping

import msgspec
import trio

from ..capabilities import SegmentData
from ..catalogue import Catalogue
from ..errors import AmutorrentError, PluginError
from ..instances import Instance, Instances
from ..instances.connection import READ_S
from ..model import Segments

EVERY_S = 2.0
RETRY_S = 20.0
"""So long a client that failed to answer is left alone."""
SLICE = 100
"""So many items are encoded before others get a turn."""

Key = tuple[str, str]
log = logging.getLogger("amutorrent.web")
_encode = msgspec.json.encode
_decoder = msgspec.json.Decoder(Segments)


class SegmentWatch:
    """Asks for ranges, and keeps the last answers; those of a client that is away stay as they were."""

    def __init__(self, instances: Instances, catalogue: Catalogue, on_change: Callable[[], None]) -> None:
        self._instances = instances
        self._catalogue = catalogue
        self._on_change = on_change
        self._asked_at: dict[str, float] = {}
        self._asking: set[str] = set()
        self._complained: set[str] = set()
        self._answers: dict[str, dict[Key, tuple[Segments, bytes]]] = {}

    def look(self, nursery: trio.Nursery) -> None:
        """Ask every client whose answer is old."""
        now = trio.current_time()
        instances = {each.id: each for each in self._instances.all()}
        self._answers = {id: answer for id, answer in self._answers.items() if id in instances}
        for id, instance in instances.items():
            due = now - self._asked_at.get(id, -EVERY_S) >= EVERY_S
            if due and id not in self._asking and instance.connected and instance.has(SegmentData):
                self._asked_at[id] = now
                self._asking.add(id)
                nursery.start_soon(self._ask, instance)

    def forget(self) -> None:
        """Forget all answers: nobody looks any more."""
        self._answers.clear()
        self._asked_at.clear()

    def fields(self) -> dict[Key, bytes]:
        """Give the JSON fields of every item that is there."""
        answers = (item for answer in self._answers.values() for item in answer.items())
        return {key: fields for key, (_, fields) in answers if self._catalogue.get(*key) is not None}

    async def _ask(self, instance: Instance) -> None:
        async def ask(client: SegmentData) -> dict[str, Segments]:
            return dict(await client.segments())  # copied here, where a plugin's failure stops

        try:
            found = await instance.call(SegmentData, ask, READ_S)
            self._answers[instance.id] = await self._encoded(instance.id, found)
            self._on_change()
        except AmutorrentError as error:
            log.debug("%s: ranges could not be read: %s", instance.id, error.message)
            self._asked_at[instance.id] = trio.current_time() + RETRY_S
        finally:
            self._asking.discard(instance.id)

    async def _encoded(self, id: str, found: Mapping[str, Segments]) -> dict[Key, tuple[Segments, bytes]]:
        before, now = self._answers.get(id, {}), dict[Key, tuple[Segments, bytes]]()
        for number, (hash, segments) in enumerate(found.items()):
            if number % SLICE == 0:
                await trio.lowlevel.checkpoint()
            known = before.get((id, hash))
            if known is not None and known[0] is segments:
                now[id, hash] = known
            elif fields := self._fields(id, segments):
                now[id, hash] = (segments, fields)
        return now

    def _fields(self, id: str, segments: Segments) -> bytes:
        try:
            if type(segments) is not Segments:
                raise PluginError(f"these are no Segments: {segments!r:.80}")
            encoded = _encode(segments)
            _decoder.decode(encoded)
        except (PluginError, msgspec.MsgspecError, TypeError, OverflowError) as error:
            if id not in self._complained:
                self._complained.add(id)
                log.error("%s: ranges were refused: %s", id, error)
            return b""
        return encoded[1:-1]
