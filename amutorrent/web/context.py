"""What the web layer is built on, given once by the composition root."""

from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from quart import Blueprint

from ..broadcast import Broadcast
from ..catalogue import Catalogue
from ..events import Events
from ..instances import Instances
from ..log_ring import LogRing
from ..operations import Operations
from ..peering import Peering
from ..searches import Searches
from ..telemetry import Telemetry
from .gate import Gate
from .proxies import Proxies


class Problem(Struct, frozen=True):
    """Something that needs a person: `code` of http-api 13, `message` one sentence."""

    code: str
    message: str


class ClientHealth(Struct, frozen=True):
    """One configured client, as `/health` shows it."""

    type: str
    connected: bool


class HealthReport(Struct, frozen=True, kw_only=True):
    """How the daemon is. `ready` is False until every part has started."""

    problems: tuple[Problem, ...] = ()
    clients: dict[str, ClientHealth] = {}
    ready: bool = True


@dataclass(frozen=True)
class WebContext:
    """The parts that the web layer speaks to.

    `gate` finds out who asks, `proxies` where from; without them everybody is an admin, and no proxy is believed.
    `surfaces` are the blueprints of the plugins, and `public_surfaces` the names of those that look by themselves who
    asks; `doors` say by the prefix of a path whether somebody is known there; `allowed_hosts` further names this daemon
    is reached by; `base_path` is `""` or `/prefix`.
    """

    operations: Operations
    catalogue: Catalogue
    instances: Instances
    events: Events
    broadcast: Broadcast
    searches: Searches
    peering: Peering
    log_ring: LogRing
    health: Callable[[], HealthReport]
    surfaces: Sequence[Blueprint] = ()
    public_surfaces: Set[str] = frozenset()
    doors: Mapping[str, Callable[[Any], Awaitable[bool]]] = field(default_factory=dict)  # Any: ASGI's own untyped dict
    allowed_hosts: frozenset[str] = field(default_factory=frozenset)
    base_path: str = ""
    gate: Gate = field(default_factory=Gate)
    proxies: Proxies = field(default_factory=Proxies)
    telemetry: Telemetry | None = None
