"""`/health`, `/health/live`, `/health/ready`: for people, for supervisors, for load balancers. Source: http-api 13."""

from collections.abc import Callable, Mapping

import msgspec
from quart.wrappers import Request

from .context import HealthReport
from .gate import arrival_of
from .replies import Reply
from .rest import Endpoint, plain_reply

OK = Reply(b'{"status":"ok"}')
STARTING = Reply(b'{"status":"starting"}', 503)


def health_endpoints(report: Callable[[], HealthReport], connections: Callable[[], int]) -> dict[str, Endpoint]:
    """Make the three routes. `connections` counts the open sockets. What is wrong in words is for those signed in."""

    async def health(request: Request, parameters: Mapping[str, str]) -> Reply:
        found = report()
        body: dict[str, object] = {"status": "degraded" if found.problems else "ok"}
        if arrival_of(request.scope).refusal is None:
            body |= {"problems": found.problems, "clients": found.clients, "connections": connections()}
        else:
            body["problems"] = [{"code": each.code} for each in found.problems]
        return await plain_reply(request, msgspec.json.encode(body))

    async def live(request: Request, parameters: Mapping[str, str]) -> Reply:
        return OK

    async def ready(request: Request, parameters: Mapping[str, str]) -> Reply:
        return OK if report().ready else STARTING

    return {"/health": health, "/health/live": live, "/health/ready": ready}
