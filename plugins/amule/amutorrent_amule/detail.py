"""What is asked when somebody opens an item: peers and parts. Source: data-model 4, amule-ec 5 and 7.4."""

from collections.abc import Mapping, Sequence
from typing import Final

import trio

import amutorrent
from amutorrent import Peer, PieceMap, Pieces, Raw, SegmentData, Segments, percent

from . import records
from .codes import PART_SIZE, Detail, Op, T
from .daemon import Daemon
from .mapping import parts_of
from .maps import ranges
from .mirror import STEP, is_complete
from .records import File
from .states import DOWNLOAD_STATES, ORIGINS, SOFTWARE, UPLOAD_STATES
from .tags import INTEGERS, Tag, Type, dotted, uint

FRESH_S: Final = 1.0
ENCRYPTED: Final = frozenset({1, 2})
QUEUE_FULL: Final = 0xFFFF
KNOWN: Final = frozenset(map(int, T))


class Details(amutorrent.Peers, PieceMap, SegmentData):
    """The peers of a file, and which of its parts are there. Both are known from the last poll, or a fresh one."""

    good_for_s = 2.0  # they come with every poll, and asking for them costs no answer of the daemon

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._segments: dict[int, tuple[bytes, bytes, Segments]] = {}

    async def peers(self, hash: str) -> Sequence[Peer]:
        """Give its sources, and those that it is uploaded to or that wait for it."""
        await self._daemon.fresh(FRESH_S)
        file = await self._daemon.file(hash)
        peers = self._daemon.mirror.peers.values()
        return [peer(each, file) for each in peers if file.ecid in (each.request_file, each.upload_file)]

    async def uploads(self, hashes: Sequence[str]) -> Mapping[str, Sequence[Peer]]:
        """Give the peers of all files that some peer is sent, or waits for, in one walk."""
        await self._daemon.fresh(FRESH_S)
        mirror, found = self._daemon.mirror, dict[str, list[Peer]]()
        served = {each.upload_file for each in mirror.peers.values() if each.upload_file}
        for number, each in enumerate(list(mirror.peers.values()), 1):
            if number % STEP == 0:
                await trio.lowlevel.checkpoint()
            for ecid in {each.upload_file, each.request_file} & served:
                if (file := mirror.files.get(ecid)) is not None:
                    found.setdefault(file.hash, []).append(peer(each, file))
        return found

    async def pieces(self, hash: str) -> Pieces | None:
        """Give the state of each part of 9,728,000 bytes: there, begun or asked for, or missing."""
        await self._daemon.fresh(FRESH_S)
        return pieces(await self._daemon.file(hash))

    async def segments(self) -> Mapping[str, Segments]:
        """Give the ranges of all part files, as of the last poll; they are worked out anew where a map changed."""
        known, self._segments = self._segments, {}
        found = {}
        for number, file in enumerate(list(self._daemon.mirror.files.values()), 1):
            if number % STEP == 0:
                await trio.lowlevel.checkpoint()
            if file.part and not is_complete(file):
                before = known.get(file.ecid)
                if before is None or before[:2] != (file.gaps, file.requested):
                    before = (file.gaps, file.requested, segments(file))
                self._segments[file.ecid] = before
                found[file.hash] = before[2]
        return found

    async def raw(self, hash: str) -> Raw:
        """Ask for all fields of a file, by their names in External Connections; those we do not know by number."""
        file = await self._daemon.file(hash)
        op, name = (Op.GET_DLOAD_QUEUE, T.PARTFILE) if file.part else (Op.GET_SHARED_FILES, T.KNOWNFILE)
        packet = await self._daemon.command(op, uint(T.DETAIL_LEVEL, Detail.FULL), uint(name, file.ecid))
        found = next((tag for tag in packet.tags if tag.number == file.ecid), None)
        return raw_fields(found.children) if found is not None else {}


def raw_fields(tags: Sequence[Tag]) -> Raw:
    """Write tags as JSON values; a container is an object, bytes are hex digits."""
    return {tag_name(tag): raw_fields(tag.children) if tag.children else raw_value(tag) for tag in tags}


def raw_value(tag: Tag) -> str | int | float:
    """Write the value of a tag."""
    if tag.type in INTEGERS:
        return tag.number
    if tag.type == Type.DOUBLE:
        return tag.real
    return tag.text if tag.type == Type.STRING else tag.data.hex()


def tag_name(tag: Tag) -> str:
    """Give the name of a tag."""
    return T(tag.name).name if tag.name in KNOWN else f"0x{tag.name:04X}"


def pieces(file: File) -> Pieces:
    """Work out the parts from the ranges that are missing and those that are asked for."""
    count = parts_of(file.size)
    if is_complete(file):
        return Pieces.of(PART_SIZE, [2] * count)
    missing, requested = [0] * count, [False] * count
    for start, end in _within(file.gaps, file.size):
        for part in range(start // PART_SIZE, end // PART_SIZE + 1):
            missing[part] += min(end + 1, (part + 1) * PART_SIZE) - max(start, part * PART_SIZE)
    for start, end in _within(file.requested, file.size):
        for part in range(start // PART_SIZE, end // PART_SIZE + 1):
            requested[part] = True
    sizes = [min(PART_SIZE, file.size - part * PART_SIZE) for part in range(count)]
    states = [
        2 if not gone else 1 if gone < size or asked else 0
        for gone, size, asked in zip(missing, sizes, requested, strict=True)
    ]
    return Pieces.of(PART_SIZE, states)


def segments(file: File) -> Segments:
    """Read what is missing and what is asked for; a range ends within the file."""
    gaps, requested = _within(file.gaps, file.size), _within(file.requested, file.size)
    return Segments(
        gap_status=tuple(number for each in gaps for number in each),
        req_status=tuple(number for each in requested for number in each),
    )


def _within(map: bytes, size: int) -> list[tuple[int, int]]:
    return [(start, min(end, size - 1)) for start, end in ranges(map) if start < size]


def peer(one: records.Peer, file: File) -> Peer:
    """Map one peer; what is unknown is None."""
    source, served = one.request_file == file.ecid, one.upload_file == file.ecid
    software = SOFTWARE.get(one.software)
    return Peer(
        id=one.hash or f"{dotted(one.ip)}:{one.port}",
        role="peer" if source and served else "upload" if served else "download",
        user_name=one.name or None,
        file_name=(one.remote_name if source else one.file_name) or file.name,
        address=dotted(one.ip) if one.ip else None,
        port=one.port or None,
        software=f"{software} {one.version}".strip() if software else None,
        download_rate=round(one.down_speed * 1024) if source else 0,
        upload_rate=one.up_speed if served else 0,
        download_total=one.download_total,
        upload_total=one.upload_total,
        upload_session=one.upload_session,
        download_state=DOWNLOAD_STATES.get(one.download_state) if source else None,
        upload_state=UPLOAD_STATES.get(one.upload_state),
        source_from=ORIGINS.get(one.origin) if source else None,
        remote_queue_rank=one.queue_rank if source and 0 < one.queue_rank < QUEUE_FULL else None,
        completed_percent=percent(one.available_parts, parts_of(file.size)) if source else None,
        is_encrypted=one.obfuscation in ENCRYPTED if one.obfuscation >= 0 else None,
    )
