"""From our settings to those of libtorrent. Source: settings_pack of libtorrent 2.1."""

import ipaddress
from typing import Any, Final

import libtorrent as lt

from .settings import Encryption, LibtorrentSettings, is_address

ALERTS: Final = (
    lt.alert_category.error
    | lt.alert_category.status
    | lt.alert_category.storage
    | lt.alert_category.tracker
    | lt.alert_category.port_mapping
)
ALERT_QUEUE: Final = 200_000
"""Alerts that wait to be read before others are dropped; lists are loaded some hundred torrents at a time."""
POLICY: Final[dict[Encryption, int]] = {
    "allowed": lt.enc_policy.enabled,
    "required": lt.enc_policy.forced,
    "off": lt.enc_policy.disabled,
}
STOP_TRACKER_S: Final = 1


def pack(settings: LibtorrentSettings, limits: tuple[int, int]) -> dict[str, Any]:  # Any: texts, numbers, flags
    """Give the settings of a session, with its limits of download and upload, bytes/s."""
    policy = POLICY[settings.encryption]
    return {
        "user_agent": f"aMuTorrent libtorrent/{lt.__version__}",
        "alert_mask": int(ALERTS),
        "alert_queue_size": ALERT_QUEUE,
        "listen_interfaces": ",".join(f"{bracketed(each)}:{settings.port}" for each in settings.interfaces or ANY),
        "outgoing_interfaces": outgoing(settings.interfaces),
        "download_rate_limit": limits[0],
        "upload_rate_limit": limits[1],
        "connections_limit": settings.max_connections,
        "unchoke_slots_limit": settings.max_uploads,
        "in_enc_policy": policy,
        "out_enc_policy": policy,
        "enable_dht": settings.dht,
        "enable_lsd": settings.lsd,
        "enable_upnp": settings.upnp,
        "enable_natpmp": settings.upnp,
        "enable_outgoing_utp": settings.utp,
        "enable_incoming_utp": settings.utp,
        "stop_tracker_timeout": STOP_TRACKER_S,
        "rate_limit_ip_overhead": False,
    }


ANY: Final = ("0.0.0.0", "::")


def outgoing(interfaces: tuple[str, ...]) -> str:
    """Give what connections to peers go out by: what it listens on, unless that is everything."""
    everything = any(is_address(each) and ipaddress.ip_address(each).is_unspecified for each in interfaces)
    return "" if everything else ",".join(interfaces)


def bracketed(interface: str) -> str:
    """Write an address as it stands before a port."""
    return f"[{interface}]" if ":" in interface and is_address(interface) else interface
