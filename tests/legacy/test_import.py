"""The data folder of the Node program: what is taken over, what is left and why, and that nothing of ours is lost."""

import json
import random
import sqlite3
import time

import pytest
import trio
from backup.test_backup import Home
from hypothesis import given
from hypothesis import strategies as st
from legacy.old import (
    COMPAT,
    ED2K,
    KEY,
    ONE,
    PASSWORD,
    READERS_KEY,
    TWO,
    OldFolder,
    download,
    sample,
    samples,
    user,
    write_sample,
)
from sqlalchemy import select
from store.test_history import filled, row

from amutorrent.datadir import DataDirectory
from amutorrent.errors import InvalidRequest, NotAuthenticated, StartError
from amutorrent.legacy import import_legacy
from amutorrent.legacy.metrics import Samples
from amutorrent.legacy.rows import OldSample
from amutorrent.model.history import HistoryFilter
from amutorrent.model.metrics import DAY, FINE, KEPT, MIDDLE
from amutorrent.plugins import load_plugins
from amutorrent.settings import ClientTypes, Settings
from amutorrent.store import CategoryShelf, HistoryShelf, MetricShelf, OwnerShelf
from amutorrent.store.tables import metadata

pytestmark = pytest.mark.slow
NOW = int(time.time() * 1000)
TYPES = load_plugins()


@pytest.fixture
def old(tmp_path):
    """Give a folder with a bit of everything."""
    folder = OldFolder(tmp_path / "old")
    write_sample(folder, NOW)
    return folder


class NewHome(Home):
    """A data directory that takes over."""

    def take(self, old, **options):
        settings = Settings(self.path, environ={})
        types = ClientTypes(TYPES.client_types, TYPES.unavailable)
        settings.resolve_clients(types.provided, types.unavailable)

        async def hashed(password):
            return f"hashed {password}"

        report = trio.run(lambda: import_legacy(old.path, settings, types, hashed, **options))
        return {each.name: each for each in report.files}

    def dump(self):
        """Give all rows of all tables, and the settings."""

        def rows(connection):
            return {
                each.name: sorted(map(tuple, connection.execute(select(each))), key=repr)
                for each in metadata.sorted_tables
                if each.name != "counter"
            }

        found = self.use(lambda store, accounts: store.read(rows))
        return found, json.loads((self.path / "config.json").read_text())


@pytest.fixture
def home(tmp_path, database_url):
    return NewHome(tmp_path / "data", database_url)


@pytest.fixture
def here(tmp_path):
    return NewHome(tmp_path / "data")


def counts(report):
    return {name: (each.read, each.taken, each.known, len(each.skipped)) for name, each in report.items()}


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


def moved(home):
    """Give the bytes up and down of each name, by tier."""

    async def look(store, accounts):
        shelf, found = MetricShelf(store), {}
        for name in ("main", "rt", "qb", "*", "*ed2k", "*bittorrent"):
            for tier in (FINE, MIDDLE, DAY):
                rows = await shelf.fold([name], tier, 0, 2**62, list)
                found[name, tier] = (sum(each.uploaded for each in rows), sum(each.downloaded for each in rows))
        return found

    return home.use(look)


def test_bytes_are_counted_from_the_steps_and_a_counter_that_falls_or_begins_counts_nothing(home, old):
    home.take(old)
    main, rt, qb = (294, 0), (148 * 10 + 149 * 5, 0), (299, 299_000)
    bittorrent = (rt[0] + qb[0], qb[1])
    expected = {"main": main, "rt": rt, "qb": qb, "*ed2k": main, "*bittorrent": bittorrent}
    expected["*"] = (main[0] + bittorrent[0], bittorrent[1])
    assert moved(home) == {(name, tier): each for name, each in expected.items() for tier in (FINE, MIDDLE, DAY)}

    async def look(store, accounts):
        return await MetricShelf(store).fold(["*", "rt"], MIDDLE, 0, 2**62, list)

    for each in home.use(look):
        assert (each.upload_sum / each.slots, each.upload_peak) == ((13, 13) if each.name == "*" else (10, 10))


def test_a_second_run_changes_nothing(home, old):
    first = home.take(old)
    before = home.dump()
    second = home.take(old)
    assert home.dump() == before
    assert {name: each.taken for name, each in second.items()} == dict.fromkeys(second, 0)
    assert {name: each.known for name, each in second.items()} == {
        name: each.taken + each.known for name, each in first.items()
    }


def test_what_came_since_is_taken_and_its_bytes_go_on_from_the_last_ones(home, old):
    home.take(old)
    before = moved(home)
    old.add("metrics.db", "instance_metrics", sample(NOW - 1000, "qb", 2**40 + 299 + 7, 2**41 + 299_000 + 8))
    old.add("history.db", "download_history", download("ee" * 20, "qb"))
    old.add("users.db", "users", user(7, "newcomer", api_key="cc" * 32))
    report = home.take(old)
    assert [report[name].taken for name in ("metrics.db", "history.db", "users.db")] == [1, 1, 1]
    for (name, tier), (up, down) in moved(home).items():
        more = (7, 8) if name in ("qb", "*", "*bittorrent") else (0, 0)
        assert (up, down) == (before[name, tier][0] + more[0], before[name, tier][1] + more[1])


