"""The section `plugins.torznab`. Source: data-model 12."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from amutorrent import camel


class TorznabSettings(BaseModel):
    """Which client is searched, and how patiently."""

    model_config = ConfigDict(alias_generator=camel, populate_by_name=True, extra="forbid", frozen=True)

    instance_id: Annotated[
        str | None,
        Field(
            title="Client",
            description="Instance to search; none: the first connected one that can",
            json_schema_extra={"format": "instance"},
        ),
    ] = None
    search_delay_seconds: Annotated[
        int, Field(ge=0, title="Delay", description="Seconds between two searches of one client, at least")
    ] = 10
    cache_seconds: Annotated[
        int, Field(ge=0, title="Cache", description="Seconds for which the same search is not made again")
    ] = 600
    deadline_seconds: Annotated[
        int, Field(ge=5, le=95, title="Deadline", description="Seconds for a whole answer; the apps give up at 100")
    ] = 90
