"""The operations on shared directories: aMule's own, as the list lies in a file beside it. Source: http-api 9."""

import os
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from amutorrent import (
    ADMIN,
    AmutorrentError,
    Call,
    Forbidden,
    Instance,
    InvalidRequest,
    RefreshShared,
    SharedDirs,
    camel,
    operation,
)

from .settings import AMuleSettings
from .shareddir import SharedDirFile, Written, checked_roots, reachable

DOCKER = "/.dockerenv"


class SharedFolders(SharedDirs):
    """Says that this client has shared folders that can be edited."""

    def __init__(self, daemon: object) -> None:
        """Need nothing of the daemon: the file is reached without it."""


class InstanceRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """Which instance; None: the first connected one that has shared directories."""

    instance_id: str | None = None


class DirectoriesRequest(InstanceRequest, frozen=True, kw_only=True, rename=camel):
    """The folders to share, each with all below it."""

    directories: Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1, max_length=10_000)]


class PathRequest(InstanceRequest, frozen=True, kw_only=True, rename=camel):
    """The path of `shareddir.dat` as this program sees it; "" for none."""

    shared_dir_dat_path: str


class SharedDirsView(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """The shared folders; without a path that is all that is said."""

    configured: bool
    path: str | None
    is_docker: bool
    instance_id: str
    exists: bool | None = None
    can_write: bool | None = None
    roots: list[str] | None = None
    inaccessible_roots: list[str] | None = None


class SharedDirsSaved(Struct, frozen=True, kw_only=True, rename=camel):
    """What was written: the number of roots, that of all folders, and what could not be read."""

    success: bool
    roots: int
    total_dirs: int
    warnings: list[str]
    instance_id: str


class SharedDirsReloaded(SharedDirsSaved, frozen=True, kw_only=True, rename=camel):
    """What was written, and how many folders came and went."""

    added: int
    removed: int
    message: str


class SharedDirsConfigured(Struct, frozen=True, kw_only=True, rename=camel):
    """The path that is used from now on."""

    success: bool
    path: str | None
    exists: bool
    instance_id: str


@operation("getSharedDirs", http="GET /api/amule/shared-dirs", needs=ADMIN, socket=False)
async def get_shared_dirs(request: InstanceRequest, call: Call) -> SharedDirsView:
    """Read which folders are shared: those of the settings, and those that only the file has."""
    instance, settings = _find(request, call)
    return await call.host.run_sync(_view, settings.shared_dir_dat_path, settings.shared_dir_roots, instance.id)


@operation("saveSharedDirs", http="PUT /api/amule/shared-dirs", needs=ADMIN, socket=False)
async def save_shared_dirs(request: DirectoriesRequest, call: Call) -> SharedDirsSaved:
    """Share these folders, and those that were shared so far no longer; the client is told to read the list."""
    instance, settings = _find(request, call)
    roots, file = checked_roots(request.directories), _file(settings)
    if not await call.host.run_sync(file.can_write):
        raise Forbidden(f"{file.path} cannot be written", code="path_not_writable")
    shown = await call.host.run_sync(file.roots, settings.shared_dir_roots)
    await call.host.settings.save_client(instance.id, {"sharedDirRoots": list(roots)})
    written = await call.host.run_sync(file.share, roots, shown)
    return SharedDirsSaved(
        success=True,
        roots=len(roots),
        total_dirs=written.total,
        warnings=[*written.warnings, *await _tell(instance)],
        instance_id=instance.id,
    )


@operation("reloadSharedDirs", http="POST /api/amule/shared-dirs/reload", needs=ADMIN, socket=False)
async def reload_shared_dirs(request: InstanceRequest, call: Call) -> SharedDirsReloaded:
    """Look again for folders below the shared ones, and let the client scan them."""
    instance, settings = _find(request, call)
    roots, written = settings.shared_dir_roots, Written(0, 0, 0, ())
    if settings.shared_dir_dat_path and roots:
        written = await call.host.run_sync(_file(settings).share, roots, ())
    else:
        roots = ()
    await instance.call(RefreshShared, lambda client: client.refresh_shared())
    instance.poke()
    return SharedDirsReloaded(
        success=True,
        roots=len(roots),
        total_dirs=written.total,
        added=written.added,
        removed=written.removed,
        message="Shared files reloaded",
        warnings=list(written.warnings),
        instance_id=instance.id,
    )


@operation("configureSharedDirs", http="PUT /api/amule/shared-dirs/config", needs=ADMIN, socket=False)
async def configure_shared_dirs(request: PathRequest, call: Call) -> SharedDirsConfigured:
    """Say where `shareddir.dat` lies; "" ends it, and forgets the folders of the settings. The file stays as it is."""
    instance, _ = _find(request, call)
    path = request.shared_dir_dat_path.strip()
    plain = os.path.isabs(path) and ".." not in path.split("/") and "\0" not in path
    if path and not (plain and await call.host.run_sync(SharedDirFile(path).exists)):
        raise InvalidRequest(f"{path!r} is no file, as this machine sees it", field="sharedDirDatPath")
    changes: dict[str, object] = {"sharedDirDatPath": path}
    if not path:
        changes["sharedDirRoots"] = []
    await call.host.settings.save_client(instance.id, changes)
    return SharedDirsConfigured(success=True, path=path or None, exists=bool(path), instance_id=instance.id)


def _find(request: InstanceRequest, call: Call) -> tuple[Instance, AMuleSettings]:
    instance = call.instances.choose(request.instance_id, SharedFolders)
    settings = call.host.settings.client(instance.id)
    assert isinstance(settings, AMuleSettings)
    return instance, settings


def _file(settings: AMuleSettings) -> SharedDirFile:
    if not settings.shared_dir_dat_path:
        raise InvalidRequest("First say where shareddir.dat lies", field="sharedDirDatPath")
    return SharedDirFile(settings.shared_dir_dat_path)


def _view(path: str, configured: Sequence[str], instance_id: str) -> SharedDirsView:
    docker = os.path.exists(DOCKER)
    if not path:
        return SharedDirsView(configured=False, path=None, is_docker=docker, instance_id=instance_id)
    file = SharedDirFile(path)
    roots = file.roots(configured)
    return SharedDirsView(
        configured=True,
        path=path,
        exists=file.exists(),
        can_write=file.can_write(),
        roots=roots,
        inaccessible_roots=[root for root in roots if not reachable(root)],
        is_docker=docker,
        instance_id=instance_id,
    )


async def _tell(instance: Instance) -> list[str]:
    """Let the client read the list; that the file was written stays true if it cannot be told now."""
    try:
        await instance.call(RefreshShared, lambda client: client.refresh_shared())
    except AmutorrentError as error:
        return [f"aMule was not told yet: {error.message}"]
    instance.poke()
    return []
