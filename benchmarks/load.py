"""Load: keep-alive HTTP connections and WebSockets over raw sockets, so that the generator costs little."""

import base64
import os
import selectors
import socket
import time
from dataclasses import dataclass, field


def requests_per_second(port: int, path: str, seconds: float, connections: int = 16) -> float:
    """Ask for one path over keep-alive connections, one request at a time on each."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        peer = socket.create_connection(("127.0.0.1", port))
        peer.sendall(request)
        selector.register(peer, selectors.EVENT_READ, _Answer())
    answered, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for key, _ in selector.select(1):
            if key.data.take(key.fileobj.recv(1 << 18)):  # type: ignore[union-attr]  # a socket, as registered
                answered += 1
                key.fileobj.sendall(request)  # type: ignore[union-attr]  # a socket, as registered
    elapsed = time.perf_counter() - start
    for key in list(selector.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]  # a socket, as registered
    return answered / elapsed


@dataclass
class _Answer:
    """One answer as it arrives; only its length matters."""

    head: bytes = b""
    missing: int = -1

    def take(self, data: bytes) -> bool:
        if not data:
            raise SystemExit("the server closed the connection")
        if self.missing < 0:
            self.head += data
            head, separator, body = self.head.partition(b"\r\n\r\n")
            if not separator:
                return False
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(head.decode("latin-1"))
            length = head.lower().partition(b"content-length: ")[2].split(b"\r")[0]
            self.missing, data = int(length), body
        self.missing -= len(data)
        if self.missing > 0:
            return False
        self.head, self.missing = b"", -1
        return True


@dataclass
class Sockets:
    """Many WebSockets that read and count."""

    port: int
    count: int
    peers: list[socket.socket] = field(default_factory=list)
    received: int = 0

    def open(self) -> None:
        """Open them, offering permessage-deflate as every browser does."""
        for _ in range(self.count):
            peer = socket.create_connection(("127.0.0.1", self.port))
            key = base64.b64encode(os.urandom(16)).decode()
            peer.sendall(
                f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n".encode()
            )
            self.peers.append(peer)

    def read(self, seconds: float) -> int:
        """Read from all for so long; gives the bytes received."""
        selector = selectors.DefaultSelector()
        for peer in self.peers:
            selector.register(peer, selectors.EVENT_READ)
        received, end = 0, time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            for key, _ in selector.select(left):
                received += len(key.fileobj.recv(1 << 18))  # type: ignore[union-attr]  # a socket, as registered
        selector.close()
        return received

    def close(self) -> None:
        """Hang up."""
        for peer in self.peers:
            peer.close()