def test_a_trial_says_the_same_and_changes_nothing(home, old):
    home.fill()
    before = home.dump()
    trial = home.take(old, dry_run=True)
    assert home.dump() == before
    assert counts(home.take(old)) == counts(trial)


def test_a_trial_makes_no_database(here, old):
    here.take(old, dry_run=True)
    assert [*here.files()] == ["config.json"]


def test_what_is_here_stays_as_it_is(home, old):
    mine = row(1, hash=ONE, instance_id="qb", filename="mine")

    async def fill(store, accounts):
        await accounts.users.create("LabAdmin", "my own words")
        await filled(store, mine)
        await OwnerShelf(store).save({("main", COMPAT): 1})

    home.use(fill)
    home.configure(clients=[{"id": "qb", "type": "qbittorrent", "host": "elsewhere"}], history={"retentionDays": 9})
    report = home.take(old)
    assert (report["users.db"].known, report["history.db"].known, report["config.json"].known) == (2, 1, 1)

    async def look(store, accounts):
        user = await accounts.credentials.by_password("labadmin", "my own words", "192.0.2.1")
        assert not user.is_admin
        with pytest.raises(NotAuthenticated):
            await accounts.credentials.by_api_key(KEY, "192.0.2.1")
        return (await HistoryShelf(store).find(ONE, HistoryFilter())).filename

    assert home.use(look) == "mine"
    tree = json.loads((home.path / "config.json").read_text())
    assert [(each["id"], each["host"]) for each in tree["clients"]] == [
        ("qb", "elsewhere"),
        ("main", "127.0.0.1"),
        ("rt", "127.0.0.1"),
    ]
    assert tree["history"]["retentionDays"] == 9


def test_what_was_measured_here_as_well_is_not_counted_twice(home, old):
    from store.test_migrations import METRIC

    begin = NOW - 3_600_000 + 100 * 3_000

    def ours(connection):
        from sqlalchemy import text

        connection.execute(text(METRIC.replace("'*'", "'qb'").replace("8, 9)", f"{begin}, {begin})")))

    home.use(lambda store, accounts: store.write(ours))
    report = home.take(old)
    assert report["metrics.db"].taken == 600 + 100
    assert "200 samples were left" in report["metrics.db"].notes[0]
    assert moved(home)["qb", DAY] == (99, 99_000)


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


# -- what cannot be taken


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"hash": "xyz"}, "its hash is none"),
        ({"status": "eaten"}, "its status is none that is known"),
        ({"started_at": "yesterday"}, "'yesterday' is no time"),
        ({"started_at": ""}, "it does not say when it began"),
        ({"size": "big"}, "Expected `int`, got `str` - at `$.size`"),
        ({"filename": b"\xff\xfe"}, "Expected `str`, got `bytes` - at `$.filename`"),
        ({"completed_at": "9999999"}, "'9999999' is no time"),
    ],
)
def test_a_row_that_makes_no_sense_is_named_and_the_others_are_taken(here, old, facts, why):
    old.add("history.db", "download_history", {**download("ab" * 20, "qb"), **facts}, download("ac" * 20, "qb"))
    report = here.take(old)["history.db"]
    assert report.skipped == [f"download_history, row 5: {why}"]
    assert report.taken == 5


def test_users_that_cannot_sign_in_are_named(here, old):
    old.add(
        "users.db",
        "users",
        user(4, "no good name!"),
        user(5, "plain", password_hash="in clear"),
        user(6, "days", password_hash="$2b$31$" + "a" * 53, api_key="short"),
    )
    report = here.take(old)["users.db"]
    assert "users, row 4: A user name has 1 to 64 letters, digits and . _ @ + -" in report.skipped
    assert "plain: the password is kept in no form that is known; give a new one" in report.notes
    assert "days: the password is kept in no form that is known; give a new one" in report.notes
    assert "days: the API key is too short to be taken over" in report.notes


@pytest.mark.parametrize(("name", "newest"), [("users.db", 1), ("history.db", 4), ("metrics.db", 7)])
def test_a_newer_format_is_left_and_an_older_one_tried(here, old, name, newest):
    old.version(name, newest + 1)
    report = here.take(old)
    assert report[name].skipped == [f"all of it: its format is {newest + 1}, and only {newest} is known"]
    assert report[name].taken == 0
    old.version(name, newest - 1)
    report = here.take(old)
    assert "start version 3.8.8 once" in report[name].notes[0]
    assert report[name].taken > 0


