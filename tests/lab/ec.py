"""A look into an amuled over a connection of its own, plain and blocking: another client than our plugin is."""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

from amutorrent_amule.codec import HEADER, Packet, decode, encode
from amutorrent_amule.codes import PROTOCOL_VERSION, Detail, Op, Select, T
from amutorrent_amule.login import password_hash
from amutorrent_amule.states import PAUSED
from amutorrent_amule.tags import Tag, first, hash16, text, uint

from amutorrent import ProtocolError

from .rows import Row

LOGINS = 3
"""2.3.3 hangs up on one login in thousands, for no reason."""
FULL = uint(T.DETAIL_LEVEL, Detail.FULL)


class Look:
    """An open connection."""

    def __init__(self, stream: socket.socket, answers: BinaryIO) -> None:
        self._socket = stream
        self._file = answers

    def ask(self, op: int, *tags: Tag) -> Packet:
        """Ask, and decode the answer."""
        self._socket.sendall(encode(Packet(op, tags)))
        header = self._file.read(HEADER)
        return decode(header + self._file.read(int.from_bytes(header[4:], "big")))

    def log_in(self, password: str) -> None:
        """Log in, announcing nothing."""
        version = uint(T.PROTOCOL_VERSION, PROTOCOL_VERSION)
        (salt,) = self.ask(Op.AUTH_REQ, text(T.CLIENT_NAME, "look"), text(T.CLIENT_VERSION, "1"), version).tags
        secret = password_hash(password, int.from_bytes(salt.data, "big"))
        assert self.ask(Op.AUTH_PASSWD, hash16(T.PASSWD_HASH, secret)).opcode == Op.AUTH_OK

    def files(self) -> dict[str, Tag]:
        """Give all that it shares or downloads, by hash; a download is given as such."""
        tags = (*self.ask(Op.GET_SHARED_FILES, FULL).tags, *self.ask(Op.GET_DLOAD_QUEUE, FULL).tags)
        return {tag.child(T.PARTFILE_HASH).hash: tag for tag in tags}

    def downloaded(self) -> int:
        """Count the bytes that have come since it started, as its statistics tree has them."""
        return _downloaded(self.ask(Op.GET_STATSTREE, uint(T.STATTREE_CAPPING, 1)).tags) or 0

    def rows(self) -> list[Row]:
        """Give its list, sorted: all downloads, and what it shares that is no download."""
        names = {**self.categories(), 0: ""}
        downloads = self.ask(Op.GET_DLOAD_QUEUE, FULL).tags
        running = {tag.child(T.PARTFILE_HASH).hash for tag in downloads}
        shared = self.ask(Op.GET_SHARED_FILES, FULL).tags
        whole = [tag for tag in shared if tag.child(T.PARTFILE_HASH).hash not in running]
        return sorted(_row(tag, names) for tag in (*downloads, *whole))

    def categories(self) -> dict[int, str]:
        """Give the names of its categories by index."""
        return {tag.number: tag.child(T.CATEGORY_TITLE).text for tag in self._categories()}

    def category_paths(self) -> list[tuple[str, str]]:
        """Give title and folder of each of its categories but the default one, which it lists first."""
        found = [(each.child(T.CATEGORY_TITLE).text, each.child(T.CATEGORY_PATH).text) for each in self._categories()]
        return found[1:]

    def make_category(self, title: str, path: str) -> None:
        """Make a category, as a person does in its own window."""
        words = (text(T.CATEGORY_TITLE, title), text(T.CATEGORY_PATH, path), text(T.CATEGORY_COMMENT, ""))
        numbers = (uint(T.CATEGORY_COLOR, 0), uint(T.CATEGORY_PRIO, 0))
        self.ask(Op.CREATE_CATEGORY, uint(T.CATEGORY, 0, *words, *numbers))

    def _categories(self) -> Sequence[Tag]:
        group = first(self.ask(Op.GET_PREFERENCES, uint(T.SELECT_PREFS, Select.CATEGORIES)).tags, T.PREFS_CATEGORIES)
        return group.children if group else ()

    def servers(self) -> list[tuple[str, int]]:
        """Give the addresses of its servers."""
        return [tag.address for tag in self.ask(Op.GET_SERVER_LIST, FULL).tags]


def _downloaded(tags: Sequence[Tag]) -> int | None:
    for tag in tags:
        if tag.name == T.STATTREE_NODE and tag.text.startswith("Downloaded Data (Session"):
            found = tag.child(T.STAT_NODE_VALUE)
            return found.number if found is not None else None
        inside = [each for each in tag.children if each.name == T.STATTREE_NODE]
        if inside and (number := _downloaded(inside)) is not None:
            return number
    return None


def _row(tag: Tag, names: dict[int, str]) -> Row:
    category = names.get(value(tag, T.PARTFILE_CAT) or 0, "one that is new")
    held = value(tag, T.PARTFILE_STATUS) == PAUSED
    return Row(
        tag.child(T.PARTFILE_HASH).hash, value(tag, T.PARTFILE_NAME), value(tag, T.PARTFILE_SIZE_FULL), category, held
    )


@contextmanager
def look(port: int, password: str) -> Iterator[Look]:
    """Connect and log in for as long as the context lasts."""
    with ExitStack() as stack:
        yield _let_in(port, password, stack)


def _let_in(port: int, password: str, stack: ExitStack) -> Look:
    for left in reversed(range(LOGINS)):
        stream = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
        found = Look(stream, stack.enter_context(stream.makefile("rb")))
        try:
            found.log_in(password)
            break
        except (ProtocolError, OSError):
            stack.close()
            if not left:
                raise
            time.sleep(0.2)
    return found


def value(tag: Tag, name: int) -> object:
    """Give the value of a tag within another one: a number, a text, or None."""
    found = tag.child(name)
    if found is None:
        return None
    return found.text if found.type == 6 else found.number
