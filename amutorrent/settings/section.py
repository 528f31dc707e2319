"""What all sections of config.json have in common."""

from pydantic import BaseModel, ConfigDict

from ..model import camel


class Section(BaseModel):
    """One section of config.json."""

    model_config = ConfigDict(alias_generator=camel, extra="forbid", frozen=True)
