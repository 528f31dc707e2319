"""Who may do what."""

from .user import LOCAL_ADMIN, User

__all__ = ["LOCAL_ADMIN", "User"]
