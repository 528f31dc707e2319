"""users.db: accounts with their passwords and API keys, and who added what. Source: legacy-store 4."""

from collections.abc import Mapping
from importlib.util import find_spec

from ..accounts.keys import fingerprint
from ..accounts.legacy import is_legacy, is_usable
from ..accounts.roster import folded
from ..accounts.users import check_name
from ..errors import InvalidRequest
from ..model.permissions import EDIT_ALL, PERMISSIONS, VIEW_ALL
from ..store.accounts import NewAccount
from ..store.intake import Intake, Key
from .reading import FORMAT, Source
from .report import FileReport
from .rows import OldCapability, OldOwnership, OldUser

NEWEST = 1
SHORTEST_KEY = 32
"""A shorter API key could be guessed: the old program made 64 digits."""
LONGEST_HASH = 64


class Owners:
    """Who the old users are here, and who added what."""

    def __init__(self) -> None:
        self.by_id: dict[int, tuple[int, str]] = {}
        """Old id -> (account, name)."""
        self.by_name: dict[str, tuple[int, str]] = {}
        self.of: dict[Key, tuple[int, str]] = {}
        """(instance id, hash) -> (account, name)."""

    def add(self, old: OldUser, account_id: int, name: str) -> None:
        """Take an account over for a user."""
        self.by_id[old.id] = self.by_name[folded(old.username)] = (account_id, name)


def take_accounts(source: Source, intake: Intake) -> Owners:
    """Take over users that are not there, by name, and who added what."""
    owners, report = Owners(), source.report
    if not source.is_readable(FORMAT, NEWEST):
        return owners
    known = {folded(each.name): each for each in intake.accounts()}
    capabilities: dict[int, set[str]] = {}
    for _, row in source.rows("user_capabilities", OldCapability):
        capabilities.setdefault(row.user_id, set()).add(row.capability)
    for number, old in source.rows("users", OldUser):
        there = known.get(folded(old.username))
        if there is not None:
            report.known += 1
            owners.add(old, there.id, there.name)
            continue
        new = _new(old, frozenset(capabilities.get(old.id, ())), report, f"users, row {number}")
        if new is not None:
            made = intake.add_account(new)
            known[folded(made.name)] = made
            owners.add(old, made.id, made.name)
            report.taken += 1
    _take_owners(source, intake, owners)
    return owners


def _new(old: OldUser, names: frozenset[str], report: FileReport, where: str) -> NewAccount | None:
    try:
        check_name(old.username)
    except InvalidRequest as error:
        report.skip(where, error.message)
        return None
    return NewAccount(
        name=old.username,
        folded=folded(old.username),
        is_admin=bool(old.is_admin),
        disabled=bool(old.disabled),
        permissions=_permissions(old, names, report),
        password_hash=_password(old, report),
        now=max(0, old.created_at),
        last_login_at=old.last_login_at,
        legacy_key=_key(old, report),
    )


def _permissions(old: OldUser, names: frozenset[str], report: FileReport) -> frozenset[str]:
    if unknown := sorted(names - PERMISSIONS.keys()):
        report.note(f"{old.username}: there is no permission {', '.join(unknown)} here")
    found = names & PERMISSIONS.keys()
    if EDIT_ALL in found and VIEW_ALL not in found:
        report.note(f"{old.username}: {EDIT_ALL} was left out, since it needs {VIEW_ALL}")
        found -= {EDIT_ALL}
    return frozenset(found)


def _password(old: OldUser, report: FileReport) -> str | None:
    if old.password_hash is None:
        report.note(f"{old.username} has no password, and signs in by API key or a proxy")
        return None
    if not is_legacy(old.password_hash) or not is_usable(old.password_hash):
        report.note(f"{old.username}: the password is kept in no form that is known; give a new one")
        return None
    if find_spec("bcrypt") is None:
        report.note(f"{old.username} signs in once bcrypt is there: pip install 'amutorrent[legacy]'")
    return old.password_hash


def _key(old: OldUser, report: FileReport) -> str | None:
    if old.api_key is None:
        return None
    if len(old.api_key) < SHORTEST_KEY:
        report.note(f"{old.username}: the API key is too short to be taken over")
        return None
    return fingerprint(old.api_key)


def _take_owners(source: Source, intake: Intake, owners: Owners) -> None:
    found: dict[Key, tuple[int, int]] = {}
    for number, row in source.rows("download_ownership", OldOwnership):
        instance_id, _, hash = row.item_key.rpartition(":")
        owner = owners.by_id.get(row.user_id)
        if not instance_id or not hash or len(hash) > LONGEST_HASH:
            source.report.skip(f"download_ownership, row {number}", "it does not say of which client")
        elif owner is None:
            source.report.skip(f"download_ownership, row {number}", "its user was not taken over")
        else:
            found[instance_id, hash.lower()] = (owner[0], row.added_at)
            owners.of[instance_id, hash.lower()] = owner
    added = intake.add_owners((key, account_id, since) for key, (account_id, since) in found.items())
    source.report.taken += len(added)
    source.report.known += len(found) - len(added)


def take_single_password(tree: Mapping[str, object], intake: Intake, hashed: str | None, report: FileReport) -> None:
    """Make the admin that the older single password stood for, where there are no users yet."""
    name = str(tree.get("adminUsername") or "admin")
    if hashed is None or intake.accounts():
        return
    try:
        check_name(name)
    except InvalidRequest as error:
        report.skip("server.auth.adminUsername", error.message)
        return
    intake.add_account(
        NewAccount(
            name=name,
            folded=folded(name),
            is_admin=True,
            disabled=False,
            permissions=frozenset(),
            password_hash=hashed,
            now=0,
        )
    )
    report.note(f"server.auth.password became the password of the admin {name}")
