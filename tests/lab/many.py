"""The state of an engine that holds thousands of torrents, written as the engine itself would have."""

from pathlib import Path

import libtorrent as lt
from amutorrent_libtorrent.loading import CLEAN, record_of
from amutorrent_libtorrent.records import Facts, Shelf

from amutorrent.testing import hollow_torrent

SIZE = 1 << 30


def keep_many(folder: Path, count: int, *, running: int = 0) -> None:
    """Write a list of so many torrents, of which `running` run; none has any data."""
    shelf = Shelf(folder)
    shelf.open()
    records = []
    for number in range(count):
        torrent = hollow_torrent(
            f"Some.Show.S{number % 30:02d}E{number % 24:02d}.1080p.WEB.x264-GROUP{number}.mkv", SIZE
        )
        params = lt.load_torrent_buffer(torrent.file)
        params.save_path, params.trackers = "/nowhere", ["http://127.0.0.1:9/announce"]
        facts = Facts(running=number < running, category="tv", tags=("one", "two"), added_at=1_795_509_319)
        records.append(record_of(torrent.hash, facts, params))
    shelf.put(*records)
    shelf.set({CLEAN: b"1"})
    shelf.close()
