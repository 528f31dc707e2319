"""What only the client knows of one item: its pieces and its peers, asked of it now. Source: http-api 12 and 13."""

from collections.abc import Iterator

import msgspec
import trio
from msgspec import Struct

from amutorrent import AmutorrentError, Peer, Pieces, camel

from .asked import Ask
from .links import ED2K_DIGITS
from .listing import the_one
from .shown import View

PATIENCE_S = 3.0
"""So long a program waits for a client; then it hears that nothing is known."""


class Detail(Struct, rename=camel):
    """What of an item's detail is shown here."""

    peers: list[Peer] | None = None
    pieces: Pieces | None = None


async def piece_states(ask: Ask) -> bytes:
    """List the states of the pieces: 0 missing, 1 under way, 2 there."""
    pieces = (await _detail(ask, the_one(ask))).pieces
    states = [state for state, count in pieces.states for _ in range(count)] if pieces is not None else []
    return msgspec.json.encode(states)


async def peers(ask: Ask) -> bytes:
    """List the peers, each time in full."""
    view = the_one(ask)
    connection = "eD2k" if len(view.hash) == ED2K_DIGITS else "BT"
    found = dict(_shown((await _detail(ask, view)).peers or [], connection))
    return msgspec.json.encode(
        {"full_update": True, "peers": found, "rid": ask.whole("rid", 0) + 1, "show_flags": True}
    )


def _shown(peers: list[Peer], connection: str) -> Iterator[tuple[str, dict[str, object]]]:
    for each in peers:
        name = f"{each.address}:{each.port}" if each.address and each.port else each.id
        facts = {
            "client": each.software or "",
            "connection": connection,
            "country": "",
            "country_code": "",
            "dl_speed": each.download_rate or 0,
            "downloaded": each.download_total or 0,
            "files": each.file_name or "",
            "flags": each.flags or "",
            "flags_desc": each.download_state or each.upload_state or "",
            "ip": each.address or "",
            "port": each.port or 0,
            "progress": (each.completed_percent or 0) / 100,
            "relevance": 0,
            "up_speed": each.upload_rate or 0,
            "uploaded": each.upload_total or 0,
        }
        yield name, facts


async def _detail(ask: Ask, view: View) -> Detail:
    """Ask the client; nothing, where it is away, slow, or cannot say."""
    if view.entry is None:
        return Detail()
    request = {"hash": view.hash, "instanceId": view.entry.instance_id}
    with trio.move_on_after(PATIENCE_S):
        try:
            reply = await ask.host.operations.call("itemDetail", request, ask.user)
        except AmutorrentError:
            return Detail()
        return msgspec.convert(msgspec.to_builtins(reply), Detail)
    return Detail()
