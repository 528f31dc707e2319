"""Kad. Source: amule-ec 6 (Kad)."""

import ipaddress

from amutorrent import InvalidRequest, Kad

from .codes import Op, T
from .daemon import Daemon, Refusal
from .tags import Tag, text, uint


class KadNetwork(Kad):
    """Starts and stops Kad. The daemon declines while Kad is switched off in its preferences."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def start_kad(self) -> bool:
        """Start it."""
        return await self._try(Op.KAD_START)

    async def stop_kad(self) -> bool:
        """Stop it."""
        return await self._try(Op.KAD_STOP)

    async def bootstrap_kad(self, ip: str, port: int) -> bool:
        """Ask one node for others. Nothing tells whether it answers but the light of Kad.

        The address has its first octet in the highest byte, unlike that of a peer (measured on 2.3.3).
        """
        try:
            number = int.from_bytes(ipaddress.IPv4Address(ip).packed, "big")
        except ValueError as error:
            raise InvalidRequest(f"{ip!r} is no IPv4 address", field="ip") from error
        return await self._try(Op.KAD_BOOTSTRAP_FROM_IP, uint(T.BOOTSTRAP_IP, number), uint(T.BOOTSTRAP_PORT, port))

    async def update_kad_nodes(self, url: str) -> bool:
        """Let it fetch a `nodes.dat`."""
        return await self._try(Op.KAD_UPDATE_FROM_URL, text(T.STRING, url))

    async def _try(self, op: Op, *tags: Tag) -> bool:
        try:
            await self._daemon.command(op, *tags)
        except Refusal as error:
            self._daemon.log.info("%s", error.message)
            return False
        return True
