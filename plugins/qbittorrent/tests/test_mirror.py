"""Increments merged one by one are the same as one full answer."""

import json
import logging
from pathlib import Path

import trio
from amutorrent_qbittorrent.mapping import item
from amutorrent_qbittorrent.mirror import Mirror
from amutorrent_qbittorrent.wire import Maindata, read
from hypothesis import given, settings
from hypothesis import strategies as st

DATA = Path(__file__).parent / "data"
LOG = logging.LoggerAdapter(logging.getLogger("test.mirror"))


def mirror() -> Mirror:
    return Mirror(LOG)


def answer(content: dict | bytes) -> Maindata:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read(body, Maindata, "sync/maindata")


def items(held: Mirror, ids=None) -> dict:
    wanted = held.torrents if ids is None else [id for id in ids if id in held.torrents]
    return {held.hash_of(id): item(held.torrents[id], held.hash_of(id), held.urls(id), None) for id in wanted}


def state(held: Mirror) -> tuple:
    return held.torrents, held.categories, held.server, items(held), {hash: held.id_of(hash) for hash in items(held)}


async def test_the_captured_history_merges_to_the_captured_full_answer():
    held, seen = mirror(), {}
    for path in sorted(DATA.glob("maindata-[0-9]*-4.5.2.json")):
        taken = await held.take(answer(path.read_bytes()))
        assert taken.full is (path.name == "maindata-01-4.5.2.json")
        seen |= items(held, taken.changed)
        for hash in taken.removed:
            del seen[hash]
    full = mirror()
    await full.take(answer((DATA / "maindata-final-4.5.2.json").read_bytes()))
    # a second snapshot of the moving rates would differ: what was captured last is a full answer of the same moment
    for torrents in (held.torrents, full.torrents):
        for torrent in torrents.values():
            torrent.dlspeed = 0
    held.server.free_space_on_disk = full.server.free_space_on_disk
    assert state(held) == state(full)
    assert set(seen) == set(items(full))
    assert held.rid == 15


async def test_an_increment_of_fields_that_are_not_used_changes_nothing():
    held = mirror()
    await held.take(answer({"rid": 1, "full_update": True, "torrents": {"a" * 40: {"name": "x", "time_active": 1}}}))
    taken = await held.take(answer({"rid": 2, "torrents": {"a" * 40: {"time_active": 2, "seeding_time": 9}}}))
    assert (taken.changed, taken.removed, taken.full) == (set(), set(), False)


async def test_one_bad_torrent_is_refused_alone_and_logged_once(caplog):
    held = mirror()
    body = {"rid": 1, "full_update": True, "torrents": {"a" * 40: {"name": "x"}, "b" * 40: {"size": "big"}}}
    await held.take(answer(body))
    await held.take(answer(body))
    assert set(held.torrents) == {"a" * 40}
    assert len([record for record in caplog.records if "b" * 40 in record.message]) == 1


async def test_an_unknown_state_is_logged_once(caplog):
    held = mirror()
    for name in ("x", "y", "z"):
        await held.take(answer({"rid": 1, "torrents": {"a" * 40: {"state": "dreaming", "name": name}}}))
    assert len([record for record in caplog.records if "dreaming" in record.message]) == 1


async def test_a_hybrid_torrent_goes_by_its_v1_hash():
    held = mirror()
    await held.take(answer({"rid": 1, "torrents": {"b" * 40: {"name": "x", "infohash_v1": "a" * 40}}}))
    assert (held.hash_of("b" * 40), held.id_of("a" * 40)) == ("a" * 40, "b" * 40)
    assert held.id_of("c" * 40) == "c" * 40


async def test_a_magnet_that_turns_out_to_be_a_hybrid_keeps_its_item():
    held = mirror()
    await held.take(answer({"rid": 1, "torrents": {"a" * 40: {"infohash_v1": "a" * 40}}}))
    taken = await held.take(
        answer({"rid": 2, "torrents_removed": ["a" * 40], "torrents": {"b" * 40: {"infohash_v1": "a" * 40}}})
    )
    assert (taken.removed, set(items(held, taken.changed))) == (set(), {"a" * 40})
    taken = await held.take(answer({"rid": 3, "torrents_removed": ["b" * 40]}))
    assert taken.removed == {"a" * 40}


async def test_a_v2_magnet_that_turns_out_to_be_a_hybrid_changes_its_hash():
    held = mirror()
    await held.take(answer({"rid": 1, "torrents": {"b" * 40: {"name": "x"}}}))
    taken = await held.take(answer({"rid": 2, "torrents": {"b" * 40: {"infohash_v1": "a" * 40}}}))
    assert (taken.removed, taken.changed) == ({"b" * 40}, {"b" * 40})


