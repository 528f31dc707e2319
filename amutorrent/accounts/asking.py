"""Who makes a request, for those who answer it in a shape of their own."""

from msgspec import Struct

from .user import User

ASKING = "amutorrent.asking"
"""Where it lies in the scope of a request."""


class Asking(Struct, frozen=True, kw_only=True):
    """Who makes a request: `user` None: nobody who has shown who they are by session, proxy or API key.

    `address` is that of the caller, not of a trusted proxy; `must_set_up`: there is no account yet.
    """

    user: User | None
    address: str
    must_set_up: bool
