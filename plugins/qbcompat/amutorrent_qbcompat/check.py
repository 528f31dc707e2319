"""Why is it not imported? What the programs asked, what they were told, and what is wrong. Source: http-api 12."""

import os
import posixpath
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import trio
from msgspec import Meta, Struct

from amutorrent import ADMIN, Call, Host, camel, operation

from .desk import Desk, desk_of
from .links import own_hash
from .record import Record
from .ring import Program, Told
from .rows import Row, Rows
from .shown import Categories, Shown, View, instance_of
from .states import is_there

T = TypeVar("T")
Reason = Literal[
    "handing_over", "handover_failed", "client_away", "no_space", "incomplete", "never_asked", "no_path",
    "path_missing", "path_not_readable", "ok",
]  # fmt: skip
MESSAGES: dict[Reason, str] = {
    "handing_over": "It waits until its client answers",
    "handover_failed": "Its client refuses it",
    "client_away": "Its client is away, so what is told is what it said last",
    "no_space": "Less is free than is missing",
    "incomplete": "It is not complete yet",
    "never_asked": "No program has asked for its category since the start",
    "no_path": "Its client does not say where it lies",
    "path_missing": "Its file is not there, as seen from here: other paths may need a mapping",
    "path_not_readable": "Its file cannot be read from here",
    "ok": "Ready to import",
}
DISK_S = 2.0
CONTAINERS = ("/.dockerenv", "/run/.containerenv")


class ArrCheckRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """Which items: one by its hash, those of a category, or all that `/api/v2` shows."""

    hash: Annotated[str, Meta(pattern="^[0-9A-Fa-f]{32,64}$")] | None = None
    category: str | None = None


class AppRequest(Struct, frozen=True, kw_only=True):
    """One request of a program, without secrets."""

    at: datetime
    request: str
    status: int
    answer: str


class App(Struct, frozen=True, kw_only=True, rename=camel):
    """A program that came by since the start; `requests`: the last 50, newest first."""

    agent: str
    address: str
    categories: list[str]
    last_seen: datetime | None
    requests: list[AppRequest]


class ClientSays(Struct, frozen=True, kw_only=True):
    """What its client says of an item; `progress` 0 to 100."""

    status: str
    complete: bool
    progress: float
    path: str | None
    stale: bool


class Said(Struct, frozen=True, kw_only=True):
    """What the programs were told last; the names are qBittorrent's."""

    state: str
    progress: float
    save_path: str
    content_path: str
    at: datetime


class LocalPath(Struct, frozen=True, kw_only=True):
    """The file as this program sees it; one that it cannot see may be right for others all the same."""

    local: str
    exists: bool
    readable: bool


class Checked(Struct, frozen=True, kw_only=True, rename=camel):
    """One item, and the first thing that is in the way of its import."""

    hash: str
    instance_id: str | None
    name: str
    category: str
    handover: Literal["waiting", "done", "failed"]
    client: ClientSays | None
    told: Said | None
    asked_by: list[str]
    path: LocalPath | None
    reason: Reason
    message: str


class ArrCheck(Struct, frozen=True, kw_only=True, rename=camel, tag="arr-check"):
    """What the programs asked, and how it stands with each item."""

    is_docker: bool
    apps: list[App]
    data: list[Checked]


@operation("arrCheck", http="GET /api/v1/arr/check", needs=ADMIN, socket=False)
async def arr_check(request: ArrCheckRequest, call: Call) -> ArrCheck:
    """Say why an item is not imported by Sonarr, Radarr and the like."""
    return await _Check(call.host, desk_of(call.host)).check(request)


