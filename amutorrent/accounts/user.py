"""Who asks, as everything else sees it."""

from msgspec import Struct


class User(Struct, frozen=True):
    """A caller: `id` is None for the nameless admin of a daemon without authentication."""

    id: int | None
    name: str
    is_admin: bool
    permissions: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        """Say whether this user holds a permission; admins hold all."""
        return self.is_admin or permission in self.permissions


LOCAL_ADMIN = User(id=None, name="", is_admin=True)
"""Everybody, while authentication is off."""

NOBODY = User(id=None, name="", is_admin=False)
"""Who has not shown who they are."""
