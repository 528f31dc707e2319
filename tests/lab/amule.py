"""A real amuled. Source: amule-daemon, ed2k-test-network."""

import hashlib
import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from amutorrent.testing import require

from .ec import look
from .ports import free_port
from .process import Process
from .rows import Row

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
KNOWN_TIME = 1_700_000_000
SMALLEST = 1000
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

    def stop(self, within_s: float = 15) -> int:
        """End it; 2.3.3 hangs now and then in its own shutdown, and is killed then."""
        try:
            return super().stop(within_s)
        except AssertionError:
            return self._process.returncode

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection((self.host, self.port), 1):
            return True
        return False

    @property
    def settings(self) -> dict[str, object]:
        """What the configuration of our daemon says of it."""
        return {"type": "amule", "host": self.host, "port": self.port, "password": self.password}

    def rows(self) -> list[Row]:
        """Give its list, sorted."""
        with look(self.port, self.password) as other:
            return other.rows()

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


def share_many(daemon: AMuleDaemon, count: int) -> None:
    """Give a stopped daemon so many small shared files, known to it already: hashing 20,000 would take minutes.

    Each has a size of its own, by which the daemon looks them up: of equal ones it compares all with each other.
    """
    entries = []
    for number in range(count):
        path = daemon.incoming / f"Some.Show.S{number % 30:02d}E{number % 24:02d}.1080p.x264-GROUP{number}.mkv"
        path.touch()
        os.truncate(path, SMALLEST + number)  # a hole: no bytes on the disk
        os.utime(path, (KNOWN_TIME, KNOWN_TIME))
        digest = hashlib.md5(path.name.encode(), usedforsecurity=False).digest()
        entries.append(known_entry(path.name, SMALLEST + number, digest))
    (daemon.root / "known.met").write_bytes(b"\x0e" + struct.pack("<I", count) + b"".join(entries))


def known_entry(name: str, size: int, hash: bytes) -> bytes:
    """Write a file of `known.met`: its time, its hash without those of parts, its name and size."""
    raw = name.encode()
    tags = b"\x02\x01\x00\x01" + struct.pack("<H", len(raw)) + raw + b"\x03\x01\x00\x02" + struct.pack("<I", size)
    return struct.pack("<I", KNOWN_TIME) + hash + struct.pack("<HI", 0, 2) + tags
