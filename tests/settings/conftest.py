"""A folder with a config.json, and settings read from it by the types of a small client."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import Field, SecretStr

from amutorrent import ClientSettings
from amutorrent.errors import SettingsError
from amutorrent.settings import Settings


class DemoSettings(ClientSettings):
    """What a client of the type `demo` needs."""

    keep_secrets: ClassVar = frozenset({"roots"})

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    password: SecretStr = SecretStr("")
    use_ssl: bool = False
    roots: tuple[str, ...] = ()


class Demo:
    """What the settings need of a client class."""

    type = "demo"
    label = "Demo client"
    Settings = DemoSettings


class BrokenSettings(ClientSettings):
    """A plugin's mistake."""

    def address(self) -> str:
        raise KeyError("oops")


class Broken:
    """A client class of a plugin with a mistake."""

    type = "broken"
    label = "Broken client"
    Settings = BrokenSettings


TYPES: dict[str, Any] = {"demo": Demo, "broken": Broken}
UNAVAILABLE = {"gone": "it was written for plugin API 9.0"}


@dataclass
class Folder:
    """A data directory."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "config.json"

    def write(self, content: Any) -> "Folder":
        """Write config.json: bytes or text as they are, everything else as JSON."""
        if isinstance(content, str):
            content = content.encode()
        self.config.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return self

    def read(self, environ: Mapping[str, str] = MappingProxyType({}), **flags: Any) -> Settings:
        """Read the settings; flags by their names, such as `port=1`."""
        named = {f"--{name.replace('_', '-')}": value for name, value in flags.items()}
        settings = Settings(self.path, environ=environ, flags=named)
        settings.resolve_clients(TYPES, UNAVAILABLE)
        return settings

    def outcome(self) -> Settings | SettingsError:
        """Read the settings, or give the error."""
        try:
            return self.read()
        except SettingsError as error:
            return error

    def saved(self) -> Any:
        """Give what config.json holds now."""
        return json.loads(self.config.read_bytes())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give an empty data directory."""
    return Folder(tmp_path)
