"""The app's categories: list, create, change, delete. Source: http-api 8, websocket 4.1, data-model 7."""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from ..catalogue import Catalogue
from ..errors import Conflict, InvalidRequest
from ..model import DEFAULT, GREY, Category, camel
from .call import Call
from .declare import operation
from .requests import Nothing, category_by_id, checked_category_name, checked_path

NEEDS = "manage_categories"
LONGEST_KEY = 300

Color = Annotated[int, Meta(ge=0, le=0xFFFFFF, description="BGR: 255 is red, 16711680 blue")]
Rank = Annotated[int, Meta(ge=0, le=3, description="0 normal, 1 high, 2 low, 3 auto")]
Mappings = dict[str, str]
Changes = dict[str, object]


class CategoriesUpdate(Struct, frozen=True, tag="categories-update", rename=camel):
    """All categories, and where each client puts what has none; sent whenever a category changed."""

    data: list[Category]
    client_default_paths: dict[str, str]
    has_path_warnings: bool


def categories_update(catalogue: Catalogue) -> CategoriesUpdate:
    """Say what the categories are now."""
    return CategoriesUpdate(catalogue.categories.all(), catalogue.default_paths(), catalogue.categories.warned)


@operation("getCategories", http="GET /api/v1/categories")
async def categories(request: Nothing, call: Call) -> CategoriesUpdate:
    """List all categories, `Default` first."""
    return categories_update(call.catalogue)


class NewCategory(Struct, frozen=True, kw_only=True, rename=camel):
    """A category to be made. `title` is trimmed, 1-100 characters; `pathMappings`: instance id or type -> our path."""

    title: str
    path: str = ""
    comment: str = ""
    color: Color = GREY
    priority: Rank = 0
    path_mappings: Mappings | None = None


class ChangedCategory(Struct, frozen=True, kw_only=True, rename=camel):
    """What is to change of a category; what is left out stays as it is."""

    title: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    comment: str | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    priority: Rank | UnsetType = UNSET
    path_mappings: Mappings | UnsetType | None = UNSET


class NamedChange(ChangedCategory, frozen=True, kw_only=True, rename=camel):
    """The category called `name`, and what is to change of it; another `title` renames it."""

    name: str


class CategoryName(Struct, frozen=True):
    """The category called `name`."""

    name: str


class CreateCategory(Struct, frozen=True):
    """A category to be made."""

    category: NewCategory


class UpdateCategory(Struct, frozen=True):
    """The category with this integer id, and what is to change of it."""

    id: int
    category: ChangedCategory


class CategoryId(Struct, frozen=True):
    """The category with this integer id."""

    id: int


class CategorySaved(Struct, frozen=True, kw_only=True, rename=camel):
    """A category as it is saved. `warnings`: a text for each instance that could not be brought in line with it."""

    success: bool
    message: str
    category: Category
    warnings: list[str]


class CategoryCreated(CategorySaved, frozen=True, kw_only=True, tag="category-created"):
    """A category that was made."""


class CategoryUpdated(CategorySaved, frozen=True, kw_only=True, tag="category-updated"):
    """A category that was changed."""


class CategoryDeleted(Struct, frozen=True, kw_only=True, tag="category-deleted", omit_defaults=True):
    """A category that was deleted. `warnings`, if any: a text for each instance that still has it."""

    success: bool
    message: str
    warnings: list[str] = []


@operation("postCategory", http="POST /api/v1/categories", needs=NEEDS, socket=False)
async def post_category(request: NewCategory, call: Call) -> CategoryCreated:
    """Create a category, in every connected client that has categories too."""
    return await _create(request, call, "")


@operation("createCategory", needs=NEEDS)
async def create_category(request: CreateCategory, call: Call) -> CategoryCreated:
    """Create a category, in every connected client that has categories too."""
    return await _create(request.category, call, "category.")


