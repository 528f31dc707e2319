"""Instances: one configured client each. Source: data-model 5, http-api 6."""

from typing import Any, Literal

from msgspec import Struct

from .item import Bytes
from .naming import camel

InstanceState = Literal["connecting", "online", "degraded", "waiting", "rejected", "disabled"]
LightStatus = Literal["green", "yellow", "red"]


class Light(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """One connection light: a colour, a short text, and what the network says beside it."""

    status: LightStatus
    text: str
    listen_port: int | None = None
    port_open: bool | None = None
    server_name: str | None = None
    server_ping: int | None = None
    server_address: str | None = None
    firewalled_udp: bool | None = None
    firewalled_tcp: bool | None = None


NetworkStatus = Light | dict[str, Light]
"""One light, or named lights (`{"ed2k": ..., "kad": ...}`)."""


class Limits(Struct, frozen=True, kw_only=True, rename=camel):
    """A client's own limits, bytes/s, 0 = none. `alternative`: its second set is in force; None: it has none."""

    download: Bytes
    upload: Bytes
    alternative: bool | None = None


class Speeds(Struct, frozen=True, kw_only=True, rename=camel):
    """Total speeds of one instance, bytes/s."""

    upload_speed: Bytes
    download_speed: Bytes


class InstanceInfo(Struct, frozen=True, kw_only=True, rename=camel):
    """One instance in `stats.instances`; never an address or a secret. Times are ms since the epoch.

    `staleSince`: what is known of its items is as old as this; null: it is current, or nothing was ever heard.
    """

    type: str
    connected: bool
    name: str
    network_type: str | None
    order: int
    color: str | None
    state: InstanceState
    error: str | None
    error_time: int | None
    stale_since: int | None
    retry_at: int | None
    version: str | None
    last_poll_ms: int | None
    capabilities: dict[str, bool]
    network_status: dict[str, Any] | None  # Any: a Light, or Lights by name (JSON schema has no such union)
    speed_limits: Limits | None


class InstanceEntry(InstanceInfo, frozen=True, kw_only=True, rename=camel):
    """One instance in `GET /api/v1/clients/instances`."""

    id: str
    enabled: bool
