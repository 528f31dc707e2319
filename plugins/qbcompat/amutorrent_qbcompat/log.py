"""The program's own log, as qBittorrent shows its. Source: http-api 9 and 12, and qBittorrent 4.5.2 itself."""

from itertools import count, groupby

import msgspec
import trio
from msgspec import Struct

from .asked import Ask
from .shown import SLICE

NORMAL, INFO, WARNING, CRITICAL = 1, 2, 4, 8
TYPES = {"info": NORMAL, "debug": INFO, "warn": WARNING, "error": CRITICAL}
WANTED = {"normal": NORMAL, "info": INFO, "warning": WARNING, "critical": CRITICAL}
SAME_MS = 1000
"""The id of a record is its time in ms times this, and its place among those of the same ms."""
MOST = 2000


class Line(Struct):
    """One record. `ts`: ms since 1970."""

    ts: int
    level: str
    source: str
    message: str


class Lines(Struct):
    """The last records, newest last."""

    data: list[Line]


async def main(ask: Ask) -> bytes:
    """List the last records, of the kinds that are wanted and after `last_known_id`; times in seconds."""
    reply = await ask.host.operations.call("getAppLog", {"limit": MOST}, ask.user)
    lines = msgspec.convert(msgspec.to_builtins(reply), Lines).data
    await trio.lowlevel.checkpoint()
    kinds = {kind for name, kind in WANTED.items() if ask.flag(name, default=True)}
    after, found = ask.whole("last_known_id", -1), []
    for ms, same in groupby(lines, key=lambda line: line.ts):
        for place, line in zip(count(), same):
            id, kind = ms * SAME_MS + place, TYPES[line.level]
            if id > after and kind in kinds:
                message = f"{line.source}: {line.message}"
                found.append({"id": id, "message": message, "timestamp": ms // 1000, "type": kind})
                if len(found) % SLICE == 0:
                    await trio.lowlevel.checkpoint()
    return msgspec.json.encode(found)
