"""The list of ED2K servers. Source: amule-ec 6 (Servers) and 7.5, http-api 9."""

import ipaddress
from collections.abc import Sequence
from typing import Final

from amutorrent import Conflict, InvalidRequest, Server, Servers

from .codes import Detail, Op, T
from .daemon import Daemon, Refusal
from .lights import Connection
from .tags import Tag, ipv4, text, uint

NOWHERE: Final = "0.0.0.0"


class ServerList(Servers):
    """Reads and changes the list, and connects."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def servers(self) -> Sequence[Server]:
        """Read the list. Zeros and empty texts are left out by the daemon."""
        level = uint(T.DETAIL_LEVEL, Detail.FULL)
        packet = await self._daemon.command(Op.GET_SERVER_LIST, level)
        state = Connection(await self._daemon.command(Op.STAT_REQ, uint(T.DETAIL_LEVEL, Detail.CMD)))
        return [server(tag, state.server) for tag in packet.tags if tag.name == T.SERVER]

    async def connect_server(self, ip: str | None, port: int | None) -> bool:
        """Ask it to connect; the connection follows. Without an address it tries all, again and again."""
        tags = () if ip is None or port is None else (address(ip, port),)
        return await self._try(Op.SERVER_CONNECT, *tags)

    async def disconnect_server(self) -> bool:
        """Disconnect, or end the attempt to connect."""
        return await self._try(Op.SERVER_DISCONNECT)

    async def remove_server(self, ip: str, port: int) -> bool:
        """Take a server off the list, by the address that the list shows. An open connection stays."""
        return await self._try(Op.SERVER_REMOVE, address(ip, port))

    async def add_server(self, ip: str, port: int, name: str) -> bool:
        """Add a server by address or host name. The daemon takes no address that it filters (127.0.0.1 is one)."""
        if not ip or any(c.isspace() or c in "|/:" for c in ip):
            raise InvalidRequest(f"{ip!r} is neither an IPv4 address nor a host name", field="ip")
        known = {(each.ip, each.port) for each in await self.servers()}
        if (ip, port) in known:
            raise Conflict(f"aMule has the server {ip}:{port} already")
        tags = text(T.SERVER_ADDRESS, f"{ip}:{port}"), text(T.SERVER_NAME, name or ip)
        if await self._try(Op.SERVER_ADD, *tags):
            return True
        if (NOWHERE, port) in known:
            raise Conflict(f"aMule has a server with the port {port}, whose name it has not resolved yet")
        return False

    async def update_servers(self, url: str) -> bool:
        """Let it fetch a `server.met`; what it finds is added to the list."""
        return await self._try(Op.SERVER_UPDATE_FROM_URL, text(T.STRING, url))

    async def _try(self, op: Op, *tags: Tag) -> bool:
        try:
            await self._daemon.command(op, *tags)
        except Refusal as error:
            self._daemon.log.info("%s", error.message)
            return False
        return True


def address(ip: str, port: int) -> Tag:
    """Make the tag that names a server. Raises `InvalidRequest`."""
    try:
        return ipv4(T.SERVER, str(ipaddress.IPv4Address(ip)), port)
    except (ValueError, OverflowError) as error:
        raise InvalidRequest(f"{ip}:{port} is not the IPv4 address and port of a server", field="ip") from error


def server(tag: Tag, connected: tuple[str, int] | None) -> Server:
    """Map one server; `connected` is the address of the one we are connected to."""
    ip, port = tag.address
    return Server(
        ip=ip,
        port=port,
        address=f"{ip}:{port}",
        name=_text(tag, T.SERVER_NAME),
        description=_text(tag, T.SERVER_DESC),
        version=_text(tag, T.SERVER_VERSION),
        ping=_number(tag, T.SERVER_PING),
        users=_number(tag, T.SERVER_USERS),
        max_users=_number(tag, T.SERVER_USERS_MAX),
        files=_number(tag, T.SERVER_FILES),
        priority=_number(tag, T.SERVER_PRIO),
        failed=_number(tag, T.SERVER_FAILED),
        static=bool(_number(tag, T.SERVER_STATIC)),
        connected=(ip, port) == connected,
    )


def _text(tag: Tag, name: int) -> str:
    found = tag.child(name)
    return found.text if found is not None else ""


def _number(tag: Tag, name: int) -> int:
    found = tag.child(name)
    return found.number if found is not None else 0
