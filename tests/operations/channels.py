"""What tests of channels share: who follows, what the clients tell, and what a reader took of it."""

import logging

import trio
from operations.ed2k import PARTIAL

import amutorrent as am

FIRST, SECOND = "ed2k-0", "ed2k-1"
RIGHTS = frozenset({"view_shared", "view_uploads", "view_logs"})
OWNER = am.User(id=1, name="owner", is_admin=False, permissions=RIGHTS)
STRANGER = am.User(id=2, name="stranger", is_admin=False, permissions=RIGHTS)
NOBODY = am.User(id=3, name="nobody", is_admin=False)
SEGMENTS = {PARTIAL: am.Segments(gap_status=(0, 99, 500, 999), req_status=(0, 9))}
UPLOADER = am.Peer(id="up", role="upload", upload_rate=5)


async def polled(live, script, *items):
    """Let a client report these items now."""
    script.items = list(items)
    live.instances.poke([FIRST, SECOND])
    await trio.sleep(1)


def write(live, message):
    live.parts.log_ring.handle(logging.LogRecord("amutorrent.web", logging.INFO, "", 0, message, (), None))


async def supplement(reader):
    """Take the next delta that is outside the sequence; gives what it says of each item."""
    with trio.fail_after(300):
        while "seq" in (found := (await reader.get("batch-update"))["data"]).get("delta", found):
            pass
    assert set(found) == {"stats", "delta"}
    assert (found["delta"]["added"], found["delta"]["removed"]) == ([], [])
    return {(each.pop("instanceId"), each.pop("hash")): each for each in found["delta"]["changed"]}


async def everything(reader):
    """Take all that was sent so far."""
    await reader.ask("getStats")
    found, reader.all = reader.all, []
    return found


def hashes(message, instance):
    return {each["hash"] for each in message["data"] if each["instanceId"] == instance}
