"""Signing in and out, and the first account. Source: http-api 6."""

from msgspec import Struct

from ..accounts import LOCAL_ADMIN
from ..errors import Conflict
from ..model import camel
from .call import Call, Visit
from .declare import PUBLIC, SETUP, operation
from .requests import Nothing


class Login(Struct, frozen=True, kw_only=True, rename=camel):
    """Who wants to sign in; with `rememberMe` for 30 days instead of one."""

    username: str
    password: str
    remember_me: bool = False


class Setup(Struct, frozen=True, kw_only=True, rename=camel):
    """The first account; `token` is that of the link that the daemon prints at its start."""

    token: str
    username: str
    password: str


class Done(Struct, frozen=True, kw_only=True, rename=camel):
    """It is done."""

    message: str
    success: bool = True


class AuthStatus(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """Whether somebody is signed in, and as whom; `retryAfter`: the seconds that this address has to wait.

    `sso`: a trusted proxy may sign people in; `session`: signing out ends something, so it was no proxy, nor a key.
    """

    auth_enabled: bool
    authenticated: bool
    has_users: bool
    sso: bool
    username: str | None = None
    is_admin: bool | None = None
    capabilities: list[str] | None = None
    session: bool | None = None
    retry_after: int | None = None


def visit_of(call: Call) -> Visit:
    """Give how the caller came; these operations are offered over HTTP alone."""
    assert call.visit is not None, "there is one over HTTP"
    return call.visit


@operation("login", http="POST /api/auth/login", needs=PUBLIC, socket=False, errors=("invalid_credentials",))
async def login(request: Login, call: Call) -> Done:
    """Sign in by name and password: the answer sets the cookie `amule.sid`."""
    visit = visit_of(call)
    if call.user != LOCAL_ADMIN:
        visit.begun = await call.accounts.credentials.sign_in(
            request.username, request.password, visit.address, remember=request.remember_me
        )
    return Done(message="Login successful")


@operation("setup", http="POST /api/auth/setup", needs=SETUP, socket=False, errors=("invalid_credentials",))
async def set_up(request: Setup, call: Call) -> Done:
    """Make the first account, an admin, and sign it in. The token stands in the link printed at the start."""
    visit = visit_of(call)
    if call.user == LOCAL_ADMIN:
        raise Conflict("Authentication is off: everybody is an admin")
    visit.begun = await call.accounts.setup.create(request.token, request.username, request.password, visit.address)
    return Done(message="Account created")


@operation("logout", http="POST /api/auth/logout", needs=PUBLIC, socket=False)
async def logout(request: Nothing, call: Call) -> Done:
    """End the session of the cookie."""
    visit = visit_of(call)
    if visit.proof is not None and visit.proof.session is not None:
        await call.accounts.sessions.end(visit.proof.session)
    visit.ended = True
    return Done(message="Logged out")


@operation("authStatus", http="GET /api/auth/status", needs=PUBLIC, socket=False)
async def auth_status(request: Nothing, call: Call) -> AuthStatus:
    """Say whether the caller is signed in, and as whom."""
    visit, user = visit_of(call), call.user
    if user == LOCAL_ADMIN:
        return AuthStatus(
            auth_enabled=False,
            authenticated=True,
            has_users=True,
            sso=False,
            username="",
            is_admin=True,
            capabilities=sorted(user.permissions),
        )
    signed_in = user.id is not None
    return AuthStatus(
        auth_enabled=True,
        authenticated=signed_in,
        has_users=not call.accounts.setup.needed,
        sso=visit.sso,
        username=user.name if signed_in else None,
        is_admin=user.is_admin if signed_in else None,
        capabilities=sorted(user.permissions) if signed_in else None,
        session=visit.proof is not None and visit.proof.session is not None if signed_in else None,
        retry_after=call.accounts.credentials.guard.wait_s(visit.address) or None,
    )
