"""Who may do what."""

from .accounts import Accounts
from .user import LOCAL_ADMIN, User

__all__ = ["LOCAL_ADMIN", "Accounts", "User"]
