"""A plugin with a client that keeps a secret: the example client behind a password, at addresses that are not there."""

from contextlib import asynccontextmanager
from typing import Annotated, ClassVar

import trio
from amutorrent_example.client import Example
from amutorrent_example.world import World
from pydantic import BaseModel, Field, SecretStr

import amutorrent as am

PLUGIN_API = am.PLUGIN_API
OPENED: list[str] = []
"""The ids of the instances that were opened, in order."""
ANSWERS: dict[int, object] = {}
"""What is recognised at a port: a version, None, an error, or "hang"."""


class VaultSettings(am.ClientSettings):
    """Where it is, and the password."""

    keep_secrets: ClassVar = frozenset({"username", "note"})

    host: Annotated[am.HostName, Field(min_length=1, title="Host", description="Where it is")]
    port: Annotated[int, Field(ge=1, le=65535, title="Port")] = 7000
    username: str = "me"
    password: Annotated[SecretStr, Field(title="Password")] = SecretStr("")
    note: str | None = None


class Vault(Example):
    """Opens for the right password alone."""

    type = "vault"
    label = "Vault"
    Settings = VaultSettings
    usual_places = (am.Place(port=7000), am.Place(port=7001, settings={"note": "x"}), am.Place(port=7002, host="::1"))

    @classmethod
    async def recognise(cls, place):
        answer = ANSWERS.get(place.port)
        if isinstance(answer, Exception):
            raise answer
        if answer == "hang":
            await trio.sleep_forever()
        return answer

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, services):
        OPENED.append(services.instance_id)
        if settings.password.get_secret_value() != "right":
            raise am.AuthRejected("wrong password")
        yield cls(World(settings.host, 3))


class VaultSection(BaseModel):
    """The plugin's own section."""

    colour: Annotated[str, Field(title="Colour")] = "blue"
    token: SecretStr = SecretStr("")


@am.hookimpl
def register_client_types(register):
    register(Vault)
