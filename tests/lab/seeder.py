"""A fast peer in the test's own process: libtorrent, which gives what it is told to, and counts what it gave."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import libtorrent as lt

from amutorrent.testing import Torrent

from .ports import free_port
from .waiting import wait_until

ADDRESS = "127.0.0.40"


class Seeder:
    """It seeds below `folder`, at an address of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._handles: dict[str, lt.torrent_handle] = {}
        self._session = lt.session(
            {
                "listen_interfaces": f"{ADDRESS}:{self.port}",
                "outgoing_interfaces": ADDRESS,
                "enable_dht": False,
                "enable_lsd": False,
                "enable_upnp": False,
                "enable_natpmp": False,
                "enable_outgoing_utp": False,
                "enable_incoming_utp": False,
                "allow_multiple_connections_per_ip": True,
                "alert_mask": 0,
            }
        )

    def seed(self, torrent: Torrent, *, limit: int = 0) -> None:
        """Write the content of a torrent and give it to who asks; `limit` is bytes/s, 0 = none."""
        torrent.write(self.folder)
        params = lt.load_torrent_buffer(torrent.file)
        params.save_path = str(self.folder)
        params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        params.upload_limit = limit or -1
        self._handles[torrent.hash] = handle = self._session.add_torrent(params)
        wait_until(lambda: handle.status().is_seeding, 60)

    def limit(self, torrent: Torrent, limit: int) -> None:
        """Set what is given in a second, bytes; 0 = no limit."""
        self._handles[torrent.hash].set_upload_limit(limit or -1)

    def given(self, torrent: Torrent) -> int:
        """Count the bytes of a torrent that were given so far."""
        return self._handles[torrent.hash].status().total_payload_upload


@contextmanager
def seeder(folder: Path) -> Iterator[Seeder]:
    """Run one until the context ends."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Seeder(folder)
    yield running
    running._session.pause()
