"""Categories. Source: data-model 7."""

from typing import Annotated

from msgspec import Meta, Struct

from .naming import camel

DEFAULT = "Default"
GREY = 13_421_772


class Category(Struct, frozen=True, kw_only=True, rename=camel):
    """An app category. `color` is BGR (255 is red); `path` is as the client sees it; `id` 0 is `Default`.

    `path_warnings` says what is wrong with `path`, and with each of the `path_mappings`. Times are ms since 1970:
    `updated_at` is when a person last changed it, `created_at` as long as nobody did.
    """

    id: int
    name: str
    title: str
    path: str = ""
    color: Annotated[int, Meta(ge=0, le=0xFFFFFF)] = GREY
    comment: str = ""
    priority: Annotated[int, Meta(ge=0, le=3)] = 0
    path_mappings: dict[str, str] | None = None
    path_warnings: dict[str, str | dict[str, str]] | None = None
    created_at: int | None = None
    updated_at: int | None = None

    @property
    def touched(self) -> bool:
        """Whether a person changed it since it is there."""
        return self.updated_at != self.created_at


class ClientCategory(Struct, frozen=True, kw_only=True, rename=camel):
    """A category as a client defines it."""

    name: str
    path: str = ""
