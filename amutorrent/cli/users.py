"""`amutorrent users`: the accounts, by who can read the data directory. A daemon may run at the same time."""

import json
from datetime import datetime
from pathlib import Path

import click
import msgspec

from ..accounts import Accounts
from ..accounts.users import UserChanges
from ..accounts.view import view_of
from ..model.account import Account
from ..model.permissions import PRESETS
from .accounts import password_option, read_password, with_accounts
from .options import data_dir_option, json_option
from .output import clean, columns


@click.group()
def users() -> None:
    """Look at the accounts, make and change them. A running daemon sees it within seconds."""


@users.command()
@click.argument("name")
@click.option("--admin", is_flag=True, help="The account may do everything.")
@click.option("--preset", type=click.Choice(sorted(PRESETS)), default="sso", help="What the account of a user may do.")
@password_option
@data_dir_option
@json_option
def add(name: str, admin: bool, preset: str, password_stdin: bool, data_dir: Path | None, as_json: bool) -> None:
    """Make an account, and print its API key. Without a password it signs in by key or proxy only."""
    password = read_password(password_stdin, optional=True)

    async def work(accounts: Accounts) -> tuple[Account, str]:
        permissions = frozenset() if admin else PRESETS[preset]
        made = await accounts.users.create(name, password, is_admin=admin, permissions=permissions)
        return made, accounts.users.key_of(made)

    account, key = with_accounts(data_dir, work)
    if as_json:
        _print({"user": msgspec.to_builtins(view_of(account, key))})
    else:
        click.echo(f"The account {clean(account.name)} was made. Its API key:\n{key}")


@users.command("list")
@data_dir_option
@json_option
def list_(data_dir: Path | None, as_json: bool) -> None:
    """List the accounts."""

    async def work(accounts: Accounts) -> list[Account]:
        return accounts.users.all()

    found = with_accounts(data_dir, work)
    if as_json:
        _print({"users": [msgspec.to_builtins(view_of(each)) for each in found]})
    elif not found:
        click.echo("There is no account yet: amutorrent users add NAME --admin")
    else:
        for line in columns(["NAME", "KIND", "SIGNS IN BY", "LAST", "MAY"], [_row(each) for each in found]):
            click.echo(line)


@users.command()
@click.argument("name")
@password_option
@data_dir_option
@json_option
def passwd(name: str, password_stdin: bool, data_dir: Path | None, as_json: bool) -> None:
    """Give an account a new password, which ends its sessions."""
    password = read_password(password_stdin)

    async def work(accounts: Accounts) -> Account:
        found = accounts.users.named(name)
        return await accounts.users.change(found.id, UserChanges(password=password or ""))

    account = with_accounts(data_dir, work)
    _say(as_json, f"The password of {clean(account.name)} was changed, and its sessions ended.")


@users.command()
@click.argument("name")
@data_dir_option
@json_option
def remove(name: str, data_dir: Path | None, as_json: bool) -> None:
    """Remove an account. Its downloads stay and belong to nobody then; the history keeps its name."""

    async def work(accounts: Accounts) -> Account:
        found = accounts.users.named(name)
        await accounts.users.remove(found.id)
        return found

    _say(as_json, f"The account {clean(with_accounts(data_dir, work).name)} was removed.")


@users.command("api-key")
@click.argument("name")
@click.option("--new", is_flag=True, help="Make a new one; the old one is dead at once.")
@data_dir_option
@json_option
def api_key(name: str, new: bool, data_dir: Path | None, as_json: bool) -> None:
    """Print the API key of an account."""

    async def work(accounts: Accounts) -> str:
        found = accounts.users.named(name)
        return await accounts.users.new_key(found.id) if new else accounts.users.key_of(found)

    key = with_accounts(data_dir, work)
    if as_json:
        _print({"apiKey": key})
    else:
        click.echo(key)


def _row(account: Account) -> list[str]:
    kind = "admin" if account.is_admin else "user"
    by = "password, key" if account.password_hash else "key"
    may = "everything" if account.is_admin else _may(account.permissions)
    return [account.name, kind, "disabled" if account.disabled else by, _when(account.last_login_at), may]


def _when(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "never"
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M")


def _may(permissions: frozenset[str]) -> str:
    preset = next((name for name, each in PRESETS.items() if each == permissions), None)
    return preset or ", ".join(sorted(permissions)) or "nothing"


def _say(as_json: bool, text: str) -> None:
    if as_json:
        _print({"message": text})
    else:
        click.echo(text)


def _print(value: object) -> None:
    click.echo(json.dumps(value, indent=2))
