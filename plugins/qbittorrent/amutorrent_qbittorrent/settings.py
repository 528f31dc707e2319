"""The settings of one qBittorrent. Source: data-model 12."""

from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from amutorrent import ClientSettings, HostName, UrlPath, netloc


class QBittorrentSettings(ClientSettings):
    """Where its Web UI is, and who we are there."""

    keep_secrets = frozenset({"username"})

    host: Annotated[HostName, Field(min_length=1, title="Host", description="Name or address of qBittorrent's Web UI")]
    port: Annotated[int, Field(ge=1, le=65535, title="Port", description="Port of the Web UI")] = 8080
    path: Annotated[
        UrlPath, Field(title="Path", description="Path prefix, only behind a reverse proxy that serves it below one")
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
        return f"{'https' if self.use_ssl else 'http'}://{netloc(self.host, self.port)}"

    @property
    def api(self) -> str:
        """The URL that every endpoint's path is put behind."""
        return f"{self.origin}{self.path}/api/v2/"
