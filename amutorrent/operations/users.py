"""Managing the accounts of others. Source: http-api 13."""

from msgspec import UNSET, Struct, UnsetType

from ..accounts.users import UserChanges
from ..accounts.view import UserView, view_of
from ..errors import InvalidRequest
from ..model import camel
from ..model.account import Account
from .call import Call
from .declare import ADMIN, operation
from .own_account import NewKey, SessionsEnded, Stored
from .requests import Nothing


class UserId(Struct, frozen=True, kw_only=True, rename=camel):
    """Which account."""

    id: int


class NewUser(Struct, frozen=True, kw_only=True, rename=camel):
    """An account to be made; without a password it signs in by API key or proxy only."""

    username: str
    password: str | None = None
    is_admin: bool = False
    disabled: bool = False
    capabilities: list[str] = []


class ChangeUser(Struct, frozen=True, kw_only=True, rename=camel):
    """What is to change of an account; what is left out stays."""

    id: int
    username: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    capabilities: list[str] | UnsetType = UNSET


class UserReply(Struct, frozen=True, kw_only=True, rename=camel):
    """One account."""

    user: UserView
    success: bool = True


class UserList(Struct, frozen=True, kw_only=True, rename=camel):
    """All accounts, by name."""

    users: list[UserView]
    success: bool = True


@operation("listUsers", http="GET /api/users", needs=ADMIN, socket=False)
async def list_users(request: Nothing, call: Call) -> UserList:
    """List all accounts."""
    return UserList(users=[_seen_by(call, each) for each in call.accounts.users.all()])


@operation("createUser", http="POST /api/users", needs=ADMIN, socket=False, status=201, errors=("already_exists",))
async def create_user(request: NewUser, call: Call) -> UserReply:
    """Make an account."""
    made = await call.accounts.users.create(
        request.username,
        request.password,
        is_admin=request.is_admin,
        disabled=request.disabled,
        permissions=request.capabilities,
    )
    return UserReply(user=_seen_by(call, made))


@operation("getUser", http="GET /api/users/{id}", needs=ADMIN, socket=False, errors=("not_found",))
async def get_user(request: UserId, call: Call) -> UserReply:
    """Show one account."""
    return UserReply(user=_seen_by(call, call.accounts.users.get(request.id)))


@operation("changeUser", http="PUT /api/users/{id}", needs=ADMIN, socket=False, errors=("not_found", "already_exists"))
async def change_user(request: ChangeUser, call: Call) -> UserReply:
    """Change an account. A new name, password, admin flag or permission list, and disabling, end its sessions."""
    permissions = UNSET if request.capabilities is UNSET else frozenset(request.capabilities)
    changes = UserChanges(
        name=request.username,
        password=request.password,
        is_admin=request.is_admin,
        disabled=request.disabled,
        permissions=permissions,
    )
    mine = call.visit.proof if call.visit and request.id == call.user.id else None
    keep = mine.session if mine else None
    return UserReply(user=_seen_by(call, await call.accounts.users.change(request.id, changes, keep=keep)))


@operation("removeUser", http="DELETE /api/users/{id}", needs=ADMIN, socket=False, errors=("not_found",))
async def remove_user(request: UserId, call: Call) -> Stored:
    """Remove an account; its downloads belong to nobody then, and the history keeps its name."""
    if request.id == call.user.id:
        raise InvalidRequest("Nobody removes the own account: another admin may do it")
    await call.accounts.users.remove(request.id)
    return Stored()


@operation("endUserSessions", http="DELETE /api/users/{id}/sessions", needs=ADMIN, socket=False, errors=("not_found",))
async def end_user_sessions(request: UserId, call: Call) -> SessionsEnded:
    """Sign an account out everywhere: all its sessions end, and their sockets close; its API key stays."""
    account = call.accounts.users.get(request.id)
    return SessionsEnded(ended=await call.accounts.sessions.end_all(account.id))


@operation("newUserApiKey", http="POST /api/users/{id}/api-key", needs=ADMIN, socket=False, errors=("not_found",))
async def new_user_api_key(request: UserId, call: Call) -> NewKey:
    """Make a new API key for an account; the old one is dead at once."""
    return NewKey(api_key=await call.accounts.users.new_key(request.id))


def _seen_by(call: Call, account: Account) -> UserView:
    """Show an account: its key is for its owner's eyes alone."""
    return view_of(account, call.accounts.users.key_of(account)) if account.id == call.user.id else view_of(account)
