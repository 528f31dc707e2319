"""An HTTP tracker in a thread. It remembers the address that an announce came from. Source: BEP 3, BEP 23."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_to_bytes

from amutorrent.metafile import encode

from .waiting import wait_until

Peer = tuple[str, int]


class Tracker:
    """`swarms` maps info-hashes in hex to peers, each with whether it has everything."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.swarms: dict[str, dict[Peer, bool]] = {}
        self.url = f"http://127.0.0.1:{server.server_address[1]}/announce"

    def announce(self, peer: Peer, query: dict[str, bytes]) -> bytes:
        """Take an announce and answer it."""
        swarm = self.swarms.setdefault(query.get("info_hash", b"").hex(), {})
        if query.get("event") == b"stopped":
            swarm.pop(peer, None)
        else:
            swarm[peer] = query.get("left") == b"0"
        others = b"".join(socket.inet_aton(ip) + struct.pack(">H", port) for ip, port in swarm if (ip, port) != peer)
        seeders = sum(swarm.values())
        answer = {b"interval": 5, b"min interval": 2, b"complete": seeders, b"incomplete": len(swarm) - seeders}
        return encode({**answer, b"peers": others})

    def wait_seeded(self, hash: str, within_s: float = 30) -> None:
        """Wait until somebody who has everything has announced."""
        wait_until(lambda: any(self.swarms.get(hash, {}).values()), within_s, lambda: f"swarms: {self.swarms}")


@contextmanager
def tracker() -> Iterator[Tracker]:
    """Run a tracker on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query: dict[str, bytes] = {}
            for part in self.path.partition("?")[2].split("&"):
                name, _, value = part.partition("=")
                query.setdefault(name, unquote_to_bytes(value))
            body = found.announce((self.client_address[0], int(query.get("port", b"0"))), query)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = Tracker(server)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
