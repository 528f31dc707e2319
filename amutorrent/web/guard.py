"""What is looked at before anything is routed: `Host`, base path, and where a change comes from. Source: http-api 3."""

import ipaddress
import socket
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from ..errors import AmutorrentError, Forbidden, HostNotAllowed, NotFound

LOCAL_SUFFIXES = (".local", ".lan", ".internal", ".home.arpa")
SAFE_METHODS = frozenset({"GET", "HEAD"})

Scope = dict[str, Any]  # Any: ASGI's own untyped dict
RawHeaders = Mapping[bytes, bytes]


class Guard:
    """Decides whether a request may come in: a web page elsewhere must not make a browser send us changes.

    Without authentication everybody on this machine is an admin, so it must not rebind its name to us either:
    `check_host` looks at that.
    """

    def __init__(self, allowed_hosts: frozenset[str], base_path: str, *, check_host: bool = True) -> None:
        self._check_host = check_host
        self.base_path = base_path
        self._names = frozenset(map(_normal, allowed_hosts)) | {_normal(socket.gethostname())}
        self._foreign_origins = frozenset(map(_normal, allowed_hosts))
        self._host_allowed = lru_cache(256)(self._decide_host)

    def refusal(self, scope: Scope) -> AmutorrentError | None:
        """Say why a request or an upgrade is refused, whoever makes it; None lets it in.

        Puts the base path into the scope, unless a trusted proxy has put another one there.
        """
        headers: RawHeaders = dict(scope["headers"])
        if self._check_host and not self._host_allowed(headers.get(b"host", b"")):
            return HostNotAllowed("This host name is not one that the daemon answers for")
        if scope["type"] == "websocket" and self._foreign_socket(headers):
            return _elsewhere()
        if self.base_path and not scope.get("root_path") and not self._take_base_path(scope):
            return NotFound("Everything here stands behind the base path")
        return None

    def foreign_change(self, scope: Scope) -> AmutorrentError | None:
        """Say why a change is refused that a browser may have been made to send; None lets it in."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and _cross_origin(dict(scope["headers"])):
            return _elsewhere()
        return None

    def _decide_host(self, host: bytes) -> bool:
        name = _hostname(host.decode("latin-1"))
        if name is None:
            return False
        return "." not in name or _is_address(name) or name.endswith(LOCAL_SUFFIXES) or name in self._names

    def _foreign_socket(self, headers: RawHeaders) -> bool:
        origin = headers.get(b"origin")
        if origin is None or _origin_is_host(origin, headers):
            return False
        return _hostname(_netloc(origin)) not in self._foreign_origins

    def _take_base_path(self, scope: Scope) -> bool:
        path: str = scope["path"]
        if path == self.base_path:
            path = scope["path"] = path + "/"
        if not path.startswith(self.base_path + "/"):
            return False
        scope["root_path"] = self.base_path
        return True


def names_loopback(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether the `Host` header is a name that a machine has for itself: a loopback address, or `localhost`."""
    name = _hostname(dict(headers).get(b"host", b"").decode("latin-1")) or ""
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)


def _elsewhere() -> Forbidden:
    return Forbidden("The request comes from another site", code="cross_origin")


def _cross_origin(headers: RawHeaders) -> bool:
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    return origin is not None and not _origin_is_host(origin, headers)


def _origin_is_host(origin: bytes, headers: RawHeaders) -> bool:
    return _netloc(origin) == headers.get(b"host", b"").decode("latin-1").lower() != ""


def _netloc(origin: bytes) -> str:
    try:
        return urlsplit(origin.decode("latin-1").lower()).netloc
    except ValueError:
        return ""


def _hostname(netloc: str) -> str | None:
    """Give the name in a `Host` header without port and brackets, None if there is none."""
    try:
        parts = urlsplit(f"//{netloc}")
        if parts.netloc != netloc or parts.username is not None or (parts.port or 0) < 0:
            return None
    except ValueError:
        return None
    return _normal(parts.hostname or "") or None


def _normal(name: str) -> str:
    return name.strip().lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
