"""Why is it not imported? What the programs asked, what they were told, and what is wrong. Source: http-api 12."""

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

import trio
from msgspec import Meta, Struct

from amutorrent import ADMIN, Call, Host, camel, operation

from .causes import Facts, Reason, Seen, cause_of, look_at
from .desk import Desk, desk_of
from .links import own_hash
from .record import Record
from .ring import Program, Told
from .rows import Row, Rows
from .shown import SLICE, Categories, Shown, View, instance_of
from .states import is_there

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
        facts = []
        for number, view in enumerate(views):
            if number % SLICE == SLICE - 1:
                await trio.lowlevel.checkpoint()
            facts.append(self._facts(view, rows.row(view), categories, programs))
        seen = await self._look(facts)
        found = await self._desk.disks.look(CONTAINERS, os.path.exists)
        data = []
        for number, each in enumerate(facts):
            if number % SLICE == SLICE - 1:
                await trio.lowlevel.checkpoint()
            data.append(_checked(each, seen, self._desk.ring.told.get(each.view.hash)))
        return ArrCheck(is_docker=any(found.values()), apps=[_app(each) for each in programs], data=data)

    def _facts(self, view: View, row: Row, categories: Categories, programs: Sequence[Program]) -> Facts:
        complete = view.entry is not None and is_there(view.entry.item)
        return Facts(
            view=view,
            row=row,
            connected=self._connected(instance_of(view)),
            complete=complete or (view.entry is None and row.progress == 1),
            local=self._shown.local(view, row.content_path if row.progress == 1 else row.save_path, categories),
            asked_by=[each.agent for each in programs if {None, view.category} & each.categories.keys()],
            asked_for={each.agent: sorted(filter(None, each.categories)) for each in programs if each.categories},
        )

    def _connected(self, instance_id: str | None) -> bool:
        return any(each.id == instance_id and each.connected for each in self._host.instances.all())

    async def _look(self, facts: Sequence[Facts]) -> Seen:
        """Look at all files and folders at the same time."""
        files = [each.local for each in facts if each.row.progress == 1]
        folders = [each.local for each in facts if each.row.progress < 1]
        seen = Seen({}, {})

        async def look_at_files() -> None:
            seen.files.update(await self._desk.disks.look(files, look_at))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(look_at_files)
            seen.free.update(await self._desk.disks.look(folders, lambda path: shutil.disk_usage(path).free))
        return seen


def _checked(facts: Facts, seen: Seen, told: Told | None) -> Checked:
    view, record = facts.view, facts.view.record
    reason, message = cause_of(facts, seen)
    return Checked(
        hash=view.hash,
        instance_id=instance_of(view),
        name=facts.row.name,
        category=view.category,
        handover=_handover(record),
        client=_client(facts),
        told=_said(told),
        asked_by=facts.asked_by,
        path=_path(facts, seen) if facts.row.progress == 1 else None,
        reason=reason,
        message=message,
    )


def _path(facts: Facts, seen: Seen) -> LocalPath:
    file = seen.files.get(facts.local)
    return LocalPath(local=facts.local, exists=bool(file and file.exists), readable=bool(file and file.readable))


def _client(facts: Facts) -> ClientSays | None:
    if facts.view.entry is None:
        return None
    item = facts.view.entry.item
    return ClientSays(
        status=item.status,
        complete=item.complete,
        progress=item.progress,
        path=item.path,
        stale=not facts.connected,
    )


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
