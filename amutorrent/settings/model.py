"""The keys of config.json: types, defaults, meaning. Source: data-model 12."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from ..model import camel
from .access import AuthSettings, networks
from .section import Section

FORMAT = "1.0"
"""The format of config.json that this version writes."""

LogLevel = Literal["error", "warn", "info", "debug"]


class ServerSettings(Section):
    """Where the daemon listens, and how it is reached."""

    host: Annotated[str, Field(description="Address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="Port to listen on")] = 4000
    base_path: Annotated[str, Field(description="Path prefix behind a reverse proxy, such as /amutorrent")] = ""
    allowed_hosts: Annotated[
        tuple[str, ...], Field(description="Further names this daemon is reached by, beside addresses and local names")
    ] = ()
    trusted_proxies: Annotated[
        tuple[str, ...],
        Field(description="Addresses and networks of reverse proxies whose forwarded headers are believed"),
    ] = ()
    log_level: Annotated[LogLevel, Field(description="The least important records that are logged")] = "info"
    auth: AuthSettings = AuthSettings()

    @property
    def loopback(self) -> bool:
        """Whether this machine alone reaches the daemon."""
        return _reaches_this_machine_alone(self.host)

    @field_validator("host")
    @classmethod
    def _address(cls, value: str) -> str:
        host = value.strip().removeprefix("[").removesuffix("]")
        if host == "localhost":
            return host
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise ValueError("it should be an address, such as 127.0.0.1, 0.0.0.0 or ::") from None
        return host

    @field_validator("base_path")
    @classmethod
    def _prefix(cls, value: str) -> str:
        path = value.strip().strip("/")
        if not re.fullmatch(r"[A-Za-z0-9._~/-]*", path) or {"..", "."} & {*path.split("/")} or "//" in path:
            raise ValueError("it should be a path such as /amutorrent")
        return f"/{path}" if path else ""

    @field_validator("allowed_hosts")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not re.fullmatch(r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+\]?", name):
                raise ValueError(
                    "each should be a host name without scheme, port or path, such as downloads.example.org"
                )
        return tuple(name.lower() for name in value)

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        networks(value)
        return value

    @field_validator("auth")
    @classmethod
    def _who_is_let_in(cls, value: AuthSettings, info: ValidationInfo) -> AuthSettings:
        host, proxies = info.data.get("host"), info.data.get("trusted_proxies")
        if not value.enabled and not value.allow_insecure and host and not _reaches_this_machine_alone(host):
            raise ValueError(
                f"authentication is off, and other machines reach {host}, so everyone would be an admin: leave it on, "
                "set server.host to 127.0.0.1, or set server.auth.allowInsecure to true if that is what you want"
            )
        proxy = value.trusted_proxy
        if proxy.enabled and not proxy.username_header:
            raise ValueError("trustedProxy.usernameHeader is required: the header in which the proxy names the user")
        if proxy.enabled and proxies == ():
            raise ValueError("trustedProxy needs server.trustedProxies: the addresses of the proxies to believe")
        return value


def _reaches_this_machine_alone(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


class DirectorySettings(Section):
    """Where things lie."""

    logs: Annotated[str, Field(description="Folder of the log files; empty: `logs` in the data directory")] = ""
    browse: Annotated[
        tuple[str, ...], Field(description="Folders that may be looked into when a path is chosen, with all below them")
    ] = ("/",)

    @field_validator("browse")
    @classmethod
    def _roots(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for path in value:
            if not path.startswith("/") or "\0" in path or ".." in path.split("/"):
                raise ValueError("each should be an absolute path without '..', such as /srv/downloads")
        return value


class DiskSettings(Section):
    """When a disk counts as nearly full."""

    warn_below: Annotated[
        int, Field(ge=0, le=2**63 - 1, description="Free bytes below which a disk counts as nearly full; 0: never")
    ] = 5 << 30


class HistorySettings(Section):
    """What is kept of downloads that are over."""

    enabled: Annotated[bool, Field(description="Whether it is written down what becomes of downloads")] = True
    retention_days: Annotated[
        int,
        Field(ge=0, le=1_000_000, description="Days after which a row is deleted, at three in the morning; 0: never"),
    ] = 0


class UpdateSettings(Section):
    """Whether the daemon asks for newer releases: nobody is asked unless somebody wants it."""

    feed: Annotated[
        str, Field(description="URL that answers with the latest release, as forges do; required for the check")
    ] = ""
    check: Annotated[bool, Field(description="Whether to ask a few times a day for newer releases")] = False

    @field_validator("feed")
    @classmethod
    def _url(cls, value: str) -> str:
        value = value.strip()
        if value and not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
            raise ValueError("it should be a URL such as https://forge.example/api/repos/me/it/releases/latest")
        return value

    @field_validator("check")
    @classmethod
    def _has_a_feed(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("feed") == "":
            raise ValueError("it needs updates.feed: the URL to ask")
        return value


class DatabaseSettings(Section):
    """Where accounts, categories and records are kept."""

    url: Annotated[
        SecretStr, Field(description="SQLAlchemy URL; empty: the SQLite file `amutorrent.db` in the data directory")
    ] = SecretStr("")

    @field_validator("url")
    @classmethod
    def _known(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            from ..store.place import locate  # late: SQLAlchemy is slow to import, and most have no URL here

            locate(value.get_secret_value(), Path("/"))
        return value

    @property
    def secrets(self) -> set[str]:
        """What must never be shown: the password, and the URL that holds it."""
        url = self.url.get_secret_value()
        if not url:
            return set()
        from ..store.place import locate

        hidden = locate(url, Path("/")).secrets
        return {*hidden, url} if hidden else set()


class ClientEntry(BaseModel):
    """What the host itself reads of an entry of `clients`; the rest is the client type's own."""

    model_config = ConfigDict(alias_generator=camel, extra="ignore", frozen=True)

    type: Annotated[str, Field(description="The client type")]
    id: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9._-]+$", max_length=200, description="The instance id")] = None
    name: Annotated[str, Field(max_length=200, description="The name for people; empty: the type's")] = ""
    color: Annotated[str | None, Field(pattern=r"^#[0-9A-Fa-f]{6}$", description="Colour of the badge")] = None
    enabled: Annotated[bool, Field(description="Whether it is connected at all")] = True
    category_sync: Annotated[bool, Field(description="Whether its categories and the app's are kept the same")] = True
    category_sync_in: Annotated[
        bool | None, Field(description="Whether categories that it defines come in; null: as categorySync")
    ] = None
    category_sync_out: Annotated[
        bool | None, Field(description="Whether the app's categories go out to it; null: as categorySync")
    ] = None


