"""What is said of the server itself: the groups app, transfer, sync and log. Source: http-api 12, arr-contract 2."""

from collections.abc import Sequence

import msgspec

from amutorrent import Light

from . import limits
from .asked import Ask
from .cards import as_mapping
from .categories import categories, tags
from .listing import rows_of
from .shown import View

VERSION, API_VERSION = "v4.5.0", "2.8.3"


async def version(ask: Ask) -> str:
    """Say which qBittorrent this looks like."""
    return VERSION


async def api_version(ask: Ask) -> str:
    """Say which version of its API is spoken: no `v`, and three numbers."""
    return API_VERSION


async def build_info(ask: Ask) -> bytes:
    """Say what a qBittorrent of this version is built of."""
    facts = {"bitness": 64, "boost": "1.81.0", "libtorrent": "1.2.18.0", "openssl": "3.0.7", "qt": "6.4.1"}
    return msgspec.json.encode({**facts, "zlib": "1.2.13"})


async def preferences(ask: Ask) -> bytes:
    """Give the preferences that programs look at: nothing is ever removed at a limit by itself."""
    found = await ask.shown.categories()
    return msgspec.json.encode(
        {
            "save_path": ask.shown.default_path(found),
            "temp_path_enabled": False,
            "temp_path": "",
            "auto_tmm_enabled": False,
            "create_subfolder_enabled": True,
            "start_paused_enabled": False,
            "max_ratio_enabled": False,
            "max_ratio": -1,
            "max_ratio_act": 0,
            "max_seeding_time_enabled": False,
            "max_seeding_time": -1,
            "queueing_enabled": True,
            "max_active_downloads": 0,
            "max_active_torrents": 0,
            "max_active_uploads": 0,
            "dht": True,
            "pex": True,
            "lsd": True,
            "encryption": 0,
            "dl_limit": limits.total(ask, lambda each: each.download),
            "up_limit": limits.total(ask, lambda each: each.upload),
            "web_ui_username": ask.user.name,
        }
    )


async def default_save_path(ask: Ask) -> str:
    """Say where the client puts what has no category."""
    return ask.shown.default_path(await ask.shown.categories())


async def empty_list(ask: Ask) -> bytes:
    """Answer an empty list: interfaces of the network, peers that were banned."""
    return b"[]"


async def transfer_info(ask: Ask) -> bytes:
    """Give speeds and limits."""
    return msgspec.json.encode(_transfer(ask, await ask.shown.walk()))


def _transfer(ask: Ask, views: Sequence[View]) -> dict[str, object]:
    items = [view.entry.item for view in views if view.entry is not None]
    connected = any(_green(each.info().network_status) for each in ask.shown.instances() if each.connected)
    return {
        "connection_status": "connected" if connected else "disconnected",
        "dht_nodes": 0,
        "dl_info_data": 0,
        "dl_info_speed": sum(item.download_speed for item in items),
        "dl_rate_limit": limits.total(ask, lambda each: each.download),
        "up_info_data": 0,
        "up_info_speed": sum(item.upload_speed for item in items),
        "up_rate_limit": limits.total(ask, lambda each: each.upload),
    }


def _green(status: object) -> bool:
    """Say whether any of the lights of a client is not red."""
    plain = msgspec.to_builtins(status) if isinstance(status, (Light, dict)) else {}
    lights = [plain] if "status" in plain else [each for each in plain.values() if isinstance(each, dict)]
    return any(each.get("status") in ("green", "yellow") for each in lights)


async def main_data(ask: Ask) -> bytes:
    """Give all there is, each time in full."""
    rows = await rows_of(ask)
    views = await ask.shown.walk()
    cards = await ask.desk.deck.cards(rows, views)
    ask.desk.deck.keep(card.own_hash for card in cards)
    facts = {
        "rid": ask.whole("rid", 0) + 1,
        "full_update": True,
        "categories": msgspec.Raw(await categories(ask)),
        "tags": msgspec.Raw(await tags(ask)),
        "trackers": {},
        "server_state": {
            **_transfer(ask, views),
            "queueing": True,
            "use_alt_speed_limits": limits.alternative(ask),
            "refresh_interval": 1500,
        },
    }
    head = msgspec.json.encode(facts)[:-1] + b',"torrents":'
    return await as_mapping(cards, rows.now, before=head, after=b"}")
