"""Which sets of permissions make sense. Source: data-model 8."""

from collections.abc import Iterable

from ..errors import InvalidRequest
from ..model.permissions import EDIT_ALL, FULL, VIEW_ALL


def check_permissions(names: Iterable[str]) -> frozenset[str]:
    """Give a set of permissions. Raises `InvalidRequest` for names that are none, and sets that make no sense."""
    found = frozenset(names)
    unknown = sorted(found - FULL)
    if unknown:
        raise InvalidRequest(f"There is no permission {unknown[0]!r}", field="capabilities")
    if EDIT_ALL in found and VIEW_ALL not in found:
        raise InvalidRequest(f"{EDIT_ALL} needs {VIEW_ALL} as well", field="capabilities")
    return found
