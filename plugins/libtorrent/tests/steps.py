"""Steps that many tests of the engine take: a torrent is added, meets a peer that has it, and becomes complete."""

from pathlib import Path

import trio

import amutorrent as am


def downloads(settings):
    return Path(settings.download_dir)


async def add(watched, torrent, **options):
    await watched.part(am.AddTorrentFile).add_torrent_file(torrent.metafile, am.AddOptions(**options))


def meet(watched, torrent, seeder):
    """Let them connect, without a tracker."""
    watched.engine.torrents[torrent.hash].handle.connect_peer(("127.0.0.40", seeder.port))


async def seeded(seeder, torrent, **options):
    await trio.to_thread.run_sync(lambda: seeder.seed(torrent, **options))


async def completes(watched, torrent):
    await watched.until(lambda: torrent.hash in watched.items and watched.items[torrent.hash].complete, 60)
