"""Texts that are not UTF-8, and hashes that are not what they seem: they cost no more than themselves."""

import libtorrent as lt
import pytest
import trio
from amutorrent_libtorrent.records import Facts, Record
from amutorrent_libtorrent.texts import clean, text, trackers_of
from lab.torrents import make_torrent

import amutorrent as am
from amutorrent.metafile import encode

ODD = "magnet:?xt=urn:btih:{}&dn=z%E9bra&tr=http://127.0.0.1:9/a&tr=http://127.0.0.1:9/%FFb%C3"
TRACKERS = ["http://127.0.0.1:9/a", "http://127.0.0.1:9/%FFb%C3"]


def odd_file(name, announce=b"http://127.0.0.1:9/x\xff"):
    file = make_torrent(name, 50_000, "T" * len(announce)).file
    return am.Metafile.parse(file.replace(b"T" * len(announce), announce))


def test_a_text_is_given_as_far_as_it_is_one():
    params = lt.parse_magnet_uri(ODD.format("a" * 40))
    assert text(lambda: params.name) == "z\ufffdbra"
    assert trackers_of(params) == TRACKERS
    assert (clean(params).name, params.trackers) == ("z\ufffdbra", TRACKERS)
    assert text(lambda: "né") == "né"


async def test_what_is_not_utf8_is_added_and_survives_a_restart(opened, settings):
    magnet, file = am.Magnet.parse(ODD.format("a" * 40)), odd_file("odd")
    async with opened(settings) as watched:
        outcome = await watched.part(am.AddMagnet).add_magnets([magnet], am.AddOptions())
        assert outcome == {magnet.hash: None}
        await watched.part(am.AddTorrentFile).add_torrent_file(file, am.AddOptions())
        await watched.until(lambda: len(watched.items) == 2)
    async with opened(settings) as again:
        await again.until(lambda: len(again.items) == 2)
        assert again.items[magnet.hash].name == "z\ufffdbra"
        assert again.items[magnet.hash].trackers == tuple(TRACKERS)
        assert again.items[file.hash].trackers == ("http://127.0.0.1:9/x%FF",)
        states = await again.part(am.Trackers).trackers(magnet.hash)
        assert [each.url for each in states] == TRACKERS


async def test_records_that_were_kept_so_load_and_one_of_another_torrent_costs_itself_alone(opened, settings, caplog):
    odd, other, nowhere = "a" * 40, "b" * 40, "c" * 40
    places = {odd: settings.download_dir, nowhere: ""}
    async with opened(settings) as watched:
        resumes = {hash: _resume(hash, place) for hash, place in places.items()}
        kept = {other: resumes[odd], **resumes}
        records = [Record(hash=hash, facts=Facts(running=False), resume=each) for hash, each in kept.items()]
        await trio.to_thread.run_sync(lambda: watched.engine.shelf.put(*records))
    with trio.fail_after(30):
        async with opened(settings) as again:
            await again.until(lambda: odd in again.items)
            assert again.items.keys() == {odd}
            assert again.items[odd].trackers == tuple(TRACKERS)
    assert f"{other} cannot be loaded" in caplog.text
    assert f"{nowhere} cannot be loaded" in caplog.text


def _resume(hash, place):
    params = lt.parse_magnet_uri(ODD.format(hash))
    params.save_path = place
    return lt.write_resume_data_buf(params)


async def test_what_libtorrent_would_know_by_another_hash_is_refused(watched):
    one, other = make_torrent("one", 50_000), make_torrent("two", 50_000)
    magnet = am.Magnet.parse(f"magnet:?xt=urn:btih:{one.hash}&xt=urn:btih:{other.hash}")
    twice = am.Metafile.parse(one.file[:-1] + other.file[other.file.index(b"4:info") : -1] + b"e")
    with trio.fail_after(20):
        outcome = await watched.part(am.AddMagnet).add_magnets([magnet], am.AddOptions())
        with pytest.raises(am.InvalidRequest) as caught:
            await watched.part(am.AddTorrentFile).add_torrent_file(twice, am.AddOptions())
    assert outcome[magnet.hash].details["field"] == "links"
    assert caught.value.details["field"] == "data"
    assert (await trio.to_thread.run_sync(watched.engine.shelf.records))[0] == []


async def test_what_a_tracker_says_in_another_alphabet_is_shown(watched, tracker, monkeypatch):
    said = encode({b"failure reason": "торрент".encode("cp1251")})
    monkeypatch.setattr(tracker, "announce", lambda peer, query: said)
    torrent = make_torrent("elsewhere", 50_000, tracker.url)
    await watched.part(am.AddTorrentFile).add_torrent_file(torrent.metafile, am.AddOptions())
    await watched.until(lambda: "\ufffd" in (watched.items[torrent.hash].message or ""))
    (state,) = await watched.part(am.Trackers).trackers(torrent.hash)
    assert (state.url, state.status) == (tracker.url, "error")
    assert "\ufffd" in state.message
    assert any("a tracker says" in line for line in await watched.part(am.Logs).log_lines())


async def test_an_alert_that_cannot_be_taken_in_is_logged_and_costs_no_other(watched, monkeypatch, caplog):
    def fail(alert):
        raise LookupError("no such thing")

    monkeypatch.setitem(watched.engine.session._handlers, lt.state_update_alert, fail)
    await watched.part(am.AddTorrentFile).add_torrent_file(make_torrent("heard", 50_000).metafile, am.AddOptions())
    with trio.fail_after(20):
        await watched.engine.update()
    assert "cannot be taken in: state_update_alert" in caplog.text
    assert "no such thing" in caplog.text
