"""The hashes and links that the programs use, as pure functions.

A program makes a download's id out of the magnet itself, and finds it again by that id alone: 40 hex digits. Hashes of
ED2K have 32, so eight zeros follow them, in links and in lists, always. Source: arr-contract 3.1, http-api 11 and 12.
"""

import re
from urllib.parse import parse_qsl, quote, urlsplit

from amutorrent import Ed2kLink, InvalidRequest, Magnet

ZEROS = "0" * 8
ED2K_DIGITS = 32
_UNFIT = re.compile(r"[/\\|\x00-\x1f\x7f]")


def shown_hash(hash: str) -> str:
    """Give the 40 digits under which the programs know an item."""
    return hash + ZEROS if len(hash) == ED2K_DIGITS else hash


def own_hash(shown: str) -> str:
    """Give the hash of ours for what a program calls an item, in any case, with 32 digits or 40."""
    hash = shown.strip().lower()
    return hash[:ED2K_DIGITS] if len(hash) == 40 and hash.endswith(ZEROS) else hash


def magnet_of(hash: str, name: str, size: int) -> str:
    """Give the magnet of an ED2K file."""
    return f"magnet:?xt=urn:btih:{shown_hash(hash)}&dn={quote(name, safe='')}&xl={size}"


def read_link(link: str, *, torrents: bool) -> Ed2kLink | Magnet:
    """Read a link; one with eight zeros is ED2K. Raises `InvalidRequest` for what is malformed.

    `torrents` says whether there is somebody to take a torrent's magnet; if not, it is refused as well.
    """
    if not link.strip().lower().startswith("magnet:"):
        return Ed2kLink.parse(link)
    hash = _torrent_hash(link)
    if hash is None:
        return _ed2k_of(link, None)
    if hash.endswith(ZEROS):
        return _ed2k_of(link, hash[:ED2K_DIGITS])
    if not torrents:
        raise InvalidRequest("This is the magnet of a torrent, and none of the clients takes torrents", field="urls")
    return Magnet.parse(link)


def _torrent_hash(link: str) -> str | None:
    try:
        return Magnet.parse(link).hash
    except InvalidRequest:
        return None


def _ed2k_of(link: str, hash: str | None) -> Ed2kLink:
    """Write an ED2K magnet anew: with the hash as ED2K spells it, and a name that can be a file's."""
    try:
        fields = parse_qsl(urlsplit(link.strip()).query, errors="replace", max_num_fields=1000)
    except ValueError as error:
        raise InvalidRequest("This is no magnet link", field="urls") from error
    found = {key.split(".")[0].lower(): value for key, value in reversed(fields)}
    topics = [value for key, value in fields if key.split(".")[0].lower() == "xt" and "ed2k" in value.lower()]
    topic = f"urn:ed2k:{hash}" if hash else next(iter(topics), "")
    name = _UNFIT.sub("_", found.get("dn", "")).strip()
    parsed = Ed2kLink.parse(f"magnet:?xt={topic}&dn={quote(name, safe='')}&xl={found.get('xl', '')}")
    # the name stands in the link percent-encoded where it has a percent sign itself: the client decodes it once more
    return Ed2kLink.parse(f"ed2k://|file|{name.replace('%', '%25')}|{parsed.size}|{parsed.hash}|/")
