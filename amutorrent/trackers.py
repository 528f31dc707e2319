"""The name that trackers are grouped by. Source: data-model 1 (`tracker`)."""

import functools
import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@functools.cache
def load_suffixes() -> "PublicSuffixList":
    """Load the list of public suffixes: once, and best in a thread, for it takes 35 ms."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@functools.lru_cache(4096)
def tracker_domain(url: str) -> str | None:
    """Give the registrable domain of an announce URL, for `Item.tracker`; an IP address stays whole.

    None where there is no host, as in qBittorrent's `** [DHT] **`.
    """
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    if not host:
        return None
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return load_suffixes().privatesuffix(host) or host
