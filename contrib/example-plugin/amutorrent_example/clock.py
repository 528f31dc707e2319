"""A capability of our own, and the operation that uses it: let simulated time pass."""

from abc import abstractmethod
from typing import Annotated

from msgspec import Meta, Struct

from amutorrent import ADMIN, Call, Capability, camel, operation


class FastForward(Capability):
    """Let simulated time pass."""

    @abstractmethod
    async def fast_forward(self, seconds: int) -> None:
        """Return when the clock has gone on by so many seconds."""


class FastForwardRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """How far; without `instanceId` in the first connected instance that can do it."""

    seconds: Annotated[int, Meta(ge=1, le=600)]
    instance_id: str | None = None


class FastForwarded(Struct, frozen=True, kw_only=True, rename=camel, tag="example-fast-forwarded"):
    """The clock has gone on."""

    instance_id: str


@operation("fastForward", http="POST /api/v1/example/fast-forward", needs=ADMIN)
async def fast_forward(request: FastForwardRequest, call: Call) -> FastForwarded:
    """Let simulated seconds pass."""
    instance = call.instances.choose(request.instance_id, FastForward)
    await instance.call(FastForward, lambda client: client.fast_forward(request.seconds))
    instance.poke()
    return FastForwarded(instance_id=instance.id)
