"""What is kept of an account and of its sessions. Not the wire: what people see of an account has no hash in it."""

from msgspec import Struct


class Account(Struct, frozen=True, kw_only=True):
    """One account; times are milliseconds since the epoch. Source: data-model 8."""

    id: int
    name: str
    is_admin: bool
    disabled: bool
    permissions: frozenset[str]
    password_hash: str | None
    """argon2id, in its usual text form, or bcrypt if it was taken over; None: no password signs in here."""
    key_generation: int
    """A new one makes a new API key."""
    epoch: int
    """Grows with each change that ends what was signed in before it."""
    created_at: int
    updated_at: int
    last_login_at: int | None
    legacy_key: str | None = None
    """The SHA-256, in hex, of an API key that was taken over: it works until a new one is made."""


class Session(Struct, frozen=True, kw_only=True):
    """Somebody signed in with a cookie. `token_hash` is the SHA-256 of the token, in hex; the token is not kept."""

    token_hash: str
    account_id: int
    created_at: int
    expires_at: int
