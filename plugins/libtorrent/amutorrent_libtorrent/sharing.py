"""When a torrent has been shared enough, and what becomes of it then."""

from typing import Final

import trio

from amutorrent import AmutorrentError

from .downloads import Downloads
from .engine import Engine
from .torrents import Torrent

LOOK_S: Final = 10.0


async def watch_sharing(engine: Engine) -> None:
    """Look at all torrents again and again, until cancelled."""
    downloads = Downloads(engine)
    while True:
        await trio.sleep(LOOK_S)
        try:
            await _look(engine, downloads)
        except AmutorrentError as error:
            engine.log.error("What has been shared enough goes on: %s", error.message)
        except Exception:  # whatever one round meets, the next one looks again, and the engine goes on
            engine.log.exception("What has been shared enough goes on")


async def _look(engine: Engine, downloads: Downloads) -> None:
    acts = {"stop": downloads.stop, "remove": downloads.remove, "removeWithFiles": downloads.remove_with_files}
    done = [hash for hash, torrent in engine.torrents.items() if is_enough(torrent, engine)]
    for hash in done:
        engine.note(f"{engine.torrents[hash].name}: shared enough ({engine.settings.when_shared})")
    if not done:
        return
    outcome = await acts[engine.settings.when_shared](done)
    for hash, error in outcome.items():
        if error is not None:
            engine.log.error("%s has been shared enough, but: %s", hash, error.message)


def is_enough(torrent: Torrent, engine: Engine) -> bool:
    """Say if a torrent that runs was shared as far as its own limits, or those of the settings, ask."""
    if torrent.status is None or not torrent.facts.running or not torrent.whole:
        return False
    ratio, minutes = torrent.facts.share_ratio, torrent.facts.seed_minutes
    ratio = engine.settings.share_ratio if ratio is None else ratio
    minutes = engine.settings.seed_minutes if minutes is None else minutes
    seeded = torrent.status.finished_duration.total_seconds()
    return (ratio > 0 and torrent.ratio >= ratio) or (minutes > 0 and seeded >= minutes * 60)
