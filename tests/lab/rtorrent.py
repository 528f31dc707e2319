"""A real rtorrent. Source: rtorrent 2 to 6, bittorrent-test-network 3."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote
from xmlrpc.client import Binary, Fault, dumps, loads

from amutorrent.testing import require

from .ports import free_port, own_address
from .process import Process
from .rows import Row
from .waiting import wait_until

CONFIG = """\
system.daemon.set = true
session.path.set = {session}
session.use_lock.set = no
directory.default.set = {downloads}
network.bind_address.set = {address}
network.local_address.set = {address}
network.port_range.set = {peer_port}-{peer_port}
network.port_random.set = no
{scgi}
dht.mode.set = off
protocol.pex.set = no
trackers.use_udp.set = no
log.open_file = "main", {root}/rtorrent.log
log.add_output = "info", "main"
"""


class RTorrentDaemon(Process):
    """One daemon, on a TCP port or a Unix socket, with a peer address of its own; it keeps them over restarts."""

    def __init__(self, root: Path, *, unix: bool = False) -> None:
        self.root, self.downloads, self.session = root, root / "downloads", root / "session"
        self.host, self.address, self.peer_port = "127.0.0.1", own_address(), free_port()
        self.port = 0 if unix else free_port()
        self.socket_path = root / "scgi.sock" if unix else None
        for folder in (root, self.downloads, self.session):
            folder.mkdir(parents=True, exist_ok=True)
        scgi = f"open_local = {self.socket_path}" if unix else f"open_port = {self.host}:{self.port}"
        config = root / "rtorrent.rc"
        config.write_text(CONFIG.format(**{**self.__dict__, "scgi": f"network.scgi.{scgi}"}))
        super().__init__([require("rtorrent"), "-n", "-o", f"import={config}"], root / "output.log", self._answers)

    def _answers(self) -> bool:
        try:
            return bool(self.call("system.client_version"))
        except OSError:
            return False

    @property
    def settings(self) -> dict[str, object]:
        """What the configuration of our daemon says of it."""
        if self.socket_path is not None:
            return {"type": "rtorrent", "mode": "scgi-socket", "socketPath": str(self.socket_path)}
        return {"type": "rtorrent", "mode": "scgi", "host": self.host, "port": self.port}

    # -- a look into the daemon itself, not through our code

    def call(self, method: str, *params: object) -> object:
        """Call a method over SCGI. Raises `xmlrpc.client.Fault`."""
        body = dumps(params, method).encode()
        head = b"CONTENT_LENGTH\0%d\0SCGI\x001\0" % len(body)
        with self._connected() as stream:
            stream.sendall(b"%d:%s,%s" % (len(head), head, body))
            with stream.makefile("rb") as answer:
                return loads(answer.read().partition(b"\r\n\r\n")[2])[0][0]

    def _connected(self) -> socket.socket:
        if self.socket_path is None:
            return socket.create_connection((self.host, self.port), 10)
        stream = socket.socket(socket.AF_UNIX)
        stream.settimeout(10)
        try:
            stream.connect(str(self.socket_path))
        except OSError:
            stream.close()
            raise
        return stream

    def hashes(self) -> list[str]:
        """List its torrents."""
        return [row[0].lower() for row in self.call("d.multicall2", "", "main", "d.hash=")]

    def get(self, field: str, hash: str, *params: object) -> object:
        """Read one field of a torrent; None if there is no such torrent."""
        try:
            return self.call(field, hash, *params)
        except Fault as fault:
            if fault.faultCode == -501:
                return None
            raise

    def label(self, hash: str) -> str | None:
        """Read the label of a torrent, as people see it."""
        label = self.get("d.custom1", hash)
        return label if label is None else unquote(label)

    def rows(self) -> list[Row]:
        """Give its list, sorted."""
        fields = ("d.hash=", "d.name=", "d.size_bytes=", "d.custom1=", "d.is_active=", "d.is_meta=")
        return sorted(
            Row(hash.lower(), name, 0 if unread else size, unquote(label), not active)
            for hash, name, size, label, active, unread in self.call("d.multicall2", "", "main", *fields)
        )

    def seed(self, torrent: object) -> None:
        """Give it a torrent with its content, to be seeded."""
        torrent.write(self.downloads)
        self.call("load.raw_start", "", Binary(torrent.file))

    def clear(self) -> None:
        """Take everything away from it."""
        for hash in self.hashes():
            # one that is being checked is not to be touched: that makes the daemon hang
            wait_until(lambda hash=hash: not self.get("d.hashing", hash), 30)
            self.call("d.erase", hash)


@contextmanager
def daemon(root: Path, *, unix: bool = False) -> Iterator[RTorrentDaemon]:
    """Run one until the context ends."""
    running = RTorrentDaemon(root, unix=unix)
    running.start()
    try:
        yield running
    finally:
        running.stop()
