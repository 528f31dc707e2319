"""Plugins as they are listed. Source: http-api 6."""

from typing import Literal

from msgspec import Struct

from .naming import camel

PluginState = Literal["loaded", "quarantined", "off"]


class Provides(Struct, frozen=True, kw_only=True, rename=camel):
    """What a plugin contributes, by name."""

    client_types: list[str] = []
    operations: list[str] = []
    surfaces: list[str] = []
    services: list[str] = []


class PluginInfo(Struct, frozen=True, kw_only=True, rename=camel):
    """One plugin that was found. `reason`: one sentence, why it is not loaded."""

    name: str
    version: str
    api_version: str | None
    bundled: bool
    state: PluginState
    reason: str | None
    provides: Provides
