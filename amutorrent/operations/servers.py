"""ED2K servers: list, connect, disconnect, remove, add, update from a URL. Source: http-api 9, websocket 4."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from msgspec import Struct

from ..capabilities import Server, Servers
from ..errors import AmutorrentError, InvalidRequest
from ..instances import Instance
from ..instances.connection import READ_S
from ..model import camel
from .addresses import Port, checked_address, checked_host, checked_url
from .call import Call
from .declare import operation
from .requests import InstanceChoice

NEEDS = "view_servers"
Action = Literal["connect", "disconnect", "remove", "add", "update"]

log = logging.getLogger("amutorrent.operations")


class ServersUpdate(Struct, frozen=True, kw_only=True, rename=camel, tag="servers-update"):
    """The servers that a client knows."""

    data: Sequence[Server]
    instance_id: str


class ServerActionReply(Struct, frozen=True, kw_only=True, rename=camel, tag="server-action"):
    """What became of an action; `data` false: the client declined."""

    data: bool
    action: Action
    instance_id: str


@operation("getServers", http="GET /api/v1/amule/servers", needs=NEEDS)
async def servers(request: InstanceChoice, call: Call) -> ServersUpdate:
    """List the servers that a client knows."""
    return await _list(call.instances.choose(request.instance_id, Servers))


class ServerActionRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """An action on one server; `connect` without `ip` and `port`: to any one. `disconnect` needs neither."""

    action: Literal["connect", "disconnect", "remove"]
    ip: str | None = None
    port: Port | None = None


@operation("serverAction", http="POST /api/v1/amule/servers/action", needs=NEEDS, socket=False)
async def server_action(request: ServerActionRequest, call: Call) -> ServerActionReply:
    """Connect, disconnect or remove a server."""
    if request.action == "disconnect":
        return await _act(request, call, request.action, lambda client: client.disconnect_server())
    if request.action == "connect" and request.ip is None and request.port is None:
        return await _act(request, call, request.action, lambda client: client.connect_server(None, None))
    if request.ip is None or request.port is None:
        raise InvalidRequest("Name ip and port", field="ip" if request.ip is None else "port")
    ip, port = checked_host(request.ip, "ip"), request.port
    if request.action == "connect":
        return await _act(request, call, request.action, lambda client: client.connect_server(ip, port))
    return await _act(request, call, request.action, lambda client: client.remove_server(ip, port))


class ServerAddressRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """One server by its address, `ip:port`."""

    server_address: str


@operation("connectServer", needs=NEEDS, changes=True)
async def connect_server(request: ServerAddressRequest, call: Call) -> ServerActionReply:
    """Connect to a server."""
    ip, port = checked_address(request.server_address, "serverAddress")
    return await _act(request, call, "connect", lambda client: client.connect_server(ip, port))


@operation("removeServer", needs=NEEDS, changes=True)
async def remove_server(request: ServerAddressRequest, call: Call) -> ServerActionReply:
    """Take a server off the list."""
    ip, port = checked_address(request.server_address, "serverAddress")
    return await _act(request, call, "remove", lambda client: client.remove_server(ip, port))


@operation("disconnectServer", needs=NEEDS, changes=True)
async def disconnect_server(request: InstanceChoice, call: Call) -> ServerActionReply:
    """Disconnect from the server."""
    return await _act(request, call, "disconnect", lambda client: client.disconnect_server())


class AddServerRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """A server: IP address or host name, and port."""

    ip: str
    port: Port
    name: str = ""


@operation("addServer", http="POST /api/v1/amule/servers", needs=NEEDS)
async def add_server(request: AddServerRequest, call: Call) -> ServerActionReply:
    """Add a server to the list."""
    ip, port, name = checked_host(request.ip, "ip"), request.port, request.name.strip()
    if not name.isprintable():
        raise InvalidRequest("A name has no control characters", field="name")
    return await _act(request, call, "add", lambda client: client.add_server(ip, port, name))


class UpdateServersRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """Where a `server.met` lies: http or https."""

    url: str


@operation("updateServers", http="POST /api/v1/amule/servers/update", needs=NEEDS)
async def update_servers(request: UpdateServersRequest, call: Call) -> ServerActionReply:
    """Let the client fetch a list of servers; the fetch goes on after the reply."""
    url = checked_url(request.url)
    return await _act(request, call, "update", lambda client: client.update_servers(url))


async def _act(
    request: InstanceChoice, call: Call, action: Action, method: Callable[[Servers], Awaitable[bool]]
) -> ServerActionReply:
    instance = call.instances.choose(request.instance_id, Servers)
    accepted = await instance.call(Servers, method)
    await tell_servers(instance, call)
    return ServerActionReply(data=bool(accepted), action=action, instance_id=instance.id)


async def tell_servers(instance: Instance, call: Call) -> None:
    """Tell everybody who may see them how the servers of an instance are after an action."""
    instance.poke()
    try:
        call.broadcast.tell(await _list(instance), NEEDS)
    except AmutorrentError as error:  # the action itself is done, and its caller is to know that
        log.warning("%s: the servers could not be read after an action: %s", instance.id, error.message)


async def _list(instance: Instance) -> ServersUpdate:
    found = await instance.call(Servers, lambda client: client.servers(), READ_S)
    return ServersUpdate(data=found, instance_id=instance.id)
