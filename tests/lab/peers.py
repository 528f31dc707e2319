"""Two amuleds on a local ED2K network, one that shares and one that downloads, and our own daemon over them."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from amutorrent.testing import Ed2kFile

from . import amule, ed2k
from .amule import AMuleDaemon
from .amutorrent import AmutorrentDaemon
from .ed2k import Ed2kServer, Stalled
from .waiting import wait_until

SHARER, DOWNLOADER = "sharer", "downloader"
"""Their ids as instances."""
SERVERS = "/api/v1/amule/servers"
LOGINS = 4
STALLED_S = 45
STALLS = 3


@contextmanager
def peers(root: Path) -> Iterator[tuple[Ed2kServer, AMuleDaemon, AMuleDaemon]]:
    """Run the server, the one that shares and the one that downloads; the context has to end with both alive."""
    with (
        ed2k.server(amule.free_port_with_udp(4), high="peer-b") as server,
        amule.daemon(root / "a", nick="peer-a") as sharer,
        amule.daemon(root / "b", nick="peer-b") as downloader,
    ):
        yield server, sharer, downloader
        assert sharer.alive, sharer.tail()
        assert downloader.alive, downloader.tail()


def clients(sharer: AMuleDaemon, downloader: AMuleDaemon) -> list[dict[str, object]]:
    """What the configuration of our daemon says of them."""
    return [{**sharer.settings, "id": SHARER}, {**downloader.settings, "id": DOWNLOADER}]


class World:
    """The server, the two, and our daemon over both (and maybe over others)."""

    def __init__(
        self, server: Ed2kServer, sharer: AMuleDaemon, downloader: AMuleDaemon, ours: AmutorrentDaemon
    ) -> None:
        self.server, self.sharer, self.downloader, self.ours = server, sharer, downloader, ours

    def share(self, file: Ed2kFile) -> None:
        """Let the sharer have a file, and the server know of it."""
        file.write(self.sharer.incoming)
        self.server.list(file.hash, file.name, file.size, self.sharer.nick)
        self.ours.post("/api/v1/amule/refresh-shared", instanceId=SHARER)
        wait_until(lambda: self.ours.item(SHARER, file.hash), 30)

    def light(self, instance_id: str) -> dict[str, object]:
        """Give the ED2K light of an instance."""
        listed = self.ours.get("/api/v1/clients/instances")["data"]
        found = next(each for each in listed if each["id"] == instance_id)["networkStatus"]
        return (found or {}).get("ed2k", {})

    def join_both(self) -> None:
        """Connect both to the server."""
        for each in (SHARER, DOWNLOADER):
            self.join(each)

    def join(self, instance_id: str) -> None:
        """Tell an instance of the server over REST, and connect it."""
        where = {"ip": "localhost", "port": self.server.port, "name": "TestServer"}
        assert self.ours.post(SERVERS, **where, instanceId=instance_id)["data"] is True
        self.log_in(instance_id)

    def log_in(self, instance_id: str) -> None:
        """Connect it to the server; a login may be lost, then once more."""
        for _ in range(LOGINS):
            (listed,) = self.ours.get(SERVERS, instanceId=instance_id)["data"]
            where = {"ip": listed["ip"], "port": listed["port"], "instanceId": instance_id}
            assert self.ours.post(f"{SERVERS}/action", action="connect", **where)["data"] is True
            try:
                wait_until(lambda: self.light(instance_id).get("serverAddress"), 6)
            except AssertionError:
                self.ours.post(f"{SERVERS}/action", action="disconnect", instanceId=instance_id)
            else:
                return
        raise AssertionError("no login to the server")

    def complete(self, file: Ed2kFile) -> dict[str, object]:
        """Wait until the downloader has a file; gives its item. A transfer that stalls goes on after a restart."""
        for _ in range(STALLS):
            with suppress(Stalled):
                self.complete_at_once(file)
                break
            self.start_anew()
        else:
            self.complete_at_once(file)
        assert hashlib.sha256((self.downloader.incoming / file.name).read_bytes()).hexdigest() == file.digest
        return self.ours.item(DOWNLOADER, file.hash)

    def start_anew(self) -> None:
        """Restart both: one alone is kept waiting by the other, who knows it from before."""
        for id, daemon in ((SHARER, self.sharer), (DOWNLOADER, self.downloader)):
            daemon.stop()
            wait_until(lambda id=id: self.ours.items() and self.ours.state(id) != "online", 20)
            daemon.start()
            wait_until(lambda id=id: self.ours.state(id) == "online", 60)
            self.log_in(id)

    def complete_at_once(self, file: Ed2kFile) -> None:
        """Wait until the downloader has a file. Raises `Stalled`, and restarts nothing."""
        seen: list[int] = []

        def done() -> bool:
            item = self.ours.item(DOWNLOADER, file.hash)
            seen.append(item.get("sizeDownloaded", 0))
            return item.get("complete", False)

        while True:
            before = seen[-1] if seen else 0
            try:
                wait_until(done, STALLED_S, lambda: f"stalled: {self.ours.item(DOWNLOADER, file.hash)}")
            except AssertionError as error:
                if seen[-1] == before:
                    raise Stalled(*error.args) from error
            else:
                return
