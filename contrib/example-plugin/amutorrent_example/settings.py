"""The settings of one simulated client."""

from typing import Annotated

from pydantic import Field

from amutorrent import ClientSettings


class ExampleSettings(ClientSettings):
    """Which downloads there are at the beginning."""

    seed: Annotated[str, Field(pattern="^[a-z0-9]{1,40}$", title="Seed", description="Same seed, same downloads")] = (
        "demo"
    )
    items: Annotated[int, Field(ge=0, le=10_000, title="Items", description="Downloads at the beginning")] = 12

    def address(self) -> str:
        """There is no host and no port: the seed tells one client from another."""
        return self.seed
