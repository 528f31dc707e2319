"""What many requests have in common: item lists, names, paths. Source: http-api 1 and 4."""

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import fields

from ..capabilities import Capability
from ..errors import InvalidRequest, NotFound, Unsupported
from ..instances import Instance
from ..model import DEFAULT, Category, camel
from .call import Call

AnyHash = Annotated[str, Meta(pattern="^[0-9A-Fa-f]{32,64}$", description="hex, any case")]
Text = Annotated[str, Meta(min_length=1)]


class Nothing(Struct, frozen=True):
    """A request without fields."""


class InstanceChoice(Struct, frozen=True, kw_only=True, rename=camel):
    """Which instance; without it the first connected one, in config order, that can do it."""

    instance_id: str | None = None


class ItemRef(Struct, frozen=True, kw_only=True, rename=camel):
    """One item of a batch. Without `instanceId` the only instance that holds the hash; `fileName` is for messages."""

    file_hash: AnyHash
    instance_id: str | None = None
    file_name: str | None = None


Items = Annotated[list[ItemRef], Meta(min_length=1, max_length=1000)]


class BatchRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """1-1000 items."""

    items: Items


class ItemResult(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """What became of one item of a batch; `error` and `code` where it failed; `skipped`: nothing was to be done."""

    file_hash: str
    success: bool
    instance_id: str | None = None
    skipped: bool = False
    error: str | None = None
    code: str | None = None


def checked_path(path: str, field: str) -> str:
    """Let an absolute path through, without `..` and NUL. Raises `InvalidRequest` naming the field."""
    if not path.startswith("/") or "\0" in path or ".." in path.split("/"):
        raise InvalidRequest("This must be an absolute path without '..'", field=field)
    return path


def see_no_nul(request: Struct) -> None:
    """Refuse a text with a NUL in what is asked of the database, which ends there for one and is none for the other.

    Raises `InvalidRequest` naming the field.
    """
    for each in fields(request):
        text = getattr(request, each.name)
        if isinstance(text, str) and "\0" in text:
            raise InvalidRequest("This must be a text without NUL", field=each.encode_name)


async def category_for(call: Call, name: str | None) -> Category | None:
    """Find the category that a request names; "" and `Default` are none.

    An unknown one is created if the caller may do that. Raises `NotFound` (`category_not_found`), and
    `StorageUnavailable` if it cannot be saved: nothing is done then.
    """
    if not name or name == DEFAULT:
        return None
    categories = call.catalogue.categories
    found = categories.get(name)
    if found is None:
        if not call.user.may("manage_categories"):
            raise NotFound(f"There is no category {name!r}", code="category_not_found")
        found = await call.catalogue.create_category(checked_category_name(name, "categoryName"))
    return found


def category_by_id(call: Call, id: int) -> Category:
    """Find a category by its integer id. Raises `NotFound` (`category_not_found`)."""
    for category in call.catalogue.categories.all():
        if category.id == id:
            return category
    raise NotFound(f"There is no category with the id {id}", code="category_not_found")


def checked_category_name(name: str, field: str) -> str:
    """Let a category name through: trimmed, 1-100 characters, no `/`, `\\`, NUL, `..`. Raises `InvalidRequest`."""
    if name != name.strip() or not 1 <= len(name) <= 100 or ".." in name or any(c in name for c in "/\\\0"):
        raise InvalidRequest("A category has 1-100 characters, no '/', '\\', '..'", field=field)
    return name


def require(instance: Instance, kind: type[Capability]) -> None:
    """Raise `Unsupported` if an instance lacks a capability."""
    if not instance.has(kind):
        raise Unsupported(kind.capability)