class _Check:
    def __init__(self, host: Host, desk: Desk) -> None:
        self._host, self._desk, self._shown = host, desk, Shown(host, desk)

    async def check(self, request: ArrCheckRequest) -> ArrCheck:
        categories = await self._shown.categories()
        rows = Rows(categories, self._shown.default_path(categories))
        wanted = own_hash(request.hash) if request.hash is not None else None
        views = [
            view
            for view in await self._shown.walk()
            if wanted in (None, view.hash) and request.category in (None, view.category)
        ]
        programs = list(reversed(self._desk.ring.programs.values()))
        data = [await self._checked(view, rows.row(view), categories, programs) for view in views]
        docker = await self._look(lambda: any(Path(each).exists() for each in CONTAINERS))
        return ArrCheck(is_docker=bool(docker), apps=[_app(each) for each in programs], data=data)

    async def _checked(self, view: View, row: Row, categories: Categories, programs: Sequence[Program]) -> Checked:
        asked_by = [each.agent for each in programs if {None, view.category} & each.categories.keys()]
        told = self._desk.ring.told.get(view.hash)
        path = await self._path(view, row, categories) if row.progress == 1 else None
        reason = await self._reason(view, row, path, bool(asked_by), categories)
        record = view.record
        return Checked(
            hash=view.hash,
            instance_id=instance_of(view),
            name=row.name,
            category=view.category,
            handover=_handover(record),
            client=self._client(view),
            told=_said(told),
            asked_by=asked_by,
            path=path,
            reason=reason,
            message=f"{MESSAGES[reason]}: {record.error}" if record and record.error else MESSAGES[reason],
        )

    def _client(self, view: View) -> ClientSays | None:
        if view.entry is None:
            return None
        item = view.entry.item
        away = not self._connected(view.entry.instance_id)
        return ClientSays(
            status=item.status, complete=item.complete, progress=item.progress, path=item.path, stale=away
        )

    def _connected(self, instance_id: str | None) -> bool:
        return any(each.id == instance_id and each.connected for each in self._host.instances.all())

    async def _reason(
        self, view: View, row: Row, path: LocalPath | None, asked: bool, categories: Categories
    ) -> Reason:
        if view.record is not None and view.record.state == "waiting":
            return "handing_over"
        if view.record is not None and view.record.state == "failed":
            return "handover_failed"
        if not self._connected(instance_of(view)):
            return "client_away"
        if view.entry is not None and view.entry.item.complete and not view.entry.item.path:
            return "no_path"
        if view.entry is None or not is_there(view.entry.item):
            folder = self._local(view, row.save_path, categories)
            free = await self._look(lambda: shutil.disk_usage(folder).free)
            return "no_space" if free is not None and free < row.amount_left else "incomplete"
        if not asked:
            return "never_asked"
        if path is None or not path.exists:
            return "path_missing"
        return "ok" if path.readable else "path_not_readable"

    async def _path(self, view: View, row: Row, categories: Categories) -> LocalPath:
        local = self._local(view, row.content_path, categories)
        exists, readable = await self._look(lambda: (Path(local).exists(), os.access(local, os.R_OK))) or (False, False)
        return LocalPath(local=local, exists=exists, readable=readable)

    async def _look(self, work: Callable[[], T]) -> T | None:
        """Look at a disk, in a thread; None: there is nothing, or the disk does not answer in time."""
        with trio.move_on_after(DISK_S):
            try:
                return await trio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._desk.disks)
            except OSError:
                return None
        return None

    def _local(self, view: View, path: str, categories: Categories) -> str:
        """Translate a path of the client, by the mapping of the category that lies nearest above it."""
        instance = next((each for each in self._host.instances.all() if each.id == instance_of(view)), None)
        keys = (instance.id, instance.info().type) if instance is not None else ()
        above = [each for each in categories.data if each.path and _within(path, each.path)]
        for category in sorted(above, key=lambda each: len(each.path), reverse=True)[:1]:
            mappings = category.path_mappings or {}
            mapped = next((mappings[key] for key in keys if mappings.get(key)), None)
            if mapped:
                return posixpath.join(mapped, posixpath.relpath(path, category.path))
        return path


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _app(program: Program) -> App:
    requests = [
        AppRequest(at=_moment(each.at), request=each.request, status=each.status, answer=each.answer)
        for each in program.requests
    ]
    return App(
        agent=program.agent,
        address=program.address,
        categories=sorted(each for each in program.categories if each is not None),
        last_seen=requests[0].at if requests else None,
        requests=requests,
    )


def _handover(record: Record | None) -> Literal["waiting", "done", "failed"]:
    if record is None or record.state not in ("waiting", "failed"):
        return "done"
    return "waiting" if record.state == "waiting" else "failed"


def _said(told: Told | None) -> Said | None:
    if told is None:
        return None
    return Said(
        state=told.state,
        progress=told.progress,
        save_path=told.save_path,
        content_path=told.content_path,
        at=_moment(told.at),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
