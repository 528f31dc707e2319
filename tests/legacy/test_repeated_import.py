"""A trial or a second import changes nothing, what came since is taken, and what is here already stays as it is."""

import json

import pytest
from legacy.home import NOW, counts, moved
from legacy.old import COMPAT, KEY, ONE, download, sample, user
from store.test_history import filled, row

from amutorrent.errors import NotAuthenticated
from amutorrent.model.history import HistoryFilter
from amutorrent.store import HistoryShelf, OwnerShelf

pytestmark = pytest.mark.slow


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
