"""The running daemon and its database: kept over kills, and live data served whatever becomes of the database."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager
from itertools import count

import httpx
import pytest
from lab.amutorrent import AmutorrentDaemon, amutorrent
from lab.waiting import wait_until

pytestmark = pytest.mark.slow

CLIENTS = [{"type": "example", "id": "one"}]
numbers = count(1)

NOTES = """
import amutorrent as am
from msgspec import Struct

PLUGIN_API = (1, 0)


class Note(Struct, frozen=True):
    key: str
    text: str


class Nothing(Struct, frozen=True):
    pass


class Noted(Struct, frozen=True, tag="noted"):
    notes: dict[str, str]


@am.operation("putNote", http="POST /api/v1/notes", needs=am.ADMIN)
async def put_note(request: Note, call: am.Call) -> Noted:
    "Keep a note."
    await call.host.storage.put("notes", request.key, request.text)
    return Noted(notes={request.key: request.text})


@am.operation("listNotes", http="GET /api/v1/notes", needs=am.ADMIN)
async def list_notes(request: Nothing, call: am.Call) -> Noted:
    "List the notes."
    return Noted(notes=await call.host.storage.all("notes"))


@am.hookimpl
def register_operations(register):
    register(put_note)
    register(list_notes)
"""


@pytest.fixture
def notes_plugin(tmp_path):
    """Install a plugin that keeps notes, and give the environment that finds it."""
    folder = tmp_path / "notes"
    info = folder / "notes-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: notes\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[amutorrent]\nnotes = notes_plugin\n")
    (folder / "notes_plugin.py").write_text(NOTES)
    return {"PYTHONPATH": str(folder)}


@pytest.fixture
def ours(database_url, tmp_path, notes_plugin):
    """Run our daemon over an empty database."""
    with amutorrent(tmp_path / "data", CLIENTS, database_url=database_url, environment=notes_plugin) as running:
        yield running


def add(ours, category):
    """Add a download into a category that may be new; gives the answer."""
    wait_until(lambda: ours.state("one") == "online", 10)
    magnet = f"magnet:?xt=urn:btih:{next(numbers):040x}"
    return ours.http.post("/api/v1/downloads/magnets", json={"links": [magnet], "categoryName": category})


def categories(ours):
    """Give the ids of the categories in the snapshot, by name."""
    listed = ours.get("/api/v1/data/snapshot")["data"]["categories"]
    return {each["name"]: each["id"] for each in listed}


def problems(ours):
    """Give what `/health` says is wrong, but for the disk itself."""
    found = ours.get("/health")
    assert found["status"] == ("degraded" if found["problems"] else "ok")
    return [each for each in found["problems"] if each["code"] != "disk_full"]


def problem(ours):
    """Give the one problem of the database."""
    (only,) = problems(ours)
    assert only["code"] == "storage_unavailable"
    return only["message"]


def is_live(ours):
    """Downloads go on: what the client simulates moves within a few seconds, and can be paused."""
    first = wait_until(ours.items, 10)
    wait_until(lambda: ours.items() != first, 10)
    hash = next(iter(first))[1]
    paused = ours.post("/api/v1/downloads/pause", items=[{"fileHash": hash}])
    assert paused["results"][0]["success"]
    wait_until(lambda: ours.item("one", hash)["status"] == "paused", 5)
    ours.post("/api/v1/downloads/resume", items=[{"fileHash": hash}])


def refuses_to_save(ours, why, category="never"):
    """What would have to be saved is refused, and does not show."""
    answer = add(ours, category)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert why in answer.json()["message"]
    assert category not in categories(ours)


def crash(ours):
    """Kill it, and start it again."""
    ours.kill9()
    ours.start()


def test_categories_and_records_survive_a_restart_and_a_kill(ours):
    assert add(ours, "films").is_success
    assert add(ours, "tv").is_success
    ours.post("/api/v1/notes", key="a", text="ü")
    before = categories(ours)
    assert before["films"] != before["tv"]
    assert min(before.values()) == 0
    ours.stop()
    ours.start()
    assert categories(ours) == before
    crash(ours)
    assert categories(ours) == before
    assert ours.get("/api/v1/notes")["notes"] == {"a": "ü"}
    assert add(ours, "music").is_success
    assert categories(ours)["music"] not in before.values()
    assert problems(ours) == []


def test_killed_during_writes_all_that_was_answered_is_there(ours):
    told = []

    def write():
        with httpx.Client(base_url=ours.url, timeout=10) as http:
            while True:
                key = str(next(numbers))
                try:
                    answer = http.post("/api/v1/notes", json={"key": key, "text": key * 500})
                except httpx.TransportError:
                    return
                if answer.is_success:
                    told.append(key)

    for _ in range(3):
        writers = [threading.Thread(target=write) for _ in range(4)]
        enough = len(told) + 40
        for each in writers:
            each.start()
        wait_until(lambda: len(told) > enough, 20)  # noqa: B023  (used at once)
        ours.kill9()
        for each in writers:
            each.join(10)
        ours.start()
        kept = ours.get("/api/v1/notes")["notes"]
        assert set(told) <= kept.keys()
        assert all(text == key * 500 for key, text in kept.items())
        assert problems(ours) == []


def test_what_is_saved_is_not_in_the_log(database_url, tmp_path, notes_plugin):
    options = {"database_url": database_url, "environment": notes_plugin, "logLevel": "debug"}
    with amutorrent(tmp_path / "data", CLIENTS, **options) as ours:
        ours.post("/api/v1/notes", key="a", text="hunter2")
        assert ours.get("/api/v1/notes")["notes"] == {"a": "hunter2"}
        ours.stop()
        said = ours.log.read_text() + (ours.data_dir / "logs" / "amutorrent.log").read_text()
        assert "putNote by local admin" in said
        assert "hunter2" not in said


@contextmanager
def on_disk(disk, log):
    """Run our daemon on a small disk; what it says goes elsewhere."""
    with amutorrent(disk.path / "data", CLIENTS, log=log) as running:
        yield running


def fill(disk, ours):
    """Fill the disk, and save until even the slack in the database's own files is used up."""
    disk.fill()
    for number in range(500):
        if not add(ours, f"filling {number}").is_success:
            return
    raise AssertionError("the disk is never full")


