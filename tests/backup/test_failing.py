"""Backups and restores that fail or are killed in the middle."""

import os
import random
import sys

import pytest
import trio
from backup.conftest import DATABASE, Home, refused
from sqlalchemy import text

from amutorrent.backup import restoring
from amutorrent.errors import AmutorrentError, StorageUnavailable

pytestmark = pytest.mark.slow


def test_a_full_disk_leaves_neither_half_a_backup_nor_half_a_restore(here, tmp_path, disk):
    here.fill()
    noise = [{"at": f"{number}", "noise": random.Random(number).randbytes(500_000).hex()} for number in range(20)]
    insert = text("INSERT INTO record VALUES ('big', 'noise', :at, :noise)")
    here.use(lambda store, accounts: store.write(lambda connection: connection.execute(insert, noise)))
    with pytest.raises(StorageUnavailable, match=r"No space left|is full"):
        here.backup(disk.path / "backup")
    assert [*disk.path.iterdir()] == []
    here.backup(tmp_path / "backup")
    small = Home(disk.path / "data")
    small.fill("bob")
    error = refused(small, tmp_path / "backup", "No space left|is full", AmutorrentError)
    assert error.status == 503
    assert list(small.holds()[0]) == ["bob"]


@pytest.mark.parametrize("failing", ["secret", "config.json", DATABASE])
def test_a_restore_that_fails_in_the_middle_takes_everything_back(here, tmp_path, monkeypatch, failing):
    here.fill()
    here.backup(tmp_path / "backup")
    here.use(lambda store, accounts: accounts.users.create("later"))
    here.configure(disk={"warnBelow": 3})
    real = os.replace

    def fails(old, new):
        if os.path.basename(new) == failing and "-before-restore-" not in str(old):
            raise OSError(5, "Input/output error")
        real(old, new)

    monkeypatch.setattr(restoring.os, "replace", fails)
    refused(here, tmp_path / "backup", "Input/output error", StorageUnavailable)
    monkeypatch.undo()
    assert sorted(here.holds()[0]) == ["ann", "later"]


DIES = """
import os, pathlib, sys
from amutorrent.backup import restore_backup, restoring
from amutorrent.datadir import DataDirectory

left = int(sys.argv[3])
for name in ("replace", "link"):
    def counted(*arguments, real=getattr(os, name)):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real(*arguments)
    setattr(restoring.os, name, counted)
restore_backup(DataDirectory(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]), {})
"""


@pytest.mark.slow
@pytest.mark.parametrize("steps", range(6))
def test_killed_in_the_middle_it_is_simply_done_again(here, tmp_path, steps):
    key = here.fill()
    here.backup(tmp_path / "backup")
    here.use(lambda store, accounts: accounts.users.create("later"))
    command = [sys.executable, "-c", DIES, str(here.path), str(tmp_path / "backup"), str(steps)]

    async def die():
        return await trio.run_process(command, check=False, capture_stderr=True)

    died = trio.run(die)
    assert died.returncode == 9, died.stderr
    assert set(here.files()) >= {DATABASE, "config.json", "secret"}, "nothing is missing in between"
    here.restore(tmp_path / "backup")
    assert here.holds()[0] == {"ann": key}
    assert not [*here.path.glob(".restore-*")]