@operation("putCategory", http="PUT /api/v1/categories", needs=NEEDS, socket=False)
async def put_category(request: NamedChange, call: Call) -> CategoryUpdated:
    """Change a category, here and in the clients; its items follow a rename."""
    return await _update(call.catalogue.categories.find(request.name), request, call, "")


@operation("updateCategory", needs=NEEDS)
async def update_category(request: UpdateCategory, call: Call) -> CategoryUpdated:
    """Change a category, here and in the clients; its items follow a rename."""
    return await _update(category_by_id(call, request.id), request.category, call, "category.")


@operation("removeCategory", http="DELETE /api/v1/categories", needs=NEEDS, socket=False)
async def remove_category(request: CategoryName, call: Call) -> CategoryDeleted:
    """Delete a category, here and in the clients; its items fall to `Default`."""
    return await _delete(call.catalogue.categories.find(request.name), call)


@operation("deleteCategory", needs=NEEDS)
async def delete_category(request: CategoryId, call: Call) -> CategoryDeleted:
    """Delete a category, here and in the clients; its items fall to `Default`."""
    return await _delete(category_by_id(call, request.id), call)


async def _create(request: NewCategory, call: Call, at: str) -> CategoryCreated:
    fields = _checked(asdict(request), at)
    made = await call.catalogue.define_category(Category(id=0, title=str(fields["name"]), **_typed(fields)))
    warnings = await call.category_sync.bring_in_line([made.name])
    return CategoryCreated(success=True, message="Category created", category=made, warnings=warnings)


async def _update(known: Category, request: ChangedCategory, call: Call, at: str) -> CategoryUpdated:
    given = {name: getattr(request, name) for name in ChangedCategory.__struct_fields__}
    changes = _checked({name: value for name, value in given.items() if value is not UNSET}, at)
    if known.name == DEFAULT:
        _see_default_stays(changes)
    changed = await call.catalogue.change_category(known.name, changes)
    warnings = await call.category_sync.bring_in_line({known.name, changed.name})
    return CategoryUpdated(success=True, message="Category updated", category=changed, warnings=warnings)


async def _delete(known: Category, call: Call) -> CategoryDeleted:
    if known.name == DEFAULT:
        raise Conflict("The category Default cannot be deleted", code="default_category_protected")
    await call.catalogue.remove_category(known.name)
    warnings = await call.category_sync.bring_in_line([known.name])
    return CategoryDeleted(success=True, message="Category deleted", warnings=warnings)


def _see_default_stays(changes: Mapping[str, object]) -> None:
    if changes.get("name", DEFAULT) != DEFAULT or changes.get("priority", 0) != 0:
        raise Conflict("Name and priority of the category Default are fixed", code="default_category_protected")


def _typed(fields: Changes) -> Any:  # Any: the fields of `NewCategory`, checked by msgspec when it was decoded
    return fields


def _checked(fields: Changes, at: str) -> Changes:
    """Let fields through, by their names in a `Category`. Raises `InvalidRequest` naming the one that is wrong.

    `at` is what stands before their names on the wire.
    """
    checked = dict(fields)
    if isinstance(title := checked.pop("title", None), str):
        checked["name"] = checked_category_name(title.strip(), f"{at}title")
    if isinstance(path := checked.get("path"), str) and path:
        checked["path"] = checked_path(path, f"{at}path")
    if "\0" in str(checked.get("comment", "")):
        raise InvalidRequest("A comment has no NUL", field=f"{at}comment")
    if isinstance(mappings := checked.get("path_mappings"), dict):
        checked["path_mappings"] = _checked_mappings(mappings, f"{at}pathMappings")
    return checked


def _checked_mappings(mappings: Mappings, field: str) -> Mappings | None:
    """Let mappings through; blank ones are dropped, and none at all is None."""
    found = {key: path.strip() for key, path in mappings.items() if path.strip()}
    for key, path in found.items():
        if not key.strip() or "\0" in key or len(key) > LONGEST_KEY:
            raise InvalidRequest("A mapping belongs to the id of an instance or to a client type", field=field)
        checked_path(path, f"{field}.{key}")
    return found or None
