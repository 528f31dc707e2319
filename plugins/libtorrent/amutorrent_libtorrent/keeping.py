"""Saving how far the torrents are: what goes on every few seconds, what is urgent soon, and everything at the end."""

from collections.abc import Sequence
from typing import Final

import libtorrent as lt
import trio

from amutorrent import ClientFailed

from .engine import Engine
from .torrents import Torrent

EVERY_S: Final = 5.0
COUNTERS_S: Final = 300.0
"""Mere counters (bytes given, seconds of seeding) are saved this often, and at the end."""
GAP_S: Final = 0.2
BATCH: Final = 250
COUNTERS: Final = 8
"""What libtorrent calls `if_counters_changed`; its Python module has no name for it."""
EVERYTHING: Final = ~0


async def keep(engine: Engine) -> None:
    """Save what changed, again and again, until cancelled."""
    counters_at = trio.current_time() + COUNTERS_S
    while True:
        with trio.move_on_after(EVERY_S):
            await engine.urgent.wait()
        engine.urgent = trio.Event()
        late = trio.current_time() >= counters_at
        try:
            await save(engine, EVERYTHING if late else ~COUNTERS)
        except ClientFailed as error:
            engine.log.error("How far the torrents are could not be saved, and is tried again: %s", error.message)
        if late:
            counters_at = trio.current_time() + COUNTERS_S
        await trio.sleep(GAP_S)


async def save_all(engine: Engine) -> None:
    """Save everything that changed."""
    await save(engine, EVERYTHING)


async def save(engine: Engine, reasons: int) -> None:
    """Save the torrents that changed for one of these reasons of libtorrent's, or that are to be saved anyway."""
    async with engine.saving:
        # a move that failed first: were it to go on after a crash, it would write over what it has failed for
        await engine.keep_facts(lambda torrent: torrent.move_error is not None)
        await engine.update()
        wanted = [each for each in engine.torrents.values() if _is_due(each, reasons)]
        for start in range(0, len(wanted), BATCH):
            await _save(engine, wanted[start : start + BATCH])
        await engine.keep_facts()


def _is_due(torrent: Torrent, reasons: int) -> bool:
    # whose files are missing has no piece to libtorrent: what was kept of it counts again once the disk is back
    return not torrent.missing and bool(torrent.unsaved or torrent.unsaved_for & reasons)


async def _save(engine: Engine, torrents: Sequence[Torrent]) -> None:
    asked: list[Torrent] = []
    engine.saves = {}
    for torrent in torrents:
        learnt = not torrent.kept_info and torrent.status is not None and torrent.status.has_metadata
        flags = lt.save_resume_flags_t.flush_disk_cache
        try:
            torrent.handle.save_resume_data(flags | lt.save_resume_flags_t.save_info_dict if learnt else flags)
        except RuntimeError:  # it goes at this moment
            continue
        engine.saves[torrent.hash] = None
        torrent.unsaved = False
        asked.append(torrent)
    try:
        await engine.session.until(lambda: None not in engine.saves.values())
        told = {hash: each for hash, each in engine.saves.items() if each is not None}
        infos = {hash: each.info for hash, each in told.items() if each.info}
        await engine.run_sync(engine.shelf.set_resume, {hash: each.resume for hash, each in told.items()}, infos)
    except BaseException:
        for torrent in asked:
            torrent.unsaved = True
        raise
    for torrent in asked:
        torrent.kept_info |= torrent.hash in infos