def test_a_full_disk_and_room_again(disk, tmp_path):
    log = tmp_path / "said"
    with on_disk(disk, log) as ours:
        assert add(ours, "films").is_success
        fill(disk, ours)
        before = categories(ours)
        assert "is full: make room, and it goes on by itself" in problem(ours)
        refuses_to_save(ours, "is full")
        is_live(ours)
        assert add(ours, "films").is_success  # it is there: nothing has to be saved
        crash(ours)
        assert "is full" in problem(ours)
        is_live(ours)
        assert categories(ours).keys() == before.keys()
        refuses_to_save(ours, "is full")
        wait_until(lambda: "disk_full" in {each["code"] for each in ours.get("/health")["problems"]}, 30)
        disk.free()
        wait_until(lambda: ours.get("/health")["problems"] == [], 30)
        assert add(ours, "room").is_success
        crash(ours)
        assert {name: id for name, id in categories(ours).items() if name != "room"} == before
        assert "room" in categories(ours)
    assert "Traceback" not in log.read_text()


def test_a_disk_that_is_full_before_the_first_start(disk, tmp_path):
    log = tmp_path / "said"
    ours = AmutorrentDaemon(disk.path / "data", CLIENTS, log=log)
    disk.fill()
    ours.start()
    try:
        assert "is full" in problem(ours)
        is_live(ours)
        refuses_to_save(ours, "is full")
        assert not (ours.data_dir / "amutorrent.db").exists()
        disk.free()
        wait_until(lambda: problems(ours) == [], 20)
        assert add(ours, "films").is_success
    finally:
        ours.http.close()
        assert ours.stop() == 0
    assert "Traceback" not in log.read_text()


def test_locked_by_another_process(tmp_path):
    with amutorrent(tmp_path / "data", CLIENTS) as ours:
        assert add(ours, "films").is_success
        with holding(ours.data_dir / "amutorrent.db"):
            refuses_to_save(ours, "is locked by another program")
            assert "is locked" in problem(ours)
            is_live(ours)
            assert "films" in categories(ours)
            crash(ours)
            assert "is locked" in problem(ours)
            is_live(ours)
        wait_until(lambda: problems(ours) == [], 10)
        assert add(ours, "tv").is_success
        assert {"films", "tv"} <= categories(ours).keys()


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def holding(path):
    """Let another process hold the write lock of a database."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.stdin.close()


def test_a_truncated_file_and_a_copy_in_its_place(tmp_path):
    with amutorrent(tmp_path / "data", CLIENTS) as ours:
        assert add(ours, "films").is_success
        before = categories(ours)
        ours.stop()
        path = ours.data_dir / "amutorrent.db"
        (tmp_path / "copy").write_bytes(path.read_bytes())
        for size in (5000, 0):
            os.truncate(path, size)
            ours.start()
            assert f"The database {path} is damaged" in problem(ours)
            is_live(ours)
            refuses_to_save(ours, "is damaged")
            assert path.stat().st_size == size
            ours.stop()
        ours.start()
        (tmp_path / "copy").replace(path)
        wait_until(lambda: problems(ours) == [], 40)
        wait_until(lambda: categories(ours) == before, 5)


def test_a_database_of_a_newer_program(tmp_path):
    with amutorrent(tmp_path / "data", CLIENTS) as ours:
        ours.stop()
        path = ours.data_dir / "amutorrent.db"
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE amutorrent_revision SET version_num = '0999'")
        connection.close()
        before = path.read_bytes()
        ours.start()
        assert "was written by a newer version of this program (revision 0999" in problem(ours)
        is_live(ours)
        refuses_to_save(ours, "newer version")
        assert path.read_bytes() == before


@pytest.mark.daemon
def test_a_postgresql_server_that_goes_and_comes_back(postgresql, tmp_path):
    url = postgresql.url(postgresql.new_database())
    with amutorrent(tmp_path / "data", CLIENTS, database_url=url) as ours:
        assert add(ours, "films").is_success
        before = categories(ours)
        postgresql.stop()
        try:
            refuses_to_save(ours, "Cannot use the database postgresql+psycopg://someone:***@127.0.0.1")
            # The first to notice may still hear the server say goodbye.
            wait_until(lambda: "Connection refused" in problem(ours), 10)
            is_live(ours)
            crash(ours)
            is_live(ours)
            assert "Connection refused" in problem(ours)
        finally:
            postgresql.start()
        wait_until(lambda: problems(ours) == [], 20)
        wait_until(lambda: categories(ours) == before, 5)
        said = (ours.data_dir / "logs" / "amutorrent.log").read_text() + ours.log.read_text()
        assert "Connection refused" in said
        assert postgresql.password not in said
        assert "correct" not in said
        assert "Traceback" not in said
