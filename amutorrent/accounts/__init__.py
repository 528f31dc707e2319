"""Who may do what."""

from .accounts import Accounts
from .owners import Owners
from .user import LOCAL_ADMIN, NOBODY, User

__all__ = ["LOCAL_ADMIN", "NOBODY", "Accounts", "Owners", "User"]
