"""`GET /metrics`: for programs on this machine, and for API keys that may see statistics. Source: http-api 10."""

from collections.abc import Mapping

from quart.wrappers import Request

from ..accounts import User
from ..errors import AmutorrentError, Forbidden, NotAuthenticated
from ..operations.metrics import SEES_STATISTICS
from ..telemetry import Telemetry
from .gate import Gate, arrival_of
from .guard import names_loopback
from .hub import Hub
from .replies import SECURITY, Headers, Reply
from .rest import Endpoint

TEXT: Headers = (
    (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
    (b"cache-control", b"no-store"),
    *SECURITY,
)
BEARER = "bearer "


def telemetry_endpoint(telemetry: Telemetry, gate: Gate, hub: Hub) -> Endpoint:
    """Make the route. Outside of `/api`, so errors are plain text."""

    async def metrics(request: Request, parameters: Mapping[str, str]) -> Reply:
        try:
            await _check(request, gate)
        except AmutorrentError as error:
            return Reply(f"{error.message}\n".encode(), error.status, TEXT)
        return Reply(await telemetry.text(len(hub), hub.drops), headers=TEXT)

    return metrics


async def _check(request: Request, gate: Gate) -> None:
    """Raise unless the caller is a program on this machine, or has shown an API key that may see statistics."""
    arrival = arrival_of(request.scope)
    # a reverse proxy on this machine that forwards nothing but the name it was asked for is no program of this machine
    own = arrival.visitor.loopback and names_loopback(request.scope["headers"])
    if own or arrival.by == "nothing":
        return
    user = arrival.user if arrival.by == "key" else await _bearer(request, gate, arrival.visitor.address)
    if user is None:
        raise arrival.refusal or NotAuthenticated("Show an API key: X-API-Key, or Authorization: Bearer")
    if not user.may(SEES_STATISTICS):
        raise Forbidden(f"This needs the permission {SEES_STATISTICS}")


async def _bearer(request: Request, gate: Gate, address: str) -> User | None:
    shown: str = request.headers.get("Authorization", "")
    if gate.accounts is None or not shown.lower().startswith(BEARER):
        return None
    return await gate.accounts.by_api_key(shown[len(BEARER) :].strip(), address)
