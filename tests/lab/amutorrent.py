"""Our own daemon, as a user starts it."""

import json
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

from amutorrent.logs import FILE
from amutorrent.testing import Torrent

from .ports import free_port
from .process import Process
from .secrets import PRINTED_LINK, Secrets, in_config

REACHED = {"::": "[::1]", "::1": "[::1]"}
"""Where a daemon is reached that listens on such an address."""

DYING, STEPPING = (Path(__file__).with_name(name) for name in ("dying.py", "stepping.py"))


class AmutorrentDaemon(Process):
    """One daemon with a data directory and a port of its own; it keeps them over restarts."""

    def __init__(
        self,
        data_dir: Path,
        clients: Sequence[dict[str, object]],
        *,
        database_url: str = "",
        environment: Mapping[str, str] = MappingProxyType({}),
        log: Path | None = None,
        clock: Path | None = None,
        **server: object,
    ) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self.data_dir, self.port = data_dir, free_port()
        reached = REACHED.get(str(server.get("host")), "127.0.0.1")
        self.url = f"http://{reached}:{self.port}{server.get('basePath', '')}"
        config = {
            "version": "1.0",
            "server": {"port": self.port, "auth": {"enabled": False}, **server},
            "clients": list(clients),
            "disk": {"warnBelow": 0},  # a test does not depend on how full this machine is
        }
        if database_url:
            config["database"] = {"url": database_url}
        (data_dir / "config.json").write_text(json.dumps(config))
        self.secrets = Secrets(*in_config(config))
        self.http = httpx.Client(base_url=self.url, timeout=30, event_hooks={"response": [self.secrets.watch]})
        self._serve = ["serve", "--data-dir", str(data_dir)]
        command = [sys.executable, "-m", "amutorrent", *self._serve]
        super().__init__(command, log or data_dir / "output.log", self._answers, **environment)

    def start(self, within_s: float = 30, *, dies_at: str | None = None, answers: bool = True) -> None:
        """Start it and wait until it answers (if it lives that long).

        It ends by itself when a move comes to the point `dies_at`.
        """
        self._ready = self._answers if answers else lambda: True
        program = ["-m", "amutorrent"] if dies_at is None else ["-P", str(DYING), dies_at]
        if self._clock is not None:  # a file with the seconds that its clock is ahead
            program = ["-P", str(STEPPING), str(self._clock)]
        self._command = [sys.executable, *program, *self._serve]
        super().start(within_s)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def told(self) -> list[str]:
        """Name the secrets that it has written somewhere: that is none."""
        output = self.log.read_text("utf-8", "replace")
        self.secrets.add(*PRINTED_LINK.findall(output))
        kept = [each.read_text("utf-8", "replace") for each in self.data_dir.glob(f"{FILE}*")]
        return self.secrets.left_in("\n".join([PRINTED_LINK.sub("", output), *kept]))

    def get(self, path: str, **query: str) -> Any:
        """Read; gives the JSON."""
        return self._checked(self.http.get(path, params=query))

    def post(self, path: str, /, **body: object) -> Any:
        """Ask for a change; gives the JSON."""
        return self._checked(self.http.post(path, json=body))

    def put(self, path: str, /, **body: object) -> Any:
        """Ask for a change; gives the JSON."""
        return self._checked(self.http.put(path, json=body))

    def delete(self, path: str, /, **body: object) -> Any:
        """Ask for something to be deleted; gives the JSON."""
        return self._checked(self.http.request("DELETE", path, json=body))

    def _checked(self, answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        return answer.json()

    def add_file(self, torrent: Torrent, instance_id: str, **options: object) -> Any:
        """Add a torrent by its file; gives the JSON."""
        data = b64encode(torrent.file).decode()
        return self.post("/api/v1/downloads/torrent", data=data, instanceId=instance_id, **options)

    def items(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Give the items of the snapshot, by (instance id, hash)."""
        data = self.get("/api/v1/data/snapshot")["data"]
        return {(each["instanceId"], each["hash"]): each for each in data["items"]}

    def item(self, instance_id: str, hash: str) -> dict[str, Any]:
        """Give one item; {} if it is not there."""
        return self.items().get((instance_id, hash), {})

    def state(self, instance_id: str) -> str:
        """Give the state of an instance."""
        listed = self.get("/api/v1/clients/instances")["data"]
        return next(each["state"] for each in listed if each["id"] == instance_id)


@contextmanager
def amutorrent(data_dir: Path, clients: Sequence[dict[str, object]], **options: Any) -> Iterator[AmutorrentDaemon]:
    """Run one until the context ends, which must be a clean end."""
    running = AmutorrentDaemon(data_dir, clients, **options)
    running.start()
    try:
        yield running
    finally:
        running.http.close()
        code = running.stop()
    assert code == 0, running.tail()
    assert running.told() == []
