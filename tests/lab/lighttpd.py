"""A real lighttpd that offers rTorrent's SCGI over HTTP, behind a password. Source: rtorrent 2."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amutorrent.testing import require

from .ports import free_port
from .process import Process
from .rtorrent import RTorrentDaemon

CONFIG = """\
server.modules = ("mod_auth", "mod_authn_file", "mod_scgi")
server.document-root = "{root}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{root}/error.log"
server.upload-dirs = ("{root}")
server.feature-flags += ("server.graceful-shutdown-timeout" => 1)
auth.backend = "plain"
auth.backend.plain.userfile = "{root}/users"
auth.require = ("/RPC2" => ("method" => "basic", "realm" => "rtorrent", "require" => "valid-user"))
scgi.server = ("/RPC2" => (({upstream}, "check-local" => "disable")))
"""


class Lighttpd(Process):
    """One web server in front of one daemon."""

    def __init__(self, root: Path, behind: RTorrentDaemon) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root, self.behind, self.host, self.port = root, behind, "127.0.0.1", free_port()
        self.username, self.password = "someone", "correct horse"
        (root / "users").write_text(f"{self.username}:{self.password}\n")
        if behind.socket_path is None:
            upstream = f'"host" => "{behind.host}", "port" => {behind.port}'
        else:
            upstream = f'"socket" => "{behind.socket_path}"'
        (root / "lighttpd.conf").write_text(CONFIG.format(root=root, port=self.port, upstream=upstream))
        command = [require("lighttpd"), "-D", "-f", str(root / "lighttpd.conf")]
        super().__init__(command, root / "output.log", self._answers)

    def _answers(self) -> bool:
        try:
            socket.create_connection((self.host, self.port), 2).close()
        except OSError:
            return False
        return True

    @property
    def settings(self) -> dict[str, object]:
        """What the configuration of our daemon says of the rTorrent behind it."""
        return {
            "type": "rtorrent",
            "mode": "http",
            "host": self.host,
            "port": self.port,
            "username": self.username,
            "password": self.password,
        }


@contextmanager
def lighttpd(root: Path, behind: RTorrentDaemon) -> Iterator[Lighttpd]:
    """Run one until the context ends."""
    running = Lighttpd(root, behind)
    running.start()
    try:
        yield running
    finally:
        running.stop()
