"""What there is: the snapshot, the instances, the plugins. Source: http-api 6, websocket 5."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from ..capabilities import SpeedLimits
from ..catalogue import View
from ..errors import Conflict, InvalidRequest, Unsupported
from ..model import Category, InstanceEntry, InstanceInfo, Limits, PluginInfo, Speeds, WireItem, camel
from ..model.machine import CpuUsage, DiskSpace
from .call import Call
from .declare import ADMIN, Prepared, operation
from .requests import Nothing


class Stats(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """Speeds of every instance whose last poll succeeded, the machine, and the instances where they changed."""

    instance_speeds: dict[str, Speeds]
    disk_space: list[DiskSpace] | None = None
    cpu_usage: CpuUsage | None = None
    instances: dict[str, InstanceInfo] | None = None


class Delta(Struct, frozen=True, kw_only=True, rename=camel):
    """What one revision changed: whole items, keys `instanceId:hash`, and items with only the changed fields.

    Without `seq` it is outside the sequence: fields of a channel that is followed.
    """

    seq: int | UnsetType = UNSET
    added: list[WireItem]
    removed: list[str]
    changed: list[dict[str, object]]


class BatchData(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """Full form: `items` and `seq`. Delta: `delta`."""

    stats: Stats
    items: list[WireItem] | None = None
    delta: Delta | None = None
    categories: list[Category] | None = None
    client_default_paths: dict[str, str] | None = None
    has_path_warnings: bool | None = None
    seq: int | None = None


class BatchUpdate(Struct, frozen=True, kw_only=True, rename=camel, tag="batch-update"):
    """The live list, whole or what changed of it."""

    data: BatchData


class Snapshot(Prepared[BatchUpdate]):
    """The full form of a view, rendered when it is sent."""

    def __init__(self, view: View) -> None:
        self._view = view

    @property
    def etag(self) -> str:
        """Name the revision."""
        return self._view.etag

    def body(self) -> bytes:
        """Give the cached bytes of the revision."""
        return self._view.full()


@operation("requestFullSnapshot", http="GET /api/v1/data/snapshot")
async def snapshot(request: Nothing, call: Call) -> Prepared[BatchUpdate]:
    """Everything there is: all items, stats and categories. Waits at most 1 s for instances that are due."""
    await call.instances.refresh()
    return Snapshot(call.catalogue.view(call.user))


class ClientInstances(Struct, frozen=True, kw_only=True, rename=camel, tag="client-instances"):
    """All configured instances in config order."""

    data: list[InstanceEntry]


@operation("getInstances", http="GET /api/v1/clients/instances", socket=False)
async def instances(request: Nothing, call: Call) -> ClientInstances:
    """List all configured instances with their state and capabilities; never an address or a secret."""
    call.instances.looked()
    return ClientInstances(data=[each.entry() for each in call.instances.all()])


class InstanceRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One instance."""

    instance_id: str


class InstanceConnecting(Struct, frozen=True, kw_only=True, rename=camel, tag="instance-connecting"):
    """An instance that is asked to connect; the outcome comes as a change of the instance."""

    success: bool
    instance_id: str
    state: str


@operation(
    "connectInstance",
    http="POST /api/v1/clients/instances/{instanceId}/connect",
    needs=ADMIN,
    errors=("instance_disabled",),
)
async def connect_instance(request: InstanceRequest, call: Call) -> InstanceConnecting:
    """Try to connect now: ends a wait, and is the only way out of `rejected` short of new settings."""
    instance = call.instances.get(request.instance_id)
    if instance.state == "disabled":
        raise Conflict(f"{instance.config.name} is switched off", code="instance_disabled")
    instance.reconnect()
    return InstanceConnecting(success=True, instance_id=instance.id, state=instance.state)


Rate = Annotated[int, Meta(ge=0, le=2**63 - 1, description="bytes/s, 0 = none")]


class SpeedLimitsRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """At least one of `download`, `upload` (bytes/s, 0 = none) and `alternative`."""

    instance_id: str | None = None
    download: Rate | None = None
    upload: Rate | None = None
    alternative: bool | None = None


class SpeedLimitsReply(Struct, frozen=True, kw_only=True, rename=camel, tag="speed-limits"):
    """The limits of an instance as they are now."""

    instance_id: str
    data: Limits


@operation("setSpeedLimits", http="PUT /api/v1/clients/instances/{instanceId}/speed-limits", needs="edit_all_downloads")
async def set_speed_limits(request: SpeedLimitsRequest, call: Call) -> SpeedLimitsReply:
    """Limit the client's total speed, or switch its alternative limits."""
    if request.download is None and request.upload is None and request.alternative is None:
        raise InvalidRequest("Name at least one of download, upload, alternative", field="download")
    instance = call.instances.choose(request.instance_id, SpeedLimits)
    limits = await instance.call(
        SpeedLimits,
        lambda client: client.set_speed_limits(request.download, request.upload, request.alternative),
    )
    if not isinstance(limits, Limits):
        raise Unsupported("speedLimits")
    instance.poke()
    return SpeedLimitsReply(instance_id=instance.id, data=limits)


class PluginsReply(Struct, frozen=True, kw_only=True, rename=camel, tag="plugins"):
    """Every plugin found, in load order."""

    data: list[PluginInfo]


@operation("getPlugins", http="GET /api/v1/plugins", socket=False)
async def plugins(request: Nothing, call: Call) -> PluginsReply:
    """List all plugins: state, what they contribute, and for admins why one is not loaded."""
    found = call.host.plugins()
    if not call.user.is_admin:
        found = [replace(each, reason=None) for each in found]
    return PluginsReply(data=found)
