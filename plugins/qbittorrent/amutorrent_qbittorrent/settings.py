"""The settings of one qBittorrent. Source: data-model 12."""

from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from amutorrent import ClientSettings


class QBittorrentSettings(ClientSettings):
    """Where its Web UI is, and who we are there."""

    host: Annotated[str, Field(min_length=1, title="Host", description="Name or address of qBittorrent's Web UI")]
    port: Annotated[int, Field(ge=1, le=65535, title="Port", description="Port of the Web UI")] = 8080
    path: Annotated[
        str, Field(title="Path", description="Path prefix, only behind a reverse proxy that serves it below one")
    ] = ""
    username: Annotated[
        str, Field(title="User name", description="Empty: the Web UI lets this address in without a login")
    ] = "admin"
    password: Annotated[SecretStr, Field(title="Password")] = SecretStr("")
    use_ssl: Annotated[
        bool, Field(title="Use HTTPS", description="The Web UI, or the proxy before it, speaks HTTPS")
    ] = False
    api_key: Annotated[
        SecretStr, Field(title="API key", description="Instead of user name and password, from qBittorrent 5.2 on")
    ] = SecretStr("")

    @field_validator("host")
    @classmethod
    def _bare_host(cls, value: str) -> str:
        host = value.strip().removeprefix("[").removesuffix("]")
        if not host or any(c in host for c in "/@?#[]") or any(c.isspace() or not c.isprintable() for c in host):
            raise ValueError("only a host name or an address, without http://, port or path")
        return host

    @field_validator("path")
    @classmethod
    def _bare_path(cls, value: str) -> str:
        path = value.strip().strip("/")
        if any(c in path for c in "?#\\") or any(c.isspace() or not c.isprintable() for c in path):
            raise ValueError("only a path such as /qbittorrent")
        return f"/{path}" if path else ""

    @field_validator("api_key")
    @classmethod
    def _bare_key(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value().strip()
        if not key.isascii() or any(c.isspace() or not c.isprintable() for c in key):
            raise ValueError("an API key has letters, digits and underscores only")
        return SecretStr(key)

    @property
    def origin(self) -> str:
        """Scheme, host and port, as they stand in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.use_ssl else 'http'}://{host}:{self.port}"

    @property
    def api(self) -> str:
        """The URL that every endpoint's path is put behind."""
        return f"{self.origin}{self.path}/api/v2/"
