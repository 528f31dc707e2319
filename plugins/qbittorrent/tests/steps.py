"""Steps that many tests with a real daemon take: a torrent is added, and outcomes are read as codes of errors."""

import amutorrent as am

GONE = "c" * 40


async def add(watched, file: am.Metafile, **options) -> str:
    await watched.part(am.AddTorrentFile).add_torrent_file(file, am.AddOptions(**{"paused": True, **options}))
    await watched.until(lambda: file.hash in watched.items and watched.items[file.hash].status != "checking")
    return file.hash


def codes(outcome) -> dict[str, str | None]:
    return {hash: error and error.code for hash, error in outcome.items()}
