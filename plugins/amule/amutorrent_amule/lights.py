"""The connections of a daemon to its networks, and their lights. Source: amule-ec 7.1, data-model 5."""

from typing import Final

from amutorrent import Light, NetworkStatus

from .codec import Packet
from .codes import T
from .mirror import Mirror
from .tags import Tag, Type, dotted, first

HIGH_ID: Final = 1 << 24
ED2K_CONNECTED, ED2K_CONNECTING, KAD_CONNECTED, KAD_FIREWALLED, KAD_RUNNING = (1 << bit for bit in range(5))


class Connection:
    """The daemon's connections to its networks, as STAT_REQ tells them."""

    def __init__(self, packet: Packet) -> None:
        tag = first(packet.tags, T.CONNSTATE) or Tag(T.CONNSTATE, Type.UINT8, b"\0")
        self.bits = tag.number
        self.upload_speed, self.download_speed = (
            found.number if (found := first(packet.tags, name)) is not None else 0
            for name in (T.STATS_UL_SPEED, T.STATS_DL_SPEED)
        )
        server, id = tag.child(T.SERVER), tag.child(T.ED2K_ID)
        self.id = id.number if id is not None else 0
        self.server = server.address if server is not None and server.type == Type.IPV4 else None
        name = server.child(T.SERVER_NAME) if server is not None else None
        self.server_name = name.text if name is not None else ""
        udp = first(packet.tags, T.STATS_KAD_FIREWALLED_UDP)
        self.kad_firewalled_udp = None if udp is None else bool(udp.number)

    def lights(self, mirror: Mirror, tcp_port: int, udp_port: int) -> NetworkStatus:
        """Give the light of ED2K and that of Kad."""
        return {"ed2k": self._ed2k(mirror, tcp_port), "kad": self._kad(udp_port)}

    def _ed2k(self, mirror: Mirror, port: int) -> Light:
        if not self.bits & ED2K_CONNECTED:
            connecting = bool(self.bits & ED2K_CONNECTING)
            return Light(
                status="yellow" if connecting else "red",
                text="Connecting" if connecting else "Disconnected",
                listen_port=port or None,
            )
        high = self.id >= HIGH_ID
        return Light(
            status="green" if high else "yellow",
            text="High ID" if high else "Low ID",
            listen_port=port or None,
            server_name=self.server_name or None,
            server_address=f"{self.server[0]}:{self.server[1]}" if self.server else None,
            server_ping=self._ping(mirror),
        )

    def _ping(self, mirror: Mirror) -> int | None:
        for server in mirror.servers.values():
            if (dotted(server.ip), server.port) == self.server:
                return server.ping or None
        return None

    def _kad(self, port: int) -> Light:
        running = bool(self.bits & KAD_RUNNING)  # the firewalled bit is set although Kad is off
        if not running:
            return Light(status="red", text="Off", listen_port=port or None)
        if not self.bits & KAD_CONNECTED:
            return Light(status="yellow", text="Connecting", listen_port=port or None)
        firewalled = bool(self.bits & KAD_FIREWALLED)
        return Light(
            status="yellow" if firewalled else "green",
            text="Firewalled" if firewalled else "OK",
            listen_port=port or None,
            firewalled_tcp=firewalled,
            firewalled_udp=self.kad_firewalled_udp,
        )
