"""What every user may do with the own account. Source: http-api 6."""

from typing import Any

from msgspec import Struct

from ..accounts.preferences import LONGEST
from ..accounts.view import UserView, view_of, view_of_nameless
from ..errors import InvalidRequest
from ..model import camel
from .call import Call
from .declare import operation
from .requests import Nothing
from .signing_in import Done, visit_of

AROUND = 64
"""Bytes of a request about preferences beside them."""


class Profile(Struct, frozen=True, kw_only=True, rename=camel):
    """One's own account, with the API key in clear."""

    user: UserView
    success: bool = True


class NewPassword(Struct, frozen=True, kw_only=True, rename=camel):
    """The old password, and the one that takes its place."""

    current_password: str
    new_password: str


class NewKey(Struct, frozen=True, kw_only=True, rename=camel):
    """An API key in clear."""

    api_key: str
    success: bool = True


class EndSessions(Struct, frozen=True, kw_only=True, rename=camel):
    """Whether the session that asks goes on."""

    keep_current: bool = False


class SessionsEnded(Struct, frozen=True, kw_only=True, rename=camel):
    """How many sessions have ended."""

    ended: int
    success: bool = True


class PreferencesFound(Struct, frozen=True, kw_only=True, rename=camel):
    """What the UI has stored."""

    preferences: dict[str, object]
    success: bool = True


class PutPreferences(Struct, frozen=True, kw_only=True, rename=camel):
    """What the UI wants to store, in the place of what is there."""

    preferences: dict[str, Any]  # Any: JSON values of the UI


class Stored(Struct, frozen=True, kw_only=True, rename=camel):
    """It is stored."""

    success: bool = True


@operation("getProfile", http="GET /api/auth/profile", socket=False)
async def profile(request: Nothing, call: Call) -> Profile:
    """One's own account, with its API key."""
    if call.user.id is None:
        return Profile(user=view_of_nameless(call.user))
    account = call.accounts.users.get(call.user.id)
    return Profile(user=view_of(account, call.accounts.users.key_of(account)))


@operation("changePassword", http="PUT /api/auth/profile", socket=False)
async def change_password(request: NewPassword, call: Call) -> Done:
    """Give oneself a new password. All other sessions of the account end."""
    visit = visit_of(call)
    keep = visit.proof.session if visit.proof else None
    try:
        await call.accounts.credentials.change_password(
            _account(call), request.current_password, request.new_password, visit.address, keep
        )
    except InvalidRequest as error:
        raise InvalidRequest(error.message, field="newPassword") from error
    return Done(message="Password changed")


@operation("newApiKey", http="POST /api/auth/profile/api-key", socket=False)
async def new_api_key(request: Nothing, call: Call) -> NewKey:
    """Make a new API key for oneself; the old one is dead at once."""
    return NewKey(api_key=await call.accounts.users.new_key(_account(call)))


@operation("endSessions", http="DELETE /api/auth/sessions", socket=False)
async def end_sessions(request: EndSessions, call: Call) -> SessionsEnded:
    """Sign out everywhere: all sessions of the account end, and their sockets close."""
    if call.user.id is None:
        return SessionsEnded(ended=0)
    visit = visit_of(call)
    current = visit.proof.session if visit.proof else None
    ended = await call.accounts.sessions.end_all(call.user.id, keep=current if request.keep_current else None)
    visit.ended = current is not None and not request.keep_current
    return SessionsEnded(ended=ended)


@operation("getPreferences", http="GET /api/auth/preferences", socket=False)
async def preferences(request: Nothing, call: Call) -> PreferencesFound:
    """What the UI remembers for this user."""
    return PreferencesFound(preferences=await call.accounts.preferences.get(call.user.id))


@operation("putPreferences", http="PUT /api/auth/preferences", socket=False, longest=LONGEST + AROUND)
async def put_preferences(request: PutPreferences, call: Call) -> Stored:
    """Store what the UI is to remember, in the place of what was there; at most 64 KiB."""
    await call.accounts.preferences.put(call.user.id, request.preferences)
    return Stored()


def _account(call: Call) -> int:
    if call.user.id is None:
        raise InvalidRequest("Authentication is off: there is no account that could have this")
    return call.user.id
