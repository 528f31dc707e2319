"""Mixed requests: what a day of browsers, scripts and mistakes asks, each with the statuses that are right for it."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from amutorrent.testing import make_torrent

BATCH = 50
FILE = make_torrent("A file that this client has.bin").file


@dataclass(frozen=True)
class Request:
    """A request, and the statuses of which one is the right answer."""

    kind: str
    method: str
    path: str
    right: tuple[int, ...]
    headers: tuple[str, ...] = ()
    body: bytes = b""

    def wire(self, host: str) -> bytes:
        """Give its bytes."""
        lines = [f"{self.method} {self.path} HTTP/1.1", *self.headers]
        if not any(each.startswith("Host:") for each in self.headers):
            lines.append(f"Host: {host}")
        if self.method != "GET":
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass
class Mixture:
    """Chooses requests. `hashes` are items of `instance` that stay; `etag` is that of the last snapshot anybody got."""

    rng: random.Random
    hashes: list[str]
    instance: str
    etag: str = "none yet"
    kinds: list[Callable[[], Request]] = field(init=False)

    def __post_init__(self) -> None:
        often = [self._snapshot, self._packed_snapshot, self._same_snapshot, self._detail, self._files, self._batch]
        always = [self._instances, self._health, self._live, self._plugins, self._category, self._upload]
        self.kinds = [*often, *often, *always, self._wrong, self._wrong]

    def next(self) -> Request:
        """Give some request."""
        return self.rng.choice(self.kinds)()

    def _snapshot(self) -> Request:
        return Request("snapshot", "GET", "/api/v1/data/snapshot", (200,))

    def _packed_snapshot(self) -> Request:
        return Request("snapshot, gzip", "GET", "/api/v1/data/snapshot", (200,), ("Accept-Encoding: gzip, br",))

    def _same_snapshot(self) -> Request:
        headers = (f"If-None-Match: {self.etag}", "Accept-Encoding: gzip")
        return Request("snapshot, ETag", "GET", "/api/v1/data/snapshot", (200, 304), headers)

    def _detail(self) -> Request:
        return Request("detail", "GET", f"/api/item/detail/{self.rng.choice(self.hashes)}", (200,))

    def _files(self) -> Request:
        return Request("files", "GET", f"/api/item/files/{self.rng.choice(self.hashes)}", (200,))

    def _instances(self) -> Request:
        return Request("instances", "GET", "/api/v1/clients/instances", (200,))

    def _health(self) -> Request:
        return Request("health", "GET", "/health", (200,))

    def _live(self) -> Request:
        return Request("live", "GET", "/health/live", (200,))

    def _plugins(self) -> Request:
        return Request("plugins", "GET", "/api/v1/plugins", (200,))

    def _batch(self) -> Request:
        action = self.rng.choice(["pause", "resume"])
        return self._post("batch", f"/api/v1/downloads/{action}", (200,), {"items": self.items()})

    def _category(self) -> Request:
        body = {"items": self.items(), "categoryName": f"category {self.rng.randrange(20)}"}
        return self._post("category", "/api/v1/downloads/category", (200,), body)

    def _upload(self) -> Request:
        kind = "Content-Type: multipart/form-data; boundary=edge"
        head = b'--edge\r\nContent-Disposition: form-data; name="torrent"; filename="a.torrent"\r\n\r\n'
        return Request(
            "upload", "POST", "/api/v1/downloads/torrent", (409,), (kind,), head + FILE + b"\r\n--edge--\r\n"
        )

    def _wrong(self) -> Request:
        items = {"items": self.items()}
        return self.rng.choice(
            [
                Request("wrong", "GET", "/api/v1/nothing/here", (404,)),
                Request("wrong", "GET", f"/api/item/detail/{'f' * 40}", (404,)),
                Request("wrong", "GET", "/api/item/detail/nonsense", (400,)),
                Request("wrong", "DELETE", "/api/v1/data/snapshot", (405,)),
                Request("wrong", "GET", "/health", (421,), ("Host: rebound.example",)),
                self._post("wrong", "/api/v1/downloads/pause", (400,), {"items": []}),
                self._post("wrong", "/api/v1/downloads/pause", (400,), {"items": "all"}),
                self._post("wrong", "/api/v1/downloads/pause", (403,), items, "Sec-Fetch-Site: cross-site"),
                self._post("wrong", "/api/v1/downloads/recheck", (200,), items),  # a failed result for each
                self._post("wrong", "/api/v1/downloads/torrent", (400,), {"data": "bm8gdG9ycmVudA=="}),
                self._post("wrong", "/api/v1/search", (400,), {"query": " "}),
                self._post("wrong", "/api/v1/search", (404,), {"query": "a", "instanceId": "nobody"}),
                self._post("wrong", "/api/v1/search", (422,), {"query": "a", "instanceId": self.instance}),
            ]
        )

    def _post(self, kind: str, path: str, right: tuple[int, ...], body: object, *headers: str) -> Request:
        return Request(
            kind, "POST", path, right, ("Content-Type: application/json", *headers), json.dumps(body).encode()
        )

    def items(self, count: int = BATCH) -> list[dict[str, str]]:
        """Choose items for a batch."""
        return [{"fileHash": hash} for hash in self.rng.sample(self.hashes, count)]
