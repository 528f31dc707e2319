"""Finds clients on this machine: what listens where clients usually do, without a login. Source: http-api 13."""

import logging
from collections.abc import Iterable, Mapping

import trio
from msgspec import UNSET, Struct, UnsetType

from ..cancellation import cancelled_alone
from ..client import Client, ClientConfig, Place
from ..model import camel

DETECT_S = 2.5
"""For all places at once: the answer is to be there within 3 s."""
HERE = frozenset({"localhost", "127.0.0.1", "::1"})

log = logging.getLogger("amutorrent.settings")


class FoundClient(Struct, frozen=True, kw_only=True, rename=camel):
    """A client that listens on this machine, or one that runs inside the daemon and then has no `host` and no `port`.

    `version` null: it tells that only after a login. `settings`: further keys of an entry for it; `configured`: there
    is an entry for it already.
    """

    type: str
    label: str
    host: str | UnsetType = UNSET
    port: int | UnsetType = UNSET
    version: str | None
    configured: bool
    settings: dict[str, object] = {}


async def detect(kinds: Mapping[str, type[Client]], configs: Iterable[ClientConfig]) -> list[FoundClient]:
    """Look at all usual places of all client types at the same time, in the order of the types."""
    places = [(kind, place) for kind in kinds.values() for place in kind.usual_places]
    configs = list(configs)
    known = {(each.type, *_address(each)) for each in configs}
    types = {each.type for each in configs}
    found: dict[int, FoundClient] = {}

    async def look(number: int) -> None:
        kind, place = places[number]
        version = await _recognise(kind, place)
        if version is None:
            return
        inside = place.port == 0
        found[number] = FoundClient(
            type=kind.type,
            label=kind.label,
            host=UNSET if inside else place.host,
            port=UNSET if inside else place.port,
            version=version or None,
            configured=kind.type in types if inside else (kind.type, _here(place.host), place.port) in known,
            settings=place.settings,
        )

    with trio.move_on_after(DETECT_S):
        async with trio.open_nursery() as nursery:
            for number in range(len(places)):
                nursery.start_soon(look, number)
    return [found[number] for number in sorted(found)]


async def _recognise(kind: type[Client], place: Place) -> str | None:
    try:
        with cancelled_alone():
            version = await kind.recognise(place)
    except Exception as error:  # a plugin's failure stops here: then it has not recognised anything
        log.debug("%s did not recognise %s:%d: %s", kind.type, place.host, place.port, error)
        return None
    return version if isinstance(version, str) or version is None else None


def _address(config: ClientConfig) -> tuple[str, object]:
    values = {} if config.settings is None else config.settings.model_dump()
    return _here(str(values.get("host", ""))), values.get("port")


def _here(host: str) -> str:
    return "here" if host in HERE else host
