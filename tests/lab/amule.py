"""A real amuled. Source: amule-daemon, ed2k-test-network."""

import hashlib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from amutorrent.testing import require

from .ports import free_port
from .process import Process

CONFIG = """\
[eMule]
AppVersion=2.3.3
Nick={nick}
Port={tcp_port}
UDPPort={udp_port}
UDPEnable=1
Address=127.0.0.1
Autoconnect=0
ConnectToKad={kad}
ConnectToED2K=1
Reconnect=0
UPnPEnabled=0
TempDir={temp}
IncomingDir={incoming}
FilterLanIPs=0
ParanoidFiltering=0
IPFilterAutoLoad=0
SmartIdCheck=0
NewVersionCheck=0
Serverlist=0
AddServerListFromServer=0
AddServerListFromClient=0
SafeServerConnect=0
OnlineSignature=0
RemoveDeadServer=0
Ed2kServersUrl=
KadNodesUrl=
CheckDiskspace=0
SlotAllocation=200
MaxUpload=20000
MaxDownload=0
UploadCapacity=10000
DownloadCapacity=10000
QueueSizePref=50

[ExternalConnect]
AcceptExternalConnections=1
ECAddress=127.0.0.1
ECPort={port}
ECPassword={password_md5}
UPnPECEnabled=0
IpFilterClients=0
IpFilterServers=0
UseSecIdent=1

[Obfuscation]
IsClientCryptLayerSupported=0
IsCryptLayerRequested=0
IsClientCryptLayerRequired=0

[WebServer]
Enabled=0
"""
APART_S = 1.2
"""Two daemons that start in the same second may get the same user hash."""

_last_start = [0.0]


class AMuleDaemon(Process):
    """One daemon with a directory and ports of its own; it keeps them over restarts."""

    def __init__(self, root: Path, *, nick: str = "peer-a", kad: bool = False) -> None:
        self.root, self.nick = root, nick
        self.incoming, self.temp = root / "Incoming", root / "Temp"
        self.host, self.port, self.password = "127.0.0.1", free_port(), "correct horse battery"
        self.tcp_port = free_port_with_udp(3)
        self.udp_port = free_port()
        for folder in (self.incoming, self.temp):
            folder.mkdir(parents=True, exist_ok=True)
        password_md5 = hashlib.md5(self.password.encode(), usedforsecurity=False).hexdigest()
        values = {**self.__dict__, "password_md5": password_md5, "kad": int(kad)}
        (root / "amule.conf").write_text(CONFIG.format(**values))
        command = [require("amuled"), "-c", str(root), "-o"]
        super().__init__(command, root / "output.log", self._answers, HOME=str(root))

    def start(self, within_s: float = 30) -> None:
        """Start it, more than a second after any other."""
        time.sleep(max(0.0, _last_start[0] + APART_S - time.monotonic()))
        _last_start[0] = time.monotonic()
        super().start(within_s)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection((self.host, self.port), 1):
            return True
        return False

    @property
    def settings(self) -> dict[str, object]:
        """What the configuration of our daemon says of it."""
        return {"type": "amule", "host": self.host, "port": self.port, "password": self.password}

    @property
    def user_hash(self) -> bytes:
        """The hash that it goes by on the network."""
        return (self.root / "preferences.dat").read_bytes()[1:17]


def free_port_with_udp(offset: int) -> int:
    """Find a TCP port such that the UDP port so much above it is free as well: ED2K uses both."""
    for _ in range(100):
        port = free_port()
        with suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", port + offset))
            return port
    raise AssertionError("no such port")


@contextmanager
def daemon(root: Path, **options: object) -> Iterator[AMuleDaemon]:
    """Run one until the context ends, which it has to reach alive."""
    running = AMuleDaemon(root, **options)
    running.start()
    try:
        yield running
    finally:
        running.stop()
