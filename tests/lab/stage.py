"""The stage of the API document: the clients that its examples name, as real daemons, and our own over them."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from amutorrent.model.permissions import PERMISSIONS
from amutorrent.testing import Ed2kFile, Torrent, make_ed2k_file, make_torrent

from . import amule, api_document, ed2k, qbittorrent, rtorrent
from .amule import AMuleDaemon
from .amutorrent import AmutorrentDaemon, amutorrent
from .ed2k import Ed2kServer
from .qbittorrent import QBittorrentDaemon
from .rtorrent import RTorrentDaemon
from .waiting import wait_until

AMULE, RTORRENT, QBITTORRENT = "amule-host-4712", "rtorrent-host-8000", "qbittorrent-host-8080"
ANY_USER, ADMIN = "", "admin"
ALL_DOWNLOADS = ("view_all_downloads", "edit_all_downloads")
OTHERS_LOGINS = 4


class Stage:
    """The daemons, and one user for each permission. `asked` are the routes that were answered with a success."""

    def __init__(
        self,
        root: Path,
        ours: AmutorrentDaemon,
        server: Ed2kServer,
        mule: AMuleDaemon,
        rt: RTorrentDaemon,
        qb: QBittorrentDaemon,
    ) -> None:
        self.ours, self.server, self.mule, self.rtorrent, self.qbittorrent = ours, server, mule, rt, qb
        self.downloads = root / "downloads"
        self.shareddir = root / "shareddir.dat"
        self.seeded, self.doomed = (make_torrent(f"{name}.bin", 60_000) for name in ("seeded", "doomed"))
        self.shared = make_ed2k_file("shared.mkv", 50_000)
        self.found = [make_ed2k_file(f"ubuntu {number}.iso", 90_000) for number in range(2)]
        self.last = make_ed2k_file("ubuntu last.iso", 91_000)
        self.added = make_torrent("added.bin", 70_000)
        self.linked = make_torrent("linked.bin", 80_000)
        self.wanted, self.other = make_ed2k_file("wanted.avi", 95_000), make_ed2k_file("other.avi", 96_000)
        self.asked: set[tuple[str, str]] = set()
        self.keys: dict[str, str] = {}

    # -- before it begins

    def prepare(self) -> None:
        """Make folders, accounts and files, and connect the ED2K client to its server."""
        for name in ("movies", "movies-updated", "tv"):
            (self.downloads / name).mkdir(parents=True)
        self.shareddir.touch()
        self._make_accounts()
        wait_until(lambda: {self.ours.state(id) for id in (AMULE, RTORRENT, QBITTORRENT)} == {"online"}, 30)
        for each in (self.seeded, self.doomed):
            self.rtorrent.seed(each)
        self.shared.write(self.mule.incoming)
        for file in (*self.found, self.last):
            self.server.list(file.hash, file.name, file.size, "nobody")
        self.ours.post("/api/v1/amule/refresh-shared", instanceId=AMULE)
        self._join()
        wait_until(lambda: all(self.item(each).get("complete") for each in (self.seeded, self.doomed, self.shared)), 30)

    def _make_accounts(self) -> None:
        words = api_document.login()
        command = [sys.executable, "-m", "amutorrent", "users", "add", words["username"], "--admin", "--password-stdin"]
        given = ["--json", "--data-dir", str(self.ours.data_dir)]
        made = subprocess.run([*command, *given], check=True, capture_output=True, input=words["password"].encode())
        self.keys[ADMIN] = json.loads(made.stdout)["user"]["apiKey"]
        self.ours.secrets.add(words["password"], self.keys[ADMIN])
        self.ours.http.headers["X-API-Key"] = self.keys[ADMIN]
        for permission in ("", *PERMISSIONS):
            held = sorted({permission, *(ALL_DOWNLOADS if permission else ())} - {""})
            user = self.ours.post("/api/users", username=f"p.{permission}", capabilities=held)["user"]
            self.keys[permission] = self.ours.post(f"/api/users/{user['id']}/api-key")["apiKey"]

    def _join(self) -> None:
        where = {"ip": "localhost", "port": self.server.port, "name": "TestServer", "instanceId": AMULE}
        self.ours.post("/api/v1/amule/servers", **where)
        for _ in range(OTHERS_LOGINS):
            self.connect()
            try:
                wait_until(self.joined, 6)
            except AssertionError:  # it may lose a login
                self.ours.post("/api/v1/amule/servers/action", action="disconnect", instanceId=AMULE)
            else:
                return
        raise AssertionError("no login to the server")

    def connect(self) -> None:
        """Let the ED2K client connect to the server."""
        self.ours.post("/api/v1/amule/servers/action", action="connect", instanceId=AMULE, **self.server_place())

    def joined(self) -> bool:
        """Whether the ED2K client is connected to the server."""
        listed = self.ours.get("/api/v1/amule/servers", instanceId=AMULE)["data"]
        return any(each["connected"] for each in listed)

    # -- what is there

    def server_place(self) -> dict[str, Any]:
        """Give the address of the server, as the client lists it."""
        (listed,) = self.ours.get("/api/v1/amule/servers", instanceId=AMULE)["data"]
        return {"ip": listed["ip"], "port": listed["port"]}

    def item(self, sample: Torrent | Ed2kFile) -> dict[str, Any]:
        """Give an item as our daemon shows it; {} if it is not there."""
        return self.ours.item(AMULE if isinstance(sample, Ed2kFile) else RTORRENT, sample.hash)

    # -- asking

    def real(self, value: Any, *samples: Torrent | Ed2kFile) -> Any:
        """Put what is real into an example: hashes, links, data and places."""
        hashes = [each.hash for each in samples]
        if isinstance(value, dict):
            return {key: self._field(key, each, samples, hashes) for key, each in value.items()}
        if isinstance(value, list):
            return [self.real(each, *samples) for each in value]
        if isinstance(value, str) and value.startswith("/downloads"):
            return str(self.downloads) + value.removeprefix("/downloads")
        if isinstance(value, str) and value.endswith("shareddir.dat"):
            return str(self.shareddir)
        return value

    def _field(self, key: str, value: Any, samples: tuple[Torrent | Ed2kFile, ...], hashes: list[str]) -> Any:
        if key == "fileHashes":
            return hashes
        if key == "fileHash":
            return hashes[0]
        if key in ("links", "link"):
            links = [each.uri if isinstance(each, Ed2kFile) else each.magnet for each in samples]
            return links if key == "links" else links[0]
        if key == "data" and value == "base64-encoded-torrent-data":
            (torrent,) = samples
            assert isinstance(torrent, Torrent)
            return b64encode(torrent.file).decode()
        if key == "serverAddress":
            return "{ip}:{port}".format(**self.server_place())
        if key in ("ip", "port"):
            return self.server_place()[key]
        return self.real(value, *samples)

    def ask(self, method: str, path: str, body: Any = None, *, who: str = ADMIN, **query: str) -> httpx.Response:
        """Ask as somebody; the answer has to be as the served description says."""
        with httpx.Client(base_url=self.ours.url, timeout=150, trust_env=False) as http:
            answer = http.request(method, path, json=body, params=query, headers={"X-API-Key": self.keys[who]})
        self.ours.secrets.add(self.keys[who])
        self._check(method, path, answer)
        return answer

    def _check(self, method: str, path: str, answer: httpx.Response) -> None:
        document = self.ours.get("/api/openapi.json")
        template = self._template(document["paths"], path)
        described = document["paths"][template][method.lower()]["responses"]
        assert str(answer.status_code) in described, (method, path, answer.status_code, answer.text)
        content = described[str(answer.status_code)].get("content", {}).get("application/json")
        if content is not None:
            schema = {"components": document["components"], **content["schema"]}
            problems = [
                f"{each.json_path}: {each.message}" for each in Draft202012Validator(schema).iter_errors(answer.json())
            ]
            assert problems == [], (method, path)
        if answer.is_success:
            self.asked.add((method, template))

    @staticmethod
    def _template(paths: Mapping[str, Any], path: str) -> str:
        if path in paths:
            return path
        parts = path.split("/")
        for each in paths:
            own = each.split("/")
            if len(own) == len(parts) and all(a == b or a.startswith("{") for a, b in zip(own, parts, strict=True)):
                return each
        raise AssertionError(f"{path} is not described")


@contextmanager
def stage(root: Path) -> Iterator[Stage]:
    """Run all of it until the context ends."""
    with (
        ed2k.server(amule.free_port_with_udp(4), high="peer-b") as server,
        amule.daemon(root / "amule", nick="peer-b") as mule,
        rtorrent.daemon(root / "rtorrent") as rt,
        qbittorrent.daemon(root / "qbittorrent") as qb,
    ):
        clients = [
            {**mule.settings, "id": AMULE},
            {**rt.settings, "id": RTORRENT},
            {**qb.settings, "id": QBITTORRENT},
        ]
        with amutorrent(root / "ours", clients, auth={"enabled": True}) as ours:
            found = Stage(root, ours, server, mule, rt, qb)
            found.prepare()
            yield found
        assert mule.alive, mule.tail()
