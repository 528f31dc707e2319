"""Real reverse proxies in front of our daemon, configured by the samples of contrib/reverse-proxy."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amutorrent.testing import require

from .ports import free_port
from .process import Process

SAMPLES = Path(__file__).parents[2] / "contrib" / "reverse-proxy"
PATHS = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
NGINX = """\
daemon off;
master_process off;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    include {root}/site.conf;
}}
"""
CADDY = "{\n\tadmin off\n\tauto_https off\n}\n\n"


class ReverseProxy(Process):
    """One proxy; everything of ours stands below `url`."""

    def __init__(self, command: list[str], root: Path, port: int, **environment: str) -> None:
        self.port, self.url = port, f"http://127.0.0.1:{port}/amutorrent"
        super().__init__(command, root / "output.log", self._answers, **environment)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 2).close()
        except OSError:
            return False
        return True


def nginx(root: Path, behind: int) -> ReverseProxy:
    """Prepare an nginx in front of a port."""
    port = free_port()
    site = _site("nginx.conf", {"listen 80;": f"listen 127.0.0.1:{port};", "127.0.0.1:4000": f"127.0.0.1:{behind}"})
    (root / "site.conf").write_text(site)
    (root / "nginx.conf").write_text(NGINX.format(root=root))
    command = [require("nginx", PATHS), "-p", str(root), "-e", str(root / "error.log"), "-c", str(root / "nginx.conf")]
    return ReverseProxy(command, root, port)


def caddy(root: Path, behind: int) -> ReverseProxy:
    """Prepare a Caddy in front of a port."""
    port = free_port()
    address = f"http://127.0.0.1:{port} {{"
    site = _site("Caddyfile", {"\ndownloads.example.org {": f"\n{address}", "127.0.0.1:4000": f"127.0.0.1:{behind}"})
    (root / "Caddyfile").write_text(CADDY + site)
    command = [require("caddy", PATHS), "run", "--adapter", "caddyfile", "--config", str(root / "Caddyfile")]
    return ReverseProxy(command, root, port, HOME=str(root), XDG_DATA_HOME=str(root), XDG_CONFIG_HOME=str(root))


def _site(sample: str, words: dict[str, str]) -> str:
    """Give a sample with addresses of the test in the place of its own, each of which stands there once."""
    text = (SAMPLES / sample).read_text()
    for old, new in words.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


KINDS = {"nginx": nginx, "caddy": caddy}


@contextmanager
def reverse_proxy(kind: str, root: Path, behind: int) -> Iterator[ReverseProxy]:
    """Run one until the context ends."""
    root.mkdir(parents=True)
    running = KINDS[kind](root, behind)
    running.start()
    try:
        yield running
    finally:
        running.stop()
