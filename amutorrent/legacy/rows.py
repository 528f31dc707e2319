"""The rows of the old databases. Source: legacy-store 4 to 7."""

from msgspec import Struct


class OldUser(Struct, frozen=True, kw_only=True):
    """A user; times are ms."""

    id: int
    username: str
    password_hash: str | None = None
    is_admin: int = 0
    api_key: str | None = None
    created_at: int = 0
    updated_at: int = 0
    last_login_at: int | None = None
    disabled: int = 0


class OldCapability(Struct, frozen=True, kw_only=True):
    """A permission of a user."""

    user_id: int
    capability: str


class OldOwnership(Struct, frozen=True, kw_only=True):
    """Who added an item: `item_key` is `{instance id}:{hash}`."""

    item_key: str
    user_id: int
    added_at: int = 0


class OldDownload(Struct, frozen=True, kw_only=True):
    """A row of the history; times are ISO 8601 in UTC."""

    hash: str
    instance_id: str = ""
    filename: str
    size: int = 0
    started_at: str
    completed_at: str | None = None
    deleted_at: str | None = None
    username: str | None = None
    client_type: str = "amule"
    status: str = "downloading"
    last_seen_at: str | None = None
    downloaded: int = 0
    uploaded: int = 0
    ratio: float = 0.0
    tracker_domain: str | None = None


class OldSample(Struct, frozen=True, kw_only=True):
    """What was measured of an instance at a time in ms: speeds in bytes/s, and counters in bytes."""

    timestamp: int
    instance_id: str
    client_type: str = ""
    upload_speed: int = 0
    download_speed: int = 0
    total_uploaded: int = 0
    total_downloaded: int = 0


class OldHash(Struct, frozen=True, kw_only=True):
    """A download that came by the API that looks like qBittorrent's."""

    ed2k_hash: str
    category: str | None = None


class OldMove(Struct, frozen=True, kw_only=True):
    """A move of data."""

    hash: str
    instance_id: str = ""
    name: str = ""
    source_path: str = ""
    dest_path: str = ""
    status: str = "pending"