def test_half_a_config_file_costs_the_settings_alone(here, old):
    text = (old.path / "config.json").read_text()
    (old.path / "config.json").write_text(text[: len(text) // 2])
    report = here.take(old)
    assert report["config.json"].skipped[0].startswith("all of it: ")
    assert (report["users.db"].taken, report["history.db"].taken) == (5, 4)
    assert json.loads((here.path / "config.json").read_text()) == {"server": {"port": 4321}}


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


def test_a_folder_of_something_else_and_a_daemon_that_runs(here, old, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    before = here.files()
    with pytest.raises(InvalidRequest, match="holds no file of the program before this one"):
        here.take(type("Folder", (), {"path": tmp_path / "other"}))
    with DataDirectory(here.path).lock(), pytest.raises(StartError, match="in use by another daemon"):
        here.take(old)
    assert here.files() == before


def test_a_page_that_is_damaged_costs_its_own_rows(here, old):
    rows = [download(f"{number:040x}", "qb", filename="n" * 200) for number in range(500)]
    old.add("history.db", "download_history", *rows)
    database = sqlite3.connect(old.path / "history.db")
    (page,) = database.execute("PRAGMA page_size").fetchone()
    leaves = [number for (number,) in database.execute(
        "SELECT pageno FROM dbstat WHERE name = 'download_history' AND pagetype = 'leaf' ORDER BY path"
    )] if _has_dbstat(database) else []  # fmt: skip
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray((old.path / "history.db").read_bytes())
    number = leaves[len(leaves) // 2] if leaves else _middle_leaf(content, page)
    content[(number - 1) * page : number * page] = b"\xaa" * page
    (old.path / "history.db").write_bytes(content)
    report = here.take(old)["history.db"]
    assert len(report.skipped) == 1
    assert report.skipped[0].startswith("download_history, after row ")
    assert " and before row " in report.skipped[0]
    assert 480 <= report.taken < 504
    assert report.taken == report.read


def _has_dbstat(database):
    try:
        database.execute("SELECT 1 FROM dbstat LIMIT 1")
    except sqlite3.OperationalError:
        return False
    return True


def _middle_leaf(content, page):
    """Find a leaf of a table in the middle of a file: its first byte is 13."""
    numbers = [number for number in range(2, len(content) // page + 1) if content[(number - 1) * page] == 13]
    return numbers[len(numbers) // 2]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_damaged_nothing_of_ours_is_lost(here, old, seed):
    """Bytes are changed, and files cut, anywhere: an import ends, and what was here before is here as it was."""
    chosen = random.Random(seed)
    here.fill()
    before, _ = here.dump()
    for path in sorted(old.path.iterdir()):
        content = bytearray(path.read_bytes())
        kind = chosen.randrange(4)
        if kind == 0 and content:
            del content[chosen.randrange(len(content)) :]
        elif kind == 1:
            for _ in range(chosen.randrange(1, 200)):
                content[chosen.randrange(len(content))] = chosen.randrange(256)
        elif kind == 2:
            start = chosen.randrange(len(content))
            content[start : start + 4096] = bytes(min(4096, len(content) - start))
        path.write_bytes(content)
    report = here.take(old)
    assert set(report) >= {"config.json", "users.db", "history.db", "metrics.db"}
    after, _ = here.dump()
    for name, rows in before.items():
        assert {*map(repr, rows)} <= {*map(repr, after[name])}, name
    here.take(old)
    assert here.dump()[0] == after


# -- samples against a simple model


@given(
    st.lists(
        st.tuples(st.integers(0, 40_000), st.sampled_from(["a", "b"]), st.integers(0, 10**6), st.integers(0, 10**6)),
        max_size=60,
    )
)
def test_tiers_hold_the_same_bytes_and_the_highest_sample(steps):
    start = 10 * DAY
    whole, at, moved = Samples(start + DAY), start, {}
    for gap, name, up, speed in steps:
        at += gap
        found = OldSample(timestamp=at, instance_id=name, upload_speed=speed)
        whole.add(found, "n", up, 2 * up)
        for each in (name, "*", "*n"):
            moved[each] = moved.get(each, 0) + up
    buckets = whole.buckets()
    for tier in (FINE, MIDDLE, DAY):
        found = {}
        for each in buckets:
            if each.tier == tier:
                assert each.start % tier == 0
                assert each.start <= each.first_at <= each.last_at < each.start + tier
                found[each.name] = found.get(each.name, 0) + each.uploaded
        assert found == moved
    for name in ("a", "b"):
        speeds = [speed for _, each, _, speed in steps if each == name]
        # two samples of one time are one round: their sum
        peaks = [each.upload_peak for each in buckets if each.name == name and each.tier == DAY]
        assert max(peaks, default=0) >= max(speeds, default=0)


def test_only_what_is_still_kept_is_made():
    now = 100 * DAY
    made = Samples(now)
    for age in (60 * DAY, 10 * DAY, 1000):
        made.add(OldSample(timestamp=now - age, instance_id="a"), None, 1, 1)
    tiers = sorted((each.tier, now - each.start) for each in made.buckets() if each.name == "a")
    assert [tier for tier, _ in tiers] == [FINE, MIDDLE, MIDDLE, DAY, DAY, DAY]
    assert all(age <= KEPT.get(tier, 2**62) + tier for tier, age in tiers)


def test_the_samples_of_the_test_are_what_they_seem():
    assert len(samples(0)) == 900