async def test_a_full_answer_in_mid_life_replaces_everything():
    held = mirror()
    first = {"rid": 1, "full_update": True, "torrents": {"a" * 40: {"name": "x"}}, "categories": {"c": {"name": "c"}}}
    await held.take(answer({**first, "trackers": {"http://t/": ["a" * 40]}, "server_state": {"dl_info_speed": 5}}))
    taken = await held.take(answer({"rid": 1, "full_update": True, "torrents": {"b" * 40: {"name": "y"}}}))
    assert (taken.full, taken.changed, taken.categories) == (True, {"b" * 40}, True)
    assert (set(held.torrents), held.categories, held.server.dl_info_speed) == ({"b" * 40}, {}, 0)
    assert held.urls("a" * 40) == ()


def world() -> st.SearchStrategy[dict]:
    """What a daemon may hold: torrents by a slot in one of three guises, its trackers, categories and figures."""
    torrent = st.fixed_dictionaries(
        {
            "guise": st.sampled_from(["v1", "hybrid", "v2"]),
            "state": st.sampled_from(["stalledUP", "downloading", "moving", "checkingUP"]),
            "completed": st.integers(0, 3),
            "name": st.sampled_from(["x", "y", "\U0001f31e"]),
            "tracker": st.sampled_from(["", "http://a.example.org/", "http://b.example.org/"]),
        }
    )
    return st.fixed_dictionaries(
        {
            "torrents": st.dictionaries(st.sampled_from("abcd"), torrent, max_size=4),
            "trackers": st.dictionaries(
                st.sampled_from(["http://a.example.org/", "http://b.example.org/"]), st.sets(st.sampled_from("abcd"))
            ),
            "categories": st.dictionaries(st.sampled_from(["films", "tv"]), st.sampled_from(["", "/f"])),
            "speed": st.integers(0, 2),
        }
    )


def full(world: dict, rid: int) -> dict:
    """Write a world as the daemon's full answer."""
    ids = {slot: slot * 40 if one["guise"] == "v1" else slot * 20 + "0" * 20 for slot, one in world["torrents"].items()}
    torrents = {}
    for slot, one in world["torrents"].items():
        v1 = "" if one["guise"] == "v2" else slot * 40
        torrents[ids[slot]] = {**{k: v for k, v in one.items() if k != "guise"}, "infohash_v1": v1, "size": 3}
    trackers = {url: [ids[slot] for slot in sorted(slots) if slot in ids] for url, slots in world["trackers"].items()}
    return {
        "rid": rid,
        "full_update": True,
        "torrents": torrents,
        "trackers": {url: held for url, held in trackers.items() if held},
        "categories": {name: {"name": name, "savePath": path} for name, path in world["categories"].items()},
        "server_state": {"dl_info_speed": world["speed"], "connection_status": "connected"},
    }


def increment(old: dict, new: dict) -> dict:
    """Write what lies between two full answers, as the daemon does."""
    told: dict = {"rid": new["rid"], "torrents": {}}
    for id, fields in new["torrents"].items():
        before = old["torrents"].get(id, {})
        if changed := {name: value for name, value in fields.items() if before.get(name) != value}:
            told["torrents"][id] = changed
    for part in ("trackers", "categories"):
        told[part] = {name: value for name, value in new[part].items() if old[part].get(name) != value}
        told[f"{part}_removed"] = [name for name in old[part] if name not in new[part]]
    told["torrents_removed"] = [id for id in old["torrents"] if id not in new["torrents"]]
    if old["server_state"] != new["server_state"]:
        told["server_state"] = {"dl_info_speed": new["server_state"]["dl_info_speed"]}
    return told


@settings(max_examples=200, deadline=None)
@given(st.lists(world(), min_size=2, max_size=6))
def test_any_history_of_increments_equals_one_full_answer(worlds):
    trio.run(_compare, [full(one, number) for number, one in enumerate(worlds, 1)])


async def _compare(answers: list[dict]) -> None:
    held, shown = mirror(), {}
    for old, new in zip([None, *answers], answers, strict=False):
        taken = await held.take(answer(new if old is None else increment(old, new)))
        for hash in taken.removed:
            del shown[hash]
        shown |= items(held, taken.changed)
        fresh = mirror()
        await fresh.take(answer(new))
        assert state(held) == state(fresh)
        assert shown == items(fresh)
        assert held.rid == new["rid"]
