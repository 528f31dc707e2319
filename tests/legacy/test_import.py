"""Users, owners, categories, clients and history of the Node program are taken over, and its folder is only read."""

import json

import pytest
from legacy.home import counts
from legacy.old import COMPAT, ED2K, KEY, ONE, PASSWORD, READERS_KEY, TWO, OldFolder

from amutorrent.errors import NotAuthenticated
from amutorrent.model.history import HistoryFilter
from amutorrent.store import CategoryShelf, HistoryShelf, OwnerShelf

pytestmark = pytest.mark.slow


def test_everything_is_taken_over(home, old):
    before = old.content()
    report = home.take(old)
    assert old.content() == before, "the old folder is only read"
    assert counts(report) == {
        "config.json": (5, 3, 0, 2),
        "categories.json": (2, 1, 1, 0),
        "users.db": (11, 5, 0, 2),
        "hashes.db": (1, 0, 0, 0),
        "history.db": (4, 4, 0, 0),
        "metrics.db": (900, 900, 0, 0),
        "move_ops.db": (2, 0, 0, 1),
        "notifications.json": (0, 0, 0, 1),
    }

    async def look(store, accounts):
        by_password = await accounts.credentials.by_password("labadmin", PASSWORD, "192.0.2.1")
        assert by_password.is_admin
        assert (await accounts.credentials.by_api_key(KEY, "192.0.2.1")).name == "labadmin"
        reader = await accounts.credentials.by_api_key(READERS_KEY, "192.0.2.1")
        assert (reader.name, reader.is_admin) == ("Reader", False)
        assert reader.permissions == {"view_all_downloads", "view_history"}
        proxied = accounts.users.named("proxied")
        assert (proxied.disabled, proxied.password_hash, proxied.permissions) == (True, None, frozenset())
        admin = accounts.users.named("labadmin")
        assert (admin.created_at, admin.last_login_at) == (1000, 3000)
        await accounts.users.new_key(admin.id)
        with pytest.raises(NotAuthenticated):
            await accounts.credentials.by_api_key(KEY, "192.0.2.1")
        shelf, everything = HistoryShelf(store), HistoryFilter()
        found = {each: await shelf.find(each, everything) for each in (ED2K, ONE, TWO, COMPAT)}
        owners = await OwnerShelf(store).load()
        ids = (admin.id, accounts.users.named("reader").id)
        return found, owners, ids, await CategoryShelf(store).load()

    found, owners, (admin, reader), categories = home.use(look)
    assert owners == {("main", COMPAT): admin, ("qb", ONE): reader}
    assert (found[ED2K].instance_name, found[ED2K].network_type, found[ED2K].size) == ("Main", "ed2k", 0)
    assert (found[ED2K].owner_id, found[ED2K].username, found[ED2K].ratio) == (admin, "labadmin", 0.5)
    assert (found[ONE].owner_id, found[ONE].username, found[ONE].tracker_domain) == (reader, "Reader", "")
    assert (found[ONE].started_at, found[ONE].completed_at) == (1795446891931, 1795446895825)
    assert found[TWO].filename == "two ünï.bin"
    assert (found[TWO].tracker_domain, found[TWO].network_type) == ("tracker.example", "bittorrent")
    assert (found[TWO].status, found[TWO].deleted_at, found[TWO].username) == ("deleted", 1795447078458, "external")
    assert (found[COMPAT].category, found[COMPAT].status, found[COMPAT].completed_at) == ("films", "downloading", 0)
    assert (found[COMPAT].owner_id, found[COMPAT].username) == (admin, "labadmin"), "it came with somebody's key"
    (films,) = categories
    assert (films.name, films.path, films.color, films.priority) == ("films", "/srv/films", 0x996633, 2)
    assert (films.path_mappings, films.created_at) == ({"rt": "/mnt/films"}, 1795446813743)
    tree = json.loads((home.path / "config.json").read_text())
    assert [(each["id"], each.get("password")) for each in tree["clients"]] == [
        ("main", "of-the-client"),
        ("rt", None),
        ("qb", "of-the-client"),
    ]
    assert tree["server"] == {"port": 4321, "host": "127.0.0.1"}, "what was set here stays"
    assert "retentionDays" not in tree["history"]
    notes = "\n".join(line for each in report.values() for line in (*each.notes, *each.skipped))
    for told in (
        "there is no permission fly here",
        "'from outside': host: ",
        "it came from environment variables",
        "no plugin provides the type 'deluge'",
        "edit_all_downloads was left out",
        "download_ownership, row 3: it does not say of which client",
        "download_ownership, row 4: its user was not taken over",
        "the move of nbb from /from to /to has not ended (moving)",
        "integrations.sonarr: automatic searches",
        "eventScripting: scripts",
        "1 services: notifications",
    ):
        assert told in notes, told
    for secret in ("of-the-client", "of-sonarr", "of-ntfy", KEY, READERS_KEY, "96" * 32):
        assert secret not in notes


def test_rows_that_lie_in_the_journal_are_read_too(here, old):
    with_journal = old.open("history.db")
    with_journal.execute("PRAGMA wal_autocheckpoint=0")
    insert = "INSERT INTO download_history (hash, instance_id, filename, started_at) VALUES (?, 'qb', 'j', ?)"
    with_journal.execute(insert, ("dd" * 20, "2026-11-23T15:14:51Z"))
    assert (old.path / "history.db-wal").stat().st_size > 0
    before = old.content()
    assert here.take(old)["history.db"].taken == 5
    assert old.content() == before
    with_journal.close()


def test_the_older_single_password_makes_an_admin_where_there_are_no_users(here, tmp_path):
    old = OldFolder(tmp_path / "old")
    old.json("config.json", {"clients": [], "server": {"auth": {"enabled": True, "password": "plain words"}}})
    report = here.take(old)
    assert "server.auth.password became the password of the admin admin" in report["config.json"].notes

    async def look(store, accounts):
        return [(each.name, each.is_admin, each.password_hash) for each in accounts.users.all()]

    assert here.use(look) == [("admin", True, "hashed plain words")]
    here.take(old)
    assert len(here.use(look)) == 1
