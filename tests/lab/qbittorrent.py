"""A real qbittorrent-nox. Source: qbittorrent 7, bittorrent-test-network 3."""

import hashlib
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from amutorrent.testing import require

from .ports import free_port, own_address
from .process import Process
from .rows import Row

CONFIG = """\
[LegalNotice]
Accepted=true

[Preferences]
WebUI\\Enabled=true
WebUI\\Address=127.0.0.1
WebUI\\Port={port}
WebUI\\Username={username}
WebUI\\Password_PBKDF2="@ByteArray({password})"
WebUI\\LocalHostAuth={ask}
WebUI\\UseUPnP=false
General\\Locale=en

[Network]
PortForwardingEnabled=false

[BitTorrent]
Session\\DefaultSavePath={downloads}
Session\\Port={peer_port}
Session\\InterfaceAddress={address}
Session\\DHTEnabled=false
Session\\PeXEnabled=false
Session\\LSDEnabled=false
Session\\MultiConnectionsPerIp=true
Session\\QueueingSystemEnabled=false
Session\\SSRFMitigation=false
"""


def hashed(password: str) -> str:
    """Hash a password as the daemon keeps it."""
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 100_000)
    return f"{b64encode(salt).decode()}:{b64encode(key).decode()}"


class QBittorrentDaemon(Process):
    """One daemon with a profile, a Web port and a peer address of its own; it keeps them over restarts."""

    def __init__(self, root: Path, *, ask_password: bool = True) -> None:
        self.root, self.downloads = root, root / "downloads"
        self.host, self.port, self.address, self.peer_port = "127.0.0.1", free_port(), own_address(), free_port()
        self.username, self.password = "admin", "correct horse"
        self._http: httpx.Client | None = None
        config = root / "qBittorrent" / "config"
        config.mkdir(parents=True)
        self.downloads.mkdir()
        values = {**self.__dict__, "password": hashed(self.password), "ask": str(ask_password).lower()}
        (config / "qBittorrent.conf").write_text(CONFIG.format(**values))
        command = [require("qbittorrent-nox"), f"--profile={root}"]
        super().__init__(command, root / "output.log", self._answers)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://{self.host}:{self.port}/api/v2/app/version", timeout=2).status_code in (200, 403)
        except httpx.TransportError:
            return False

    @property
    def settings(self) -> dict[str, object]:
        """What the configuration of our daemon says of it."""
        return {
            "type": "qbittorrent",
            "host": self.host,
            "port": self.port,
            "username": self.username,
            "password": self.password,
        }

    # -- a look into the daemon itself, not through our code

    def ask(self, path: str, **query: str) -> object:
        """Read from its Web API."""
        answer = self._session().get(path, params=query)
        if answer.status_code == 403:
            self.log_out()
            answer = self._session().get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def tell(self, path: str, files: dict[str, object] | None = None, **form: str) -> str:
        """Change something through its Web API."""
        answer = self._session().post(path, data=form, files=files)
        answer.raise_for_status()
        return answer.text

    def torrents(self) -> dict[str, dict[str, object]]:
        """List its torrents by hash."""
        return {each["hash"]: each for each in self.ask("torrents/info")}

    def torrent(self, hash: str) -> dict[str, object]:
        """Give one torrent; {} if there is none."""
        return self.torrents().get(hash, {})

    def rows(self) -> list[Row]:
        """Give its list, sorted."""
        return sorted(
            Row(each["hash"], each["name"], max(0, each["size"]), each["category"], each["state"].startswith("paused"))
            for each in self.ask("torrents/info")
        )

    def seed(self, torrent: object) -> None:
        """Give it a torrent with its content, to be seeded."""
        torrent.write(self.downloads)
        self.tell("torrents/add", files={"torrents": ("a.torrent", torrent.file, "application/x-bittorrent")})

    def clear(self) -> None:
        """Take everything away from it."""
        self.tell("torrents/delete", hashes="all", deleteFiles="true")

    def log_out(self) -> None:
        """Forget the session, as after a restart."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def _session(self) -> httpx.Client:
        if self._http is None:
            self._http = httpx.Client(base_url=f"http://{self.host}:{self.port}/api/v2/", timeout=10)
            self._http.post("auth/login", data={"username": self.username, "password": self.password})
        return self._http


@contextmanager
def daemon(root: Path, *, ask_password: bool = True) -> Iterator[QBittorrentDaemon]:
    """Run one until the context ends."""
    running = QBittorrentDaemon(root, ask_password=ask_password)
    running.start()
    try:
        yield running
    finally:
        running.log_out()
        running.stop()
