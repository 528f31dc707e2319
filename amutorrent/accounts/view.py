"""An account as people see it. Source: data-model 8."""

from msgspec import Struct

from ..model import camel
from ..model.account import Account
from .user import User

MASK = "********"


class UserView(Struct, frozen=True, kw_only=True, rename=camel):
    """One user. `apiKey` is in clear on one's own account alone; times are milliseconds since the epoch.

    The nameless admin of a daemon without authentication has `id` and `apiKey` null.
    """

    id: int | None
    username: str
    is_admin: bool
    disabled: bool
    has_password: bool
    api_key: str | None
    capabilities: list[str]
    created_at: int | None
    updated_at: int | None
    last_login_at: int | None


def view_of(account: Account, api_key: str = MASK) -> UserView:
    """Show an account, with its key masked unless one is given."""
    return UserView(
        id=account.id,
        username=account.name,
        is_admin=account.is_admin,
        disabled=account.disabled,
        has_password=account.password_hash is not None,
        api_key=api_key,
        capabilities=sorted(account.permissions),
        created_at=account.created_at,
        updated_at=account.updated_at,
        last_login_at=account.last_login_at,
    )


def view_of_nameless(user: User) -> UserView:
    """Show somebody who has no account."""
    return UserView(
        id=None,
        username=user.name,
        is_admin=user.is_admin,
        disabled=False,
        has_password=False,
        api_key=None,
        capabilities=sorted(user.permissions),
        created_at=None,
        updated_at=None,
        last_login_at=None,
    )
