"""Where a request comes from; reverse proxies that are trusted may say it. Source: http-api 1 and 3."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Scope = dict[str, Any]  # Any: ASGI's own untyped dict
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORWARDED = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-prefix", b"x-forwarded-proto", b"x-real-ip"}
)
_PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


class Visitor(NamedTuple):
    """Where a request comes from: the address of the caller, not that of a trusted proxy.

    `loopback`: a program on this machine, and nobody behind a proxy; `trusted`: a trusted proxy handed it over;
    `secure`: it came over TLS.
    """

    address: str
    loopback: bool
    trusted: bool
    secure: bool


class Proxies:
    """Reads forwarded headers, and believes those of the given addresses only."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self._networks = tuple(networks)

    def read(self, scope: Scope) -> Visitor:
        """Say where a request comes from. What a trusted proxy says of scheme, host and path is put into the scope."""
        peer = (scope.get("client") or ("",))[0]
        headers = _forwarded(scope)
        trusted = self._trusts(peer)
        address = self._hop(peer, headers.get(b"x-forwarded-for", "")) if trusted else peer
        secure = trusted and _last(headers.get(b"x-forwarded-proto", "")).lower() in ("https", "wss")
        if trusted:
            _rewrite(scope, headers)
        if secure:
            scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"
        return Visitor(
            address=address,
            loopback=_is_loopback(address) and (trusted or not headers),
            trusted=trusted,
            secure=secure,
        )

    def _trusts(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in each for each in self._networks)

    def _hop(self, peer: str, header: str) -> str:
        """Give the right-most hop that is no trusted proxy; what is left of it may be made up."""
        for hop in reversed([each.strip() for each in header.split(",")]):
            if _address(hop) is None:
                break
            peer = str(_address(hop))
            if not self._trusts(hop):
                break
        return peer


def _forwarded(scope: Scope) -> Mapping[bytes, str]:
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in FORWARDED:
            text = value.decode("latin-1")
            found[name] = f"{found[name]},{text}" if name in found else text
    return found


def _rewrite(scope: Scope, headers: Mapping[bytes, str]) -> None:
    host = _last(headers.get(b"x-forwarded-host", ""))
    if host:
        others = [each for each in scope["headers"] if each[0] != b"host"]
        scope["headers"] = [*others, (b"host", host.encode("latin-1"))]
    prefix = _last(headers.get(b"x-forwarded-prefix", "")).rstrip("/")
    if _PREFIX.fullmatch(prefix):
        scope["root_path"] = prefix
        if not scope["path"].startswith(f"{prefix}/"):  # the proxy has taken it off
            scope["path"] = prefix + scope["path"]


def _last(header: str) -> str:
    """Give the value that the nearest proxy has set."""
    return header.rpartition(",")[2].strip()


def _address(text: str) -> Address | None:
    """Read an address, also one with a port; one of IPv4 in the clothes of IPv6 is one of IPv4."""
    bare = re.sub(r"^\[(.*)\](:\d+)?$|^([\d.]+):\d+$", r"\1\3", text)
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _is_loopback(text: str) -> bool:
    address = _address(text)
    return address is not None and address.is_loopback
