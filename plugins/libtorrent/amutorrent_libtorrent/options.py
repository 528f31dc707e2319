"""One torrent of the engine inside: its own limits, the order of its pieces, and when it has been shared enough."""

from abc import abstractmethod
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from amutorrent import Call, Capability, InvalidRequest, camel, operation

from .downloads import raise_for
from .engine import Engine
from .loading import FLAGS
from .records import Facts
from .torrents import Torrent

Limit = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class TorrentOptionsRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One torrent, and what to set of it. Limits are bytes/s, 0 = none.

    `shareRatio` and `seedMinutes`: 0 = never shared enough by this, null = as the settings of the client say.
    """

    file_hash: Annotated[str, Meta(pattern="^[0-9A-Fa-f]{40}$")]
    instance_id: str | None = None
    sequential: bool | UnsetType = UNSET
    download_limit: Limit | UnsetType = UNSET
    upload_limit: Limit | UnsetType = UNSET
    share_ratio: Annotated[float, Meta(ge=0, le=1_000_000)] | UnsetType | None = UNSET
    seed_minutes: Annotated[int, Meta(ge=0, le=10_000_000)] | UnsetType | None = UNSET


class TorrentOptionsSet(Struct, frozen=True, kw_only=True, rename=camel, tag="torrent-options-set"):
    """They are set."""

    file_hash: str
    instance_id: str


class TorrentOptions(Capability):
    """Set what counts for one torrent alone."""

    @abstractmethod
    async def set_torrent_options(self, hash: str, options: TorrentOptionsRequest) -> None:
        """Set what is not `UNSET`. Raises `NotFound`."""


class Options(TorrentOptions):
    """Sets it in libtorrent, or notes it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def set_torrent_options(self, hash: str, options: TorrentOptionsRequest) -> None:
        """Set limits and order in libtorrent, which keeps them with what it has; the rest is noted."""

        def act(torrent: Torrent) -> None:
            if options.sequential is not UNSET:
                change = torrent.handle.set_flags if options.sequential else torrent.handle.unset_flags
                change(FLAGS.sequential_download)
            if options.download_limit is not UNSET:
                torrent.handle.set_download_limit(options.download_limit)
            if options.upload_limit is not UNSET:
                torrent.handle.set_upload_limit(options.upload_limit)
            torrent.unsaved = True

        raise_for(hash, await self._engine.each([hash], act))
        raise_for(hash, await self._engine.change([hash], lambda facts: changed(facts, options)))
        self._engine.urgent.set()


def changed(facts: Facts, options: TorrentOptionsRequest) -> Facts:
    """Note the rules for sharing."""
    if options.share_ratio is not UNSET:
        facts = replace(facts, share_ratio=options.share_ratio)
    return facts if options.seed_minutes is UNSET else replace(facts, seed_minutes=options.seed_minutes)


@operation("setTorrentOptions", http="POST /api/v1/libtorrent/options", needs="edit_downloads")
async def set_torrent_options(request: TorrentOptionsRequest, call: Call) -> TorrentOptionsSet:
    """Set limits, the order of pieces, and the rules for sharing of one torrent of the engine inside."""
    asked = (
        request.sequential,
        request.download_limit,
        request.upload_limit,
        request.share_ratio,
        request.seed_minutes,
    )
    if all(each is UNSET for each in asked):
        raise InvalidRequest(
            "Name at least one of sequential, downloadLimit, uploadLimit, shareRatio, seedMinutes", field="sequential"
        )
    instance, entry = call.changing(request.file_hash, request.instance_id)
    hash = entry.item.hash
    await instance.call(TorrentOptions, lambda client: client.set_torrent_options(hash, request))
    instance.poke()
    return TorrentOptionsSet(file_hash=hash, instance_id=instance.id)
