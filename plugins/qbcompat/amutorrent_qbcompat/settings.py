"""The settings of the plugin: the section `plugins.qbcompat`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

InstanceId = Annotated[str, Field(pattern="^[A-Za-z0-9._-]{1,300}$", json_schema_extra={"format": "instance"})]


class QbcompatSettings(BaseModel):
    """Which clients the programs see behind `/api/v2`."""

    model_config = ConfigDict(extra="forbid")

    clients: Annotated[
        Literal["ed2k", "all"] | list[InstanceId],
        Field(title="Clients", description="`ed2k`: all that take ED2K links; `all`; or a list of instance ids"),
    ] = "ed2k"
