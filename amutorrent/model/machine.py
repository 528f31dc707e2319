"""What is said of the machine in the stats. Source: data-model 5."""

from typing import Annotated

from msgspec import Meta, Struct

from .item import Bytes
from .naming import camel


class DiskSpace(Struct, frozen=True, kw_only=True, rename=camel):
    """The disk below one path, as the daemon or a client sees it. null: only the client knows it, and does not say."""

    path: str
    categories: list[str]
    instance_ids: list[str]
    total: Bytes | None
    used: Bytes | None
    free: Bytes
    percent_used: Annotated[float, Meta(ge=0, le=100)] | None
    low: bool


class CpuUsage(Struct, frozen=True, kw_only=True, rename=camel):
    """How busy the processors of the machine are, all together."""

    percent: Annotated[float, Meta(ge=0, le=100)]


class Machine(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """What every message with stats says of the machine. `cpuUsage` is left out where nobody tells it."""

    disk_space: list[DiskSpace]
    cpu_usage: CpuUsage | None = None
