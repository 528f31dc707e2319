"""The settings of one aMule. Source: data-model 12."""

from typing import Annotated

from pydantic import Field, SecretStr

from amutorrent import ClientSettings, HostName, LocalPath, netloc


class AMuleSettings(ClientSettings):
    """Where its External Connections are, and where its list of shared directories lies."""

    keep_secrets = frozenset({"shared_files_reload_interval_hours", "shared_dir_dat_path", "shared_dir_roots"})

    host: Annotated[HostName, Field(min_length=1, title="Host", description="Name or address of aMule's machine")]
    port: Annotated[int, Field(ge=1, le=65535, title="Port", description="Port of External Connections")] = 4712
    password: Annotated[
        SecretStr, Field(min_length=1, title="Password", description="Password of External Connections, in clear text")
    ]
    shared_files_reload_interval_hours: Annotated[
        int, Field(ge=0, le=8760, title="Rescan shares every (hours)", description="0: never")
    ] = 3
    shared_dir_dat_path: Annotated[
        LocalPath,
        Field(title="Path of shareddir.dat", description="As this program sees it; empty: not managed from here"),
    ] = ""
    shared_dir_roots: Annotated[
        tuple[LocalPath, ...], Field(title="Shared folders", description="Each is shared with all folders below it")
    ] = ()

    @property
    def where(self) -> str:
        """Host and port, as they are shown in messages."""
        return netloc(self.host, self.port)
