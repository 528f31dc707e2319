"""The settings of one rTorrent. Source: data-model 12."""

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from amutorrent import ClientSettings, HostName, LocalPath, UrlPath, netloc

Mode = Literal["http", "scgi", "scgi-socket"]


class RTorrentSettings(ClientSettings):
    """Where its SCGI port, its socket or the web server in front of it is, and who we are there."""

    keep_secrets = frozenset({"username"})

    mode: Annotated[
        Mode,
        Field(
            title="Connection",
            description="http: a web server that passes on to rTorrent; scgi: its own port; scgi-socket: a Unix socket",
        ),
    ] = "http"
    host: Annotated[
        HostName,
        Field(title="Host", description="Name or address of the web server, or of the SCGI port (not for a socket)"),
    ] = ""
    port: Annotated[int, Field(ge=1, le=65535, title="Port", description="Port of the web server or of SCGI")] = 8000
    path: Annotated[UrlPath, Field(title="Path", description="Where the web server offers XML-RPC")] = "/RPC2"
    username: Annotated[str, Field(title="User name", description="Empty: the web server asks for none")] = ""
    password: Annotated[SecretStr, Field(title="Password")] = SecretStr("")
    use_ssl: Annotated[bool, Field(title="Use HTTPS", description="The web server speaks HTTPS")] = False
    socket_path: Annotated[
        LocalPath, Field(title="Socket", description="Absolute path of rTorrent's Unix socket (only for scgi-socket)")
    ] = ""

    @field_validator("socket_path")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if value and (not value.startswith("/") or not value.isprintable()):
            raise ValueError("an absolute path such as /run/rtorrent/rpc.socket")
        return value

    @model_validator(mode="after")
    def _has_an_address(self) -> "RTorrentSettings":
        if self.mode == "scgi-socket" and not self.socket_path:
            raise ValueError("socketPath is required for the mode scgi-socket")
        if self.mode != "scgi-socket" and not self.host:
            raise ValueError(f"host is required for the mode {self.mode}")
        return self

    def address(self) -> str:
        """Give `host-port`, or `socket-` and the path with `_` for what an id cannot have."""
        if self.mode == "scgi-socket":
            return "socket-" + re.sub(r"[^A-Za-z0-9._-]", "_", self.socket_path.lstrip("/"))
        return super().address()

    @property
    def where(self) -> str:
        """The place as messages name it, and for HTTP the URL that is asked."""
        if self.mode == "scgi-socket":
            return self.socket_path
        place = netloc(self.host, self.port)
        return place if self.mode == "scgi" else f"{'https' if self.use_ssl else 'http'}://{place}{self.path}"
