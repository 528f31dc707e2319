"""`/health`, `/health/live`, `/health/ready`: for people, for supervisors, for load balancers. Source: http-api 13."""

from collections.abc import Callable, Mapping

import msgspec
from quart.wrappers import Request

from .context import HealthReport
from .replies import Reply
from .rest import Endpoint, plain_reply

OK = Reply(b'{"status":"ok"}')
STARTING = Reply(b'{"status":"starting"}', 503)


def health_endpoints(report: Callable[[], HealthReport], connections: Callable[[], int]) -> dict[str, Endpoint]:
    """Make the three routes. `connections` counts the open sockets."""

    async def health(request: Request, parameters: Mapping[str, str]) -> Reply:
        found = report()
        body = {
            "status": "degraded" if found.problems else "ok",
            "problems": found.problems,
            "clients": found.clients,
            "connections": connections(),
        }
        return await plain_reply(request, msgspec.json.encode(body))

    async def live(request: Request, parameters: Mapping[str, str]) -> Reply:
        return OK

    async def ready(request: Request, parameters: Mapping[str, str]) -> Reply:
        return OK if report().ready else STARTING

    return {"/health": health, "/health/live": live, "/health/ready": ready}
