"""Links that downloads are added by: magnets and ED2K links. Source: http-api 7, BEP 9."""

import base64
import re
from typing import NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from .errors import InvalidRequest

MAX_LENGTH = 64 * 1024


class Magnet(Struct, frozen=True, kw_only=True):
    """A BitTorrent magnet. `hash` is 40 hex digits, normalised; `uri` is the link as it was given."""

    uri: str
    hash: str
    name: str | None = None

    @classmethod
    def parse(cls, uri: str) -> "Magnet":
        """Read a magnet with `xt=urn:btih:` or `urn:btmh:`. Raises `InvalidRequest` (field `links`) otherwise."""
        fields = _magnet_fields(uri)
        for topic in fields.get("xt", ()):
            if (found := _torrent_hash(topic)) is not None:
                return cls(uri=uri.strip(), hash=found, name=next(iter(fields.get("dn", ())), None))
        _refuse(uri, "a magnet link with xt=urn:btih: (40 hex or 32 base32 digits) or urn:btmh:")


class Ed2kLink(Struct, frozen=True, kw_only=True):
    """An ED2K file link. `hash` is 32 hex digits; `uri` always has the `ed2k://|file|` form."""

    uri: str
    hash: str
    name: str
    size: int

    @classmethod
    def parse(cls, uri: str) -> "Ed2kLink":
        """Read `ed2k://|file|name|size|hash|/` or a magnet with an ED2K hash. Raises `InvalidRequest` otherwise."""
        text = uri.strip()
        if text.lower().startswith("magnet:"):
            return cls._of_magnet(text)
        match = _ED2K_FILE.match(unquote(text) if text.lower().startswith("ed2k://%7c") else text)
        if match is None or not 0 < int(match["size"]) < 2**63:
            _refuse(uri, "ed2k://|file|name|size|hash|/")
        return cls(
            uri=match[0], hash=match["hash"].lower(), name=_clean(unquote(match["name"])), size=int(match["size"])
        )

    @classmethod
    def _of_magnet(cls, text: str) -> "Ed2kLink":
        fields = _magnet_fields(text)
        hashes = [m[1].lower() for topic in fields.get("xt", ()) if (m := _ED2K_TOPIC.fullmatch(topic))]
        name, size = next(iter(fields.get("dn", ())), ""), next(iter(fields.get("xl", ())), "")
        if not hashes or not name or not size.isdecimal() or not 0 < int(size) < 2**63:
            _refuse(text, "a magnet link with xt=urn:ed2k:, dn= and xl=")
        plain = name.replace("|", "_")
        return cls(uri=f"ed2k://|file|{plain}|{int(size)}|{hashes[0]}|/", hash=hashes[0], name=name, size=int(size))


class Ed2kServerLink(Struct, frozen=True, kw_only=True):
    """An ED2K link that names one server."""

    ip: str
    port: int

    @classmethod
    def parse(cls, uri: str) -> "Ed2kServerLink":
        """Read `ed2k://|server|ip|port|/`. Raises `InvalidRequest` (field `links`) otherwise."""
        match = _ED2K_SERVER.fullmatch(uri.strip())
        if match is None or not 1 <= int(match["port"]) <= 65535:
            _refuse(uri, "ed2k://|server|ip|port|/")
        return cls(ip=match["ip"], port=int(match["port"]))


class Ed2kServerListLink(Struct, frozen=True, kw_only=True):
    """An ED2K link that names a list of servers on the web."""

    url: str

    @classmethod
    def parse(cls, uri: str) -> "Ed2kServerListLink":
        """Read `ed2k://|serverlist|url|/`. Raises `InvalidRequest` (field `links`) otherwise."""
        match = _ED2K_SERVER_LIST.fullmatch(uri.strip())
        if match is None:
            _refuse(uri, "ed2k://|serverlist|url|/")
        return cls(url=match["url"])


_ED2K_SERVER = re.compile(r"ed2k://\|server\|(?P<ip>[^|\s]{1,253})\|(?P<port>[0-9]{1,5})\|/?", re.IGNORECASE)
_ED2K_SERVER_LIST = re.compile(r"ed2k://\|serverlist\|(?P<url>[^|\s]{1,2048})\|/?", re.IGNORECASE)
_ED2K_FILE = re.compile(
    r"ed2k://\|file\|(?P<name>[^|/\\\0]{1,1024})\|(?P<size>[0-9]{1,19})\|(?P<hash>[0-9a-f]{32})\|(?:[^\s|]{1,4096}\|)*/?(?:\|[^\s]*)?\Z",
    re.IGNORECASE,
)
_ED2K_TOPIC = re.compile(r"urn:ed2k(?:hash)?:([0-9a-f]{32})", re.IGNORECASE)
_V1 = re.compile(r"urn:btih:(?:([0-9a-f]{40})|([a-z2-7]{32}))", re.IGNORECASE)
_V2 = re.compile(r"urn:btmh:1220([0-9a-f]{64})", re.IGNORECASE)


def _torrent_hash(topic: str) -> str | None:
    if match := _V1.fullmatch(topic):
        return match[1].lower() if match[1] else base64.b32decode(match[2].upper()).hex()
    if match := _V2.fullmatch(topic):
        return match[1].lower()[:40]
    return None


def _magnet_fields(uri: str) -> dict[str, list[str]]:
    text = uri.strip()
    if len(text) > MAX_LENGTH or any(c in text for c in "\r\n\0") or not text.lower().startswith("magnet:?"):
        _refuse(uri, "a magnet link")
    try:
        pairs = parse_qsl(urlsplit(text).query, errors="replace", max_num_fields=1000)
    except ValueError:
        _refuse(uri, "a magnet link")
    fields: dict[str, list[str]] = {}
    for key, value in pairs:
        # "xt.1=" and the like number several topics of one link
        fields.setdefault(key.split(".")[0].lower(), []).append(value)
    return fields


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _refuse(uri: str, wanted: str) -> NoReturn:
    shown = uri if len(uri) <= 80 else uri[:77] + "..."
    raise InvalidRequest(f"{shown!r} is not {wanted}", field="links")
