"""A plugin's handle on its own settings. Source: design 3."""

from collections.abc import Mapping, Set
from typing import TypeVar

from pydantic import BaseModel

from ..client import ClientConfig, ClientSettings
from ..errors import NotFound
from .keys import Tree
from .settings import Settings

M = TypeVar("M", bound=BaseModel)


class PluginSettings:
    """The section `plugins.<name>`, and the client entries of the plugin's types."""

    def __init__(self, settings: Settings, name: str, client_types: Set[str] = frozenset()) -> None:
        self._settings = settings
        self._name = name
        self._client_types = client_types

    @property
    def values(self) -> dict[str, Tree]:
        """The section as it is written; text of variables is not converted. For a typed one: `read`."""
        return self._settings.plugin_section(self._name)

    def read(self, model: type[M]) -> M:
        """Give the section checked by a model. Raises `SettingsError` with all that is wrong."""
        return self._settings.read_plugin(self._name, model)

    async def save(self, changes: Mapping[str, Tree]) -> None:
        """Set keys of the section in config.json; values are JSON values.

        Raises `InvalidRequest` for a key that a variable or flag holds, `Conflict` (`config_changed`) if the file was
        edited by hand meanwhile, `StorageUnavailable` if it cannot be written; nothing is changed then.
        """
        await self._settings.save({("plugins", self._name, key): value for key, value in changes.items()})

    async def save_client(self, instance_id: str, changes: Mapping[str, Tree]) -> None:
        """Set keys of the entry of one of the plugin's own instances; they count from the next start on.

        Raises as `save` does, `InvalidRequest` for a wrong value, `NotFound` (`instance_not_found`).
        """
        order = self._entry(instance_id).order
        await self._settings.save({("clients", order, key): value for key, value in changes.items()})

    def client(self, instance_id: str) -> ClientSettings:
        """Give the settings of one of the plugin's own instances as they are saved now, started with them or not.

        Raises `NotFound` (`instance_not_found`).
        """
        settings = self._entry(instance_id).settings
        if settings is None:
            raise NotFound(f"{instance_id} has no settings that fit", code="instance_not_found")
        return settings

    def _entry(self, instance_id: str) -> ClientConfig:
        for config in self._settings.clients:
            if config.id == instance_id and config.type in self._client_types:
                return config
        raise NotFound(f"{self._name} has no instance {instance_id!r}", code="instance_not_found")
