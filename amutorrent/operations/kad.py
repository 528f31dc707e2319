"""Kad: start, stop, bootstrap. Source: http-api 9."""

from collections.abc import Awaitable, Callable
from typing import Literal

from msgspec import Struct

from ..capabilities import Kad
from ..errors import InvalidRequest
from ..model import camel
from .addresses import Port, checked_host, checked_url
from .call import Call
from .declare import operation
from .requests import InstanceChoice

Command = Literal["start", "stop", "bootstrap"]


class KadRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """A command; `bootstrap` is from one node (`ip` and `port`) or from a `nodes.dat` at `url`, http or https."""

    command: Command
    ip: str | None = None
    port: Port | None = None
    url: str | None = None


class KadReply(Struct, frozen=True, kw_only=True, rename=camel, tag="kad-action"):
    """What became of a command; `data` false: the client declined. The state is the light `kad` of the instance."""

    data: bool
    command: Command
    instance_id: str


@operation("kadAction", http="POST /api/v1/amule/kad", needs="view_servers")
async def kad_action(request: KadRequest, call: Call) -> KadReply:
    """Start or stop Kad, or bootstrap it from one node or from a list on the web."""
    method = _method(request)
    instance = call.instances.choose(request.instance_id, Kad)
    accepted = await instance.call(Kad, method)
    instance.poke()
    return KadReply(data=bool(accepted), command=request.command, instance_id=instance.id)


def _method(request: KadRequest) -> Callable[[Kad], Awaitable[bool]]:
    if request.command == "start":
        return lambda client: client.start_kad()
    if request.command == "stop":
        return lambda client: client.stop_kad()
    if request.url is not None:
        url = checked_url(request.url)
        if request.ip is not None or request.port is not None:
            raise InvalidRequest("Name either a node or a url", field="url")
        return lambda client: client.update_kad_nodes(url)
    if request.ip is None or request.port is None:
        raise InvalidRequest("Name ip and port of a node, or a url", field="ip" if request.ip is None else "port")
    ip, port = checked_host(request.ip, "ip"), request.port
    return lambda client: client.bootstrap_kad(ip, port)
