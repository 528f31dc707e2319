"""The log of the program itself. Source: http-api 9, websocket 4.2."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from ..log_ring import AppLogRecord, Level
from ..model import camel
from .call import Call
from .declare import operation

SEES_LOGS = "view_logs"


class AppLogRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """Records at least as serious as `minLevel`, of the sources named (none: of all), the last `limit` of them."""

    min_level: Level = "debug"
    source: list[str] = []
    limit: Annotated[int, Meta(ge=1, le=2000)] = 1000


class AppLogUpdate(Struct, frozen=True, kw_only=True, tag="app-log-update"):
    """The last records, newest last, and the sources of all that are kept."""

    data: Sequence[AppLogRecord]
    sources: list[str]


class AppLogAppend(Struct, frozen=True, kw_only=True, tag="app-log-append"):
    """New records, newest last."""

    data: Sequence[AppLogRecord]


@operation("getAppLog", http="GET /api/v1/logs/app", needs=SEES_LOGS)
async def app_log(request: AppLogRequest, call: Call) -> AppLogUpdate:
    """Read the program's own log: the last 2,000 records of each level since its start, without secrets.

    What is less serious than `server.logLevel` is not written at all.
    """
    ring = call.host.log_ring
    return AppLogUpdate(data=ring.read(request.min_level, request.source, request.limit), sources=ring.sources())
