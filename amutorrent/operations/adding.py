"""Add magnets and torrent files. Source: http-api 7."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from ..capabilities import AddMagnet, AddOptions, AddTorrentFile, CustomSavePath, Outcome
from ..errors import AmutorrentError, ClientFailed
from ..instances import Instance
from ..links import Magnet
from ..metafile import Metafile
from ..model import camel
from .batch import UNANSWERED, checked
from .call import Call
from .declare import operation
from .owning import owned
from .requests import category_for, checked_path, require


class AddRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """How to add: `savePath` needs the capability `customSavePath`; `paused` adds without starting."""

    instance_id: str | None = None
    category_name: str | None = None
    save_path: str | None = None
    paused: bool = False

    async def options(self, call: Call, instance: Instance) -> AddOptions:
        """Check these fields against the instance.

        Raises `InvalidRequest`, `NotFound`, `Unsupported`, `StorageUnavailable`.
        """
        if self.save_path is not None:
            require(instance, CustomSavePath)
            checked_path(self.save_path, "savePath")
        return await add_options(call, instance, self.category_name, save_path=self.save_path, paused=self.paused)


async def add_options(
    call: Call, instance: Instance, category_name: str | None, *, save_path: str | None = None, paused: bool = False
) -> AddOptions:
    """Say how to add: into the category named, and without a path of its own into the category's.

    Raises `NotFound` (`category_not_found`), `InvalidRequest`, `StorageUnavailable`.
    """
    category = await category_for(call, category_name)
    if save_path is None and category and category.path and instance.has(CustomSavePath):
        save_path = category.path
    return AddOptions(category=category.name if category else None, save_path=save_path, paused=paused)


class MagnetsRequest(AddRequest, frozen=True, kw_only=True, rename=camel):
    """1-1000 magnet links."""

    links: Annotated[list[str], Meta(min_length=1, max_length=1000)]


class LinkResult(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """What became of one link; `error` and `code` where it failed."""

    link: str
    success: bool
    hash: str | None = None
    error: str | None = None
    code: str | None = None


class MagnetAdded(Struct, frozen=True, kw_only=True, rename=camel, tag="magnet-added"):
    """What became of each link. `clientId` is the type of the instance that was used."""

    results: list[LinkResult]
    client_id: str
    instance_id: str


@operation("addMagnetLinks", http="POST /api/v1/downloads/magnets", needs="add_downloads")
async def add_magnets(request: MagnetsRequest, call: Call) -> MagnetAdded:
    """Add magnet links to a BitTorrent client. A bad or refused link is a failed result."""
    instance = call.instances.choose(request.instance_id, AddMagnet)
    options = await request.options(call, instance)
    parsed = [_parse(link) for link in request.links]
    magnets = {magnet.hash: magnet for magnet in parsed if isinstance(magnet, Magnet)}
    outcome = await _added(call, instance, magnets, options) if magnets else {}
    return MagnetAdded(
        results=[_result(link, magnet, outcome) for link, magnet in zip(request.links, parsed, strict=True)],
        client_id=instance.config.type,
        instance_id=instance.id,
    )


async def _added(call: Call, instance: Instance, magnets: Mapping[str, Magnet], options: AddOptions) -> Outcome:
    try:
        async with owned(call, instance, magnets) as claim:
            claim.outcome = checked(
                instance,
                await instance.call(AddMagnet, lambda client: client.add_magnets(list(magnets.values()), options)),
            )
        return claim.outcome
    except ClientFailed as error:  # the client refused them all
        return dict.fromkeys(magnets, error)
    finally:
        instance.poke()


def _parse(link: str) -> Magnet | AmutorrentError:
    try:
        return Magnet.parse(link)
    except AmutorrentError as error:
        return error


def _result(link: str, magnet: Magnet | AmutorrentError, outcome: Outcome) -> LinkResult:
    if isinstance(magnet, AmutorrentError):
        return link_result(link, magnet)
    return link_result(link, outcome.get(magnet.hash, UNANSWERED), magnet.hash)


def link_result(link: str, error: AmutorrentError | None, hash: str | None = None) -> LinkResult:
    """Say what became of a link."""
    if error is not None:
        return LinkResult(link=link, success=False, hash=hash, error=error.message, code=error.code)
    return LinkResult(link=link, success=True, hash=hash)


class TorrentRequest(AddRequest, frozen=True, kw_only=True, rename=camel):
    """A torrent file: `data` in base64, or as the part `torrent` of multipart/form-data."""

    data: bytes
    file_name: str = "upload.torrent"


class TorrentAdded(Struct, frozen=True, kw_only=True, rename=camel, tag="torrent-added"):
    """A torrent that was added."""

    success: bool
    file_name: str
    client_id: str
    instance_id: str
    hash: str
    name: str
    size: int


@operation("addTorrentFile", http="POST /api/v1/downloads/torrent", needs="add_downloads", upload=("torrent", "data"))
async def add_torrent(request: TorrentRequest, call: Call) -> TorrentAdded:
    """Add a torrent file to a BitTorrent client."""
    file = Metafile.parse(request.data)
    instance = call.instances.choose(request.instance_id, AddTorrentFile)
    options = await request.options(call, instance)
    async with owned(call, instance, [file.hash]) as claim:
        await instance.call(AddTorrentFile, lambda client: client.add_torrent_file(file, options))
        claim.outcome = {file.hash: None}
    instance.poke()
    return TorrentAdded(
        success=True,
        file_name=request.file_name,
        client_id=instance.config.type,
        instance_id=instance.id,
        hash=file.hash,
        name=file.name,
        size=file.size,
    )
