"""The peers of items, asked of the clients only while somebody wants to know. Source: data-model 4, websocket 5.3.

All peers of the items that upload are one thing to ask an instance for, those of one item another. What was answered
stays good for as long as the client's capability says; nobody who asks waits for a client that hangs.
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from math import inf

import msgspec
import trio
from msgspec import Struct

from .capabilities import Peers
from .catalogue import Catalogue, Entry, View
from .errors import AmutorrentError, PluginError
from .instances import Instance, Instances
from .instances.connection import READ_S
from .model import Peer, camel

WAIT_S = 3.0
"""A caller is answered after this time, with what is known by then."""
KEPT_S = 60.0
"""What nobody asked about for so long is forgotten."""
SLICE = 100
"""So many peers are encoded before others get a turn."""

Key = tuple[str, str]
Target = tuple[str, str | None]
"""An instance and one of its items, or None: all that upload."""
log = logging.getLogger("amutorrent.peering")
_encode = msgspec.json.encode
_decoder = msgspec.json.Decoder(Peer)


class Upload(Peer, frozen=True, kw_only=True, rename=camel):
    """A peer that an item is sent to, or that waits for it, and which item that is."""

    parent_hash: str
    parent_name: str
    instance_id: str
    client: str


class Known(Struct):
    """What is known of a target. `peers`: item -> JSON list; `uploads`: item -> rows of its uploads, with commas."""

    wanted_at: float
    answered_at: float = -inf
    asking: trio.Event | None = None
    good_for_s: float = 10.0
    peers: dict[Key, bytes] = {}
    uploads: dict[Key, bytes] = {}


class Peering:
    """Asks for peers, and keeps the last answers."""

    def __init__(self, instances: Instances, catalogue: Catalogue) -> None:
        self.on_change: list[Callable[[], None]] = []
        """Called when an answer is another than the one before."""
        self._instances = instances
        self._catalogue = catalogue
        self._known: dict[Target, Known] = {}
        self._complained: set[str] = set()
        self._nursery: trio.Nursery | None = None

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Be the nursery of all questions until cancelled."""
        async with trio.open_nursery() as self._nursery:
            task_status.started()
            await trio.sleep_forever()

    # -- asking

    def look(self, target: Target | None = None) -> list[trio.Event]:
        """Ask for what is not fresh any more of a target; None: of the uploads of all instances.

        Gives events that come when the answers are there.
        """
        self._forget()
        targets = [target] if target is not None else [(each.id, None) for each in self._instances.all()]
        return [event for each in targets if (event := self._ask(each)) is not None]

    async def refresh(self) -> None:
        """Wait until the uploads of all instances are fresh, at most 3 s."""
        with trio.move_on_after(WAIT_S):
            for answered in self.look():
                await answered.wait()

    def _ask(self, target: Target) -> trio.Event | None:
        assert self._nursery is not None, "run() comes first"
        now = trio.current_time()
        known = self._known.setdefault(target, Known(now))
        known.wanted_at = now
        if known.asking is None:
            instance = next((each for each in self._instances.all() if each.id == target[0]), None)
            if instance is None or not (instance.connected and instance.has(Peers)):
                self._take(known, {}, {})
            elif now - known.answered_at >= known.good_for_s:
                known.asking = trio.Event()
                self._nursery.start_soon(self._answer, target, known, known.asking, instance)
        return known.asking

    async def _answer(self, target: Target, known: Known, asking: trio.Event, instance: Instance) -> None:
        hash = target[1]

        async def ask(client: Peers) -> Mapping[str, Sequence[Peer]]:
            known.good_for_s = client.good_for_s
            if hash is not None:
                return {hash: tuple(await client.peers(hash))}
            busy = [each.item.hash for each in self._catalogue.items(instance.id) if each.item.upload_speed]
            answer = await client.uploads(busy)
            return {hash: tuple(peers) for hash, peers in answer.items()}  # here, where a plugin's failure stops

        try:
            found = await instance.call(Peers, ask, READ_S)
            self._take(known, *await self._encoded(instance, found))
        except AmutorrentError as error:
            log.debug("%s: peers could not be read: %s", instance.id, error.message)
            self._take(known, {}, {})
        finally:
            known.answered_at = trio.current_time()
            known.asking = None
            asking.set()

    async def _encoded(
        self, instance: Instance, found: Mapping[str, Sequence[Peer]]
    ) -> tuple[dict[Key, bytes], dict[Key, bytes]]:
        peers: dict[Key, bytes] = {}
        uploads: dict[Key, bytes] = {}
        for hash, each in found.items():
            entry = self._catalogue.get(instance.id, hash)
            if entry is not None:
                rows = [(peer, row) async for peer, row in self._rows(instance.id, each)]
                parent = _parent(entry, instance.config.type)
                sent = [row[:-1] + parent for peer, row in rows if peer.role == "upload" or peer.upload_rate]
                peers[instance.id, hash] = b"[" + b",".join(row for _, row in rows) + b"]"
                if sent:
                    uploads[instance.id, hash] = b",".join(sent)
        return peers, uploads

    async def _rows(self, instance_id: str, peers: Sequence[Peer]) -> AsyncIterator[tuple[Peer, bytes]]:
        for number, peer in enumerate(peers):
            if number % SLICE == 0:
                await trio.lowlevel.checkpoint()
            if row := self._row(instance_id, peer):
                yield peer, row

    def _row(self, instance_id: str, peer: Peer) -> bytes:
        """Encode a peer, read back as the catalogue does with items; one that does not fit is refused alone."""
        try:
            if type(peer) is not Peer:
                raise PluginError(f"this is no Peer: {peer!r:.80}")
            row = _encode(peer)
            _decoder.decode(row)
        except (PluginError, msgspec.MsgspecError, UnicodeEncodeError, TypeError, OverflowError) as error:
            if instance_id not in self._complained:
                self._complained.add(instance_id)
                log.error("%s: a peer was refused: %s", instance_id, error)
            return b""
        return row

    def _take(self, known: Known, peers: dict[Key, bytes], uploads: dict[Key, bytes]) -> None:
        if (known.peers, known.uploads) != (peers, uploads):
            known.peers, known.uploads = peers, uploads
            for listener in self.on_change:
                listener()

    def _forget(self) -> None:
        late = trio.current_time() - KEPT_S
        gone = [target for target, known in self._known.items() if known.wanted_at < late and known.asking is None]
        for target in gone:
            del self._known[target]

    # -- reading

    def peers(self, target: Target | None = None) -> dict[Key, bytes]:
        """Give the JSON list of the peers of each item: of one target, or None: of all uploads."""
        return dict(self._all(lambda known: known.peers, target))

    def uploads(self, view: View) -> bytes:
        """Give the message with all visible uploads."""
        rows = [rows for key, rows in self._all(lambda known: known.uploads, None) if view.shows(key)]
        return b'{"type":"uploads-update","data":[%s]}' % b",".join(rows)

    def _all(self, part: Callable[[Known], dict[Key, bytes]], target: Target | None) -> Iterator[tuple[Key, bytes]]:
        targets = [target] if target is not None else [(each.id, None) for each in self._instances.all()]
        for each in targets:
            if each in self._known:
                yield from part(self._known[each]).items()


def _parent(entry: Entry, type: str) -> bytes:
    return b',"parentHash":%s,"parentName":%s,"instanceId":%s,"client":%s}' % (
        _encode(entry.item.hash),
        _encode(entry.item.name),
        _encode(entry.instance_id),
        _encode(type),
    )
