"""What the commands about accounts share: the accounts of a data directory, and passwords from a person or a pipe."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click
import trio

from ..accounts import Accounts
from ..datadir import DataDirectory
from ..errors import InvalidRequest, StorageUnavailable
from ..logs import Redaction, quietly
from ..settings import Settings
from .options import read_settings
from .running import run

T = TypeVar("T")
Work = Callable[[Accounts], Awaitable[T]]

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


def with_accounts(data_dir: Path | None, work: Work[T]) -> T:
    """Open the accounts of a data directory, and work with them. A daemon may have them open too.

    Raises `StorageUnavailable` if the database cannot be used, and what `work` raises.
    """
    settings = read_settings(data_dir)
    DataDirectory(settings.data_dir).create()
    with quietly(Redaction(settings.secrets)):
        return run(_work, settings, work)


async def _work(settings: Settings, work: Work[T]) -> T:
    from ..store import AccountShelf, Store, locate  # late: SQLAlchemy is slow to import

    store = Store(locate(settings.database_url, settings.data_dir))
    accounts = Accounts(AccountShelf(store), settings.data_dir)
    async with trio.open_nursery() as nursery:
        await nursery.start(store.run)
        if store.problem is not None:
            raise StorageUnavailable(store.problem)
        await nursery.start(accounts.run)
        result = await work(accounts)
        nursery.cancel_scope.cancel()
    return result


def read_password(from_stdin: bool, *, optional: bool = False) -> str | None:
    """Read a password: from the first line of standard input, or ask for it in a terminal.

    None: there is to be none, which must be `optional`. Raises `InvalidRequest`.
    """
    if from_stdin:
        return _first_line()
    if sys.stdin.isatty():
        return _ask(optional)
    if optional:
        return None
    raise InvalidRequest("Give the password with --password-stdin: this is no terminal to ask in", field="password")


def _first_line() -> str:
    try:
        line = sys.stdin.buffer.readline().decode()  # whatever the locale says
    except UnicodeDecodeError as error:
        raise InvalidRequest("The password on standard input is no text in UTF-8", field="password") from error
    if not line:
        raise InvalidRequest("There is no password on standard input", field="password")
    return line.removesuffix("\n").removesuffix("\r")


def _ask(optional: bool) -> str | None:
    if optional:
        answer: str = click.prompt(
            "Password (empty for none)", default="", show_default=False, hide_input=True, confirmation_prompt=True
        )
        return answer or None
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
