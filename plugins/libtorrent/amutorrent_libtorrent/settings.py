"""The settings of one engine. The defaults are safe behind a home router: nothing on it is changed unasked."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, field_validator

from amutorrent import ClientSettings, LocalPath

PORT = 16881
DEVICE = re.compile(r"[A-Za-z][A-Za-z0-9._:-]{0,31}")

Encryption = Literal["allowed", "required", "off"]
WhenShared = Literal["stop", "remove", "removeWithFiles"]


class LibtorrentSettings(ClientSettings):
    """Where it downloads to, how it is reached by other peers, and when a torrent has been shared enough."""

    profile: Annotated[
        str,
        Field(
            pattern="^[a-z0-9][a-z0-9-]{0,39}$",
            title="Profile",
            description="Its list is kept under this name; another name is another engine with a list of its own",
        ),
    ] = "main"
    download_dir: Annotated[
        LocalPath,
        Field(title="Download folder", description="An absolute path; empty: the folder for downloads of the user"),
    ] = ""
    port: Annotated[
        int,
        Field(ge=1, le=65535, title="Port", description="Port for other peers; where it is taken, one of the next ten"),
    ] = PORT
    interfaces: Annotated[
        tuple[str, ...],
        Field(
            title="Interfaces",
            description="Addresses or network devices (such as tun0) to use, and no others; empty: all",
        ),
    ] = ()
    download_limit: Annotated[
        int, Field(ge=0, le=2**31 - 1, title="Download limit", description="Bytes/s; 0: none")
    ] = 0
    upload_limit: Annotated[int, Field(ge=0, le=2**31 - 1, title="Upload limit", description="Bytes/s; 0: none")] = 0
    max_connections: Annotated[
        int, Field(ge=2, le=65535, title="Connections", description="Connections to peers at the same time, in all")
    ] = 200
    max_uploads: Annotated[
        int,
        Field(ge=-1, le=10_000, title="Upload slots", description="Peers that are given to at a time; -1: no limit"),
    ] = 8
    encryption: Annotated[
        Encryption,
        Field(title="Encryption", description="allowed, required (only peers that can), or off"),
    ] = "allowed"
    dht: Annotated[bool, Field(title="DHT", description="Find peers without a tracker")] = True
    pex: Annotated[bool, Field(title="Peer exchange", description="Let peers tell of other peers")] = True
    lsd: Annotated[bool, Field(title="Local discovery", description="Look for peers in the local network")] = True
    upnp: Annotated[
        bool, Field(title="UPnP and NAT-PMP", description="Let it open its port on the router by itself")
    ] = False
    utp: Annotated[
        bool, Field(title="Transport uTP", description="Use the one that gives way to other traffic, too")
    ] = True
    share_ratio: Annotated[
        float, Field(ge=0, le=1_000_000, title="Share ratio", description="Shared enough at this ratio; 0: never")
    ] = 0.0
    seed_minutes: Annotated[
        int,
        Field(ge=0, le=10_000_000, title="Minutes of seeding", description="Shared enough after so many; 0: never"),
    ] = 0
    when_shared: Annotated[
        WhenShared,
        Field(title="When shared enough", description="stop, remove (the data stays), or removeWithFiles"),
    ] = "stop"

    @field_validator("download_dir")
    @classmethod
    def _absolute(cls, value: str) -> str:
        path = value.strip()
        if path and (not os.path.isabs(path) or "\0" in path or ".." in path.split("/")):
            raise ValueError("it should be an absolute path without '..', such as /srv/downloads")
        return path

    @field_validator("interfaces")
    @classmethod
    def _interfaces(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(each.strip().removeprefix("[").removesuffix("]") for each in value)
        for each in found:
            if not is_address(each) and not DEVICE.fullmatch(each):
                raise ValueError(
                    "each should be an address or the name of a network device, such as 192.168.1.2 or tun0"
                )
        return found

    def address(self) -> str:
        """There is no host and no port to connect to: the profile tells one engine from another."""
        return self.profile

    @property
    def folder(self) -> Path:
        """Where downloads go."""
        return Path(self.download_dir) if self.download_dir else platformdirs.user_downloads_path()


def is_address(text: str) -> bool:
    """Say if a text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
