"""aMuTorrent: one daemon and one live list over all of a person's download clients.

Everything a plugin may import stands here (and in `amutorrent.testing`); the submodules are private to the host.
"""

from .accounts import Accounts, Asking, User
from .capabilities import *  # noqa: F403  (the vocabulary of capabilities is its own __all__)
from .capabilities import __all__ as _capabilities
from .catalogue import Catalogue, Entry
from .client import Changes, Client, ClientSettings, Place, Probe, Services, Totals
from .disk import DataFile, ItemData, delete_data
from .errors import (
    AmutorrentError,
    AuthRejected,
    ClientFailed,
    Conflict,
    DeadlineExceeded,
    Forbidden,
    InvalidRequest,
    NotAuthenticated,
    NotFound,
    NotReady,
    PluginError,
    ProtocolError,
    RateLimited,
    StorageUnavailable,
    Unreachable,
    Unsupported,
)
from .events import Event, Events, Subscription
from .fields import HostName, LocalPath, UrlPath, netloc
from .hookspecs import PLUGIN_API, hookimpl
from .host import Host
from .instances import Instance, Instances
from .links import Ed2kLink, Magnet
from .metafile import Metafile
from .model import *  # noqa: F403  (the structs of the wire are their own __all__)
from .model import __all__ as _model
from .network import not_connected, read_body
from .operations import ADMIN, ANY_USER, PUBLIC, Call, Operations, Prepared, Streamed, operation
from .operations.searching import PreviousResults, SearchStarted
from .storage import Storage, StorageBatch
from .trackers import tracker_domain

__version__ = "0.1.0"

__all__ = [
    "ADMIN",
    "ANY_USER",
    "PLUGIN_API",
    "PUBLIC",
    "Accounts",
    "AmutorrentError",
    "Asking",
    "AuthRejected",
    "Call",
    "Catalogue",
    "Changes",
    "Client",
    "ClientFailed",
    "ClientSettings",
    "Conflict",
    "DataFile",
    "DeadlineExceeded",
    "Ed2kLink",
    "Entry",
    "Event",
    "Events",
    "Forbidden",
    "Host",
    "HostName",
    "Instance",
    "Instances",
    "InvalidRequest",
    "ItemData",
    "LocalPath",
    "Magnet",
    "Metafile",
    "NotAuthenticated",
    "NotFound",
    "NotReady",
    "Operations",
    "Place",
    "PluginError",
    "Prepared",
    "PreviousResults",
    "Probe",
    "ProtocolError",
    "RateLimited",
    "SearchStarted",
    "Services",
    "Storage",
    "StorageBatch",
    "StorageUnavailable",
    "Streamed",
    "Subscription",
    "Totals",
    "Unreachable",
    "Unsupported",
    "UrlPath",
    "User",
    "__version__",
    "delete_data",
    "hookimpl",
    "netloc",
    "not_connected",
    "operation",
    "read_body",
    "tracker_domain",
    *_capabilities,
    *_model,
]
