"""A proxy before a real rtorrent that lacks some methods, as another version of it would."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from xmlrpc.client import Fault, dumps, loads

from lxml import etree

from .rtorrent import RTorrentDaemon


class Lacking:
    """`lacks` may change while it runs: a method in it is not defined. What the daemon lists stays as it is."""

    def __init__(self, behind: RTorrentDaemon, port: int) -> None:
        self.lacks: set[str] = set()
        self.host, self.port = "127.0.0.1", port
        self._behind = behind

    @property
    def settings(self) -> dict[str, object]:
        """What the configuration of our daemon says of it."""
        return {"type": "rtorrent", "mode": "scgi", "host": self.host, "port": self.port}

    def answer(self, request: bytes, body: bytes) -> bytes:
        """Answer one request, whose bytes are given whole and as the body alone."""
        try:
            params, method = loads(body)
        except Exception:  # not XML: the daemon says so itself
            return self._forward(request)
        if method in self.lacks:
            return framed(dumps(not_defined(method)).encode())
        answer = self._forward(request)
        if method != "system.multicall":
            return answer
        return framed(self._without(params[0], answer.partition(b"\r\n\r\n")[2]))

    def _without(self, calls: list[dict[str, object]], body: bytes) -> bytes:
        root = etree.fromstring(body, etree.XMLParser(huge_tree=True, recover=True))
        entries = root.find("params/param/value/array/data")
        for number, each in enumerate(calls):
            named = {each["methodName"], *(str(one).partition("=")[0] for one in each["params"] if "=" in str(one))}
            if lacking := named & self.lacks:
                fault = etree.fromstring(dumps(not_defined(min(lacking))).encode()).find("fault/value")
                entries.replace(entries[number], fault)
        return etree.tostring(root)

    def _forward(self, request: bytes) -> bytes:
        with socket.create_connection((self._behind.host, self._behind.port), 10) as stream:
            stream.sendall(request)
            with stream.makefile("rb") as answer:
                return answer.read()


def not_defined(method: str) -> Fault:
    """Say it as the daemon does."""
    return Fault(-506, f"Method '{method}' not defined")


def framed(body: bytes) -> bytes:
    """Put the head of an answer before it."""
    return b"Status: 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


@contextmanager
def lacking(behind: RTorrentDaemon) -> Iterator[Lacking]:
    """Run one until the context ends."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            size = b""
            while (byte := self.rfile.read(1)) not in (b":", b""):
                size += byte
            if not size:
                return
            head = self.rfile.read(int(size) + 1)
            body = self.rfile.read(int(head.split(b"\0")[1]))
            try:
                self.wfile.write(found.answer(b"%s:%s%s" % (size, head, body), body))
            except OSError:
                return  # the daemon is gone, or the one who asked

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        found = Lacking(behind, server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
