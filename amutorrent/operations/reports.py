"""What a client says of itself: its log, its server's message, its statistics tree. Source: http-api 9, websocket 4."""

from collections.abc import Sequence

from msgspec import Struct

from ..capabilities import Logs, ServerInfo, StatsNode, StatsTree
from ..errors import NotFound
from ..instances import Instance
from ..instances.connection import READ_S
from ..model import camel
from .call import Call
from .declare import operation
from .requests import InstanceChoice


class ServerInfoUpdate(Struct, frozen=True, kw_only=True, rename=camel, tag="serverinfo-update"):
    """The message of the day, one entry per line."""

    data: Sequence[str]
    instance_id: str


@operation("getServerInfo", http="GET /api/v1/amule/server-info", needs="view_servers")
async def server_info(request: InstanceChoice, call: Call) -> ServerInfoUpdate:
    """Read the server's message of the day."""
    instance = call.instances.choose(request.instance_id, ServerInfo)
    lines = await instance.call(ServerInfo, lambda client: client.server_info(), READ_S)
    return ServerInfoUpdate(data=lines, instance_id=instance.id)


class StatsTreeUpdate(Struct, frozen=True, kw_only=True, rename=camel, tag="stats-tree-update"):
    """The statistics tree: its top nodes, with all that is below them."""

    data: Sequence[StatsNode]
    instance_id: str


@operation("getStatsTree", http="GET /api/v1/amule/stats-tree", needs="view_statistics")
async def stats_tree(request: InstanceChoice, call: Call) -> StatsTreeUpdate:
    """Read the client's statistics tree."""
    instance = call.instances.choose(request.instance_id, StatsTree)
    nodes = await instance.call(StatsTree, lambda client: client.stats_tree(), READ_S)
    return StatsTreeUpdate(data=nodes, instance_id=instance.id)


class LogUpdate(Struct, frozen=True, kw_only=True, rename=camel, tag="log-update"):
    """The last lines of a client's log, newest last. `client` is its type."""

    data: Sequence[str]
    client: str
    instance_id: str


class ClientLogRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """A client type, and which instance of it."""

    type: str


@operation("getClientLog", http="GET /api/v1/logs/{type}", needs="view_logs", socket=False)
async def client_log(request: ClientLogRequest, call: Call) -> LogUpdate:
    """Read the log of a client of this type."""
    if not call.instances.knows(request.type):
        raise NotFound(f"There is no client type {request.type!r}")
    return await _log(call.instances.choose(request.instance_id, Logs, type=request.type))


@operation("getLog", needs="view_logs")
async def log(request: InstanceChoice, call: Call) -> LogUpdate:
    """Read the log of one client; without `instanceId` of the first connected ED2K client that has one."""
    return await _log(call.instances.choose(request.instance_id, Logs, network="ed2k"))


async def _log(instance: Instance) -> LogUpdate:
    lines = await instance.call(Logs, lambda client: client.log_lines(), READ_S)
    return LogUpdate(data=lines, client=instance.config.type, instance_id=instance.id)
