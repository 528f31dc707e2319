"""What keeps an item from being imported, in words; and disks that hang."""

import os
import threading

import pytest
import trio
from amutorrent_qbcompat.causes import Facts, File, Seen, cause_of, look_at
from amutorrent_qbcompat.disks import SLICE, THREADS, Disks
from amutorrent_qbcompat.record import Last, Record
from amutorrent_qbcompat.rows import Rows
from amutorrent_qbcompat.shown import Categories, View

from amutorrent import Category, Entry, Item

HASH = "0123456789abcdef0123456789abcdef"
PATH = "/data/tv/film.mkv"
CATEGORIES = Categories(data=[Category(id=1, name="tv", title="tv", path="/data/tv")], client_default_paths={})


def facts(item=None, record=None, connected=True, asked_by=("Sonarr/4",), asked_for=None, **fields):
    values = {
        "hash": HASH, "name": "film.mkv", "status": "seeding", "progress": 100.0, "size": 1000, "download_speed": 0,
        "upload_speed": 0, "complete": True, "size_downloaded": 1000, "path": PATH,
    }  # fmt: skip
    entry = None if item == "none" else Entry("mule", Item(**values | fields), 0, b"", "")
    known = {"hash": HASH, "name": "film.mkv", "size": 1000, "kind": "ed2k", "added_on": 5, "category": "tv"}
    kept = Record(**known | {"state": "done", "instance_id": "mule"} | (record or {}))
    view = View(HASH, entry, kept)
    row = Rows(CATEGORIES, "/data").row(view)
    return Facts(
        view=view,
        row=row,
        connected=connected,
        complete=row.progress == 1,
        local=PATH if row.progress == 1 else "/data/tv",
        asked_by=list(asked_by),
        asked_for=asked_for or {},
    )


def file(*found, **options):
    return Seen({PATH: File(*found, **options)}, {})


HALF = {"status": "active", "progress": 50.0, "complete": False, "size_downloaded": 500, "path": None}


@pytest.mark.parametrize(
    ("given", "seen", "reason", "words"),
    [
        ({"item": "none", "record": {"state": "waiting", "error": "gone"}}, Seen({}, {}), "handing_over", ": gone"),
        ({"item": "none", "record": {"state": "failed", "error": "no"}}, Seen({}, {}), "handover_failed", "refuses it"),
        ({"connected": False}, Seen({}, {}), "client_away", "away"),
        (HALF, Seen({}, {"/data/tv": 499}), "no_space", "499 bytes are free in /data/tv, and 500 are missing"),
        (HALF, Seen({}, {"/data/tv": 500}), "incomplete", "not complete"),
        (HALF, Seen({}, {}), "incomplete", "not complete"),
        ({"asked_by": ()}, file(True, True), "never_asked", "its category 'tv' since the start: is the"),
        (
            {"asked_by": (), "asked_for": {"Radarr/5": ["radarr"]}},
            file(True, True),
            "never_asked",
            "(Radarr/5 asks for 'radarr')",
        ),
        ({"path": None}, Seen({}, {}), "no_path", "does not say"),
        ({}, Seen({}, {}), "path_missing", f"The disk of {PATH} does not answer"),
        ({}, file(False, False), "path_missing", f"{PATH} is not there"),
        ({}, file(False, False, missing="/data"), "path_missing", "There is no /data here"),
        ({}, file(False, False, barred="/data"), "path_not_readable", "/data cannot be entered"),
        ({}, file(True, False), "path_not_readable", f"{PATH} cannot be read"),
        ({}, file(True, True), "ok", "Ready to import"),
        ({"record": {"ratio_limit": 5.0}}, file(True, True), "ok", "when its seed goal is met"),
    ],
)  # fmt: skip
def test_the_first_thing_in_the_way_is_named(given, seen, reason, words):
    found, message = cause_of(facts(**given), seen)
    assert found == reason
    assert words in message


def test_an_item_that_only_our_record_knows_counts_as_its_client_said_last():
    last = Last(complete=True, downloaded=1000, path=PATH)
    found, _ = cause_of(facts("none", {"last": last, "completed_on": 5}, connected=False), Seen({}, {}))
    assert found == "client_away"


def test_a_look_names_the_first_folder_that_is_in_the_way(tmp_path):
    (tmp_path / "here").touch()
    assert look_at(str(tmp_path / "here")) == File(True, True)
    assert look_at(str(tmp_path / "a" / "b" / "c")) == File(False, False, missing=str(tmp_path / "a"))
    assert look_at(str(tmp_path / "c")) == File(False, False)


async def test_a_disk_that_hangs_takes_its_thread_and_no_more_than_the_deadline():
    hung, go_on = threading.Event(), threading.Event()

    def work(path):
        if path == "/dead":
            hung.set()
            go_on.wait(30)
        if path == "/error":
            raise OSError
        return len(path)

    disks, living = Disks(), [f"/alive/{number}" for number in range(SLICE * 3)]
    paths = ["/error", *living[: SLICE - 1], "/dead", *living[SLICE - 1 :]]
    began = trio.current_time()
    found = await disks.look(paths, work, deadline_s=1)
    assert trio.current_time() - began < 10
    assert hung.is_set()
    assert set(living[: SLICE - 1]) <= found.keys(), "what was looked at before"
    assert set(living[SLICE * 2 :]) <= found.keys(), "what other threads looked at"
    assert not {"/dead", "/error"} & found.keys()
    go_on.set()


async def test_looks_are_made_at_the_same_time():
    together = threading.Barrier(THREADS, timeout=30)
    found = await Disks().look([f"/{number}" for number in range(SLICE * THREADS)], lambda path: path, deadline_s=30)
    assert len(found) == SLICE * THREADS

    def work(path):
        if int(path[1:]) % SLICE == 0:
            together.wait()
        return os.sep

    assert len(await Disks().look([f"/{number}" for number in range(SLICE * THREADS)], work, deadline_s=30)) == len(
        found
    )