class HostSettings(BaseSettings):
    """All keys that the host knows. Entries of `clients` and sections of `plugins` are open here."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    version: Annotated[str, Field(description="The format of this file")] = FORMAT
    server: ServerSettings = ServerSettings()
    directories: DirectorySettings = DirectorySettings()
    database: DatabaseSettings = DatabaseSettings()
    disk: DiskSettings = DiskSettings()
    history: HistorySettings = HistorySettings()
    updates: UpdateSettings = UpdateSettings()
    clients: tuple[dict[str, Any], ...] = ()  # Any: checked by the client type's own model, once plugins are loaded
    plugins: dict[str, dict[str, Any]] = {}  # Any: checked by the plugin's own model

    @field_validator("version")
    @classmethod
    def _known_format(cls, value: str) -> str:
        found = re.fullmatch(r"([0-9]{1,9})\.[0-9]{1,9}", value)
        if not found:
            raise ValueError(f'it should be "{FORMAT}"')
        if int(found[1]) > int(FORMAT.split(".")[0]):
            raise ValueError(f"the file was written by a newer version of this program, which reads {FORMAT}")
        return value

    @classmethod
    def of(cls, tree: dict[str, Any]) -> "HostSettings":  # Any: JSON values
        """Check what all layers say together. Raises `pydantic.ValidationError`."""
        given: dict[str, Any] = {"tree": tree}  # Any: for the source below, not a field
        return cls(**given)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read from the one source below, so that the precedence is the same for every key."""
        return (Layers(settings_cls, init_settings),)


class Layers(PydanticBaseSettingsSource):
    """Defaults, config.json, environment and flags, laid over each other key by key and list item by list item.

    The stock sources replace a list as a whole, and keep no record of where a value came from.
    """

    def __init__(self, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        assert isinstance(init_settings, InitSettingsSource)
        self._tree: dict[str, Any] = init_settings.init_kwargs["tree"]  # Any: JSON values

    def get_field_value(self, field: object, field_name: str) -> tuple[Any, str, bool]:  # Any: of the base class
        """Give the value of one key."""
        return self._tree.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:  # Any: of the base class
        """Give all values."""
        return self._tree
