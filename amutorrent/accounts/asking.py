"""Who makes a request, for those who answer it in a shape of their own."""

from msgspec import Struct

from ..errors import AmutorrentError
from .user import User

ASKING = "amutorrent.asking"
"""Where it lies in the scope of a request."""


class Asking(Struct, frozen=True, kw_only=True):
    """Who makes a request: `user` None: nobody who has shown who they are by session, proxy or API key.

    `address` is that of the caller, not of a trusted proxy; `must_set_up`: there is no account yet. `refusal` says why
    it is nobody: an API key in the header that is wrong is one already, and was counted as a guess.
    """

    user: User | None
    address: str
    must_set_up: bool
    refusal: AmutorrentError | None = None
