"""Addresses that callers name: hosts, ports, URLs that a client is to fetch. Source: http-api 9."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from ..errors import InvalidRequest

Port = Annotated[int, Meta(ge=1, le=65535)]
MAX_URL = 2048

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")


def checked_host(host: str, field: str) -> str:
    """Let an IP address or a host name through. Raises `InvalidRequest` naming the field."""
    if not _is_address(host) and not _is_name(host):
        raise InvalidRequest("This must be an IP address or a host name", field=field)
    return host


def checked_url(url: str, field: str = "url") -> str:
    """Let an http or https URL through. Raises `InvalidRequest` naming the field."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or len(url) > MAX_URL or any(c.isspace() or not c.isprintable() for c in url):
        raise InvalidRequest("This must be an http or https URL", field=field)
    return url


def checked_address(address: str, field: str) -> tuple[str, int]:
    """Take `ip:port` apart. Raises `InvalidRequest` naming the field."""
    host, _, port = address.rpartition(":")
    if not (port.isascii() and port.isdecimal() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise InvalidRequest("This must be of the form ip:port", field=field)
    return checked_host(host, field), int(port)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_name(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    # four numbers that are no address are a mistyped address, not a name
    return len(host) <= 253 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
