"""Who may do what."""

from .accounts import Accounts
from .asking import ASKING, Asking
from .owners import Owners
from .user import LOCAL_ADMIN, NOBODY, User

__all__ = ["ASKING", "LOCAL_ADMIN", "NOBODY", "Accounts", "Asking", "Owners", "User"]
