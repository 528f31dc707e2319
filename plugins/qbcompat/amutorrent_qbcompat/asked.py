"""A request of a program, taken apart: parameters from the query, a plain form or a multipart one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from quart import Request

from amutorrent import Host, InvalidRequest, User

if TYPE_CHECKING:
    from .desk import Desk
    from .shown import Shown

TRUE = frozenset({"true", "1", "yes", "on"})


class Refused(Exception):
    """A status and a text, as qBittorrent would answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Ask(Struct, frozen=True, kw_only=True):
    """A request: who asks, with what parameters (names as they were sent) and files."""

    host: Host
    desk: "Desk"
    shown: "Shown"
    user: User
    agent: str
    address: str
    given: Mapping[str, str]
    files: tuple[bytes, ...]

    def get(self, name: str, default: str = "") -> str:
        """Give a parameter as text."""
        return self.given.get(name, default)

    def need(self, name: str) -> str:
        """Give a parameter that must be there. Raises `Refused` (400)."""
        if name not in self.given:
            raise Refused(400, f"Missing parameter: {name}")
        return self.given[name]

    def flag(self, name: str, default: bool = False) -> bool:
        """Read a boolean, in any case."""
        text = self.given.get(name, "").strip().lower()
        return text in TRUE if text else default

    def whole(self, name: str, default: int) -> int:
        """Read an integer. Raises `Refused` (400)."""
        return int(self.number(name, default))

    def number(self, name: str, default: float) -> float:
        """Read a number; a decimal comma will do. Raises `Refused` (400)."""
        text = self.given.get(name, "").strip().replace(",", ".")
        try:
            value = float(text) if text else default
        except ValueError:
            raise Refused(400, f"{name} is not a number") from None
        if not -(2**53) < value < 2**53:
            raise Refused(400, f"{name} is out of range")
        return value

    def words(self, name: str, separator: str) -> list[str]:
        """Read a list, without blanks around its entries and without empty ones."""
        return [word for each in self.get(name).split(separator) if (word := each.strip())]


async def read(request: Request) -> tuple[dict[str, str], tuple[bytes, ...]]:
    """Give parameters and files of a request; the form wins over the query, the last of a name over the others."""
    given = dict(request.args.items(multi=True))
    files: tuple[bytes, ...] = ()
    if request.method == "POST":
        try:
            form = await request.form
            # a part with a file is a torrent, whatever it is called: qBittorrent's Python client calls it as it likes
            files = tuple(each.stream.read() for _, each in (await request.files).items(multi=True))
        except (ValueError, UnicodeDecodeError) as error:
            raise InvalidRequest("This form cannot be read", code="bad_request") from error
        given |= dict(form.items(multi=True))
    return given, files
