"""What a delete takes with it, by what clients say of themselves."""

from contextlib import asynccontextmanager

import pytest

import amutorrent as am
from amutorrent.client import ClientConfig

PART, WHOLE, OTHER = "1" * 40, "2" * 40, "3" * 40


def item(hash, complete):
    return am.Item(
        hash=hash, name=hash[0], status="seeding" if complete else "active", progress=100.0 if complete else 50.0,
        size=10, download_speed=0, upload_speed=0, complete=complete, shared=True, category="Default",
        path=f"/data/{hash[0]}",
    )  # fmt: skip


class Settings(am.ClientSettings):
    """None."""


class Plain(am.Client, am.Remove, am.RemoveWithFiles):
    """Writes down what it is asked, and says yes, but to what `refusals` names."""

    type, label, network, Settings = "plain", "Plain", "bittorrent", Settings
    asked: list = []  # noqa: RUF012  (a test empties it)
    refusals: dict = {}  # noqa: RUF012  (likewise)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, services):
        yield cls()

    async def probe(self):
        return am.Probe(version="1")

    async def poll(self):
        return am.Changes(items=[item(PART, False), item(WHOLE, True), item(OTHER, True)], full=True)

    async def remove(self, hashes):
        return self._answer("remove", hashes)

    async def remove_with_files(self, hashes):
        return self._answer("files", hashes)

    def _answer(self, way, hashes):
        self.asked.append((way, *hashes))
        if way in self.refusals:
            raise self.refusals[way]
        return {hash: self.refusals.get(hash) for hash in hashes}


class Native(Plain, am.ApiDeletesFiles):
    """Its daemon deletes."""

    type = "native"


class Mule(Plain, am.RemoveSharedMustDeleteFiles, am.CancelDeletesFiles):
    """Partial data goes with a download, and shared files only with their data."""

    type = "mule"


KINDS = {kind.type: kind for kind in (Plain, Native, Mule)}


@pytest.fixture(params=list(KINDS))
async def rig(request, nursery, wire_parts, monkeypatch):
    monkeypatch.setattr(Plain, "asked", [])
    monkeypatch.setattr(Plain, "refusals", {})
    config = ClientConfig(id="c", type=request.param, name="C", color=None, enabled=True, order=0, settings=Settings())
    rig = await wire_parts(nursery, KINDS, [config])
    rig.kind = request.param
    return rig


async def delete(rig, *hashes, files=False):
    with rig.parts.events.subscribe() as happened:
        reply = await rig.call("batchDelete", items=[{"fileHash": hash} for hash in hashes], deleteFiles=files)
        told = []
        while happened._receive.statistics().current_buffer_used:
            event = await happened.get()
            if event.name == "file_deleted":
                told.append((event.hash, event.facts["deleted_from_disk"]))
    return reply, told


@pytest.mark.parametrize("rig", ["plain", "native"], indirect=True)
@pytest.mark.parametrize("files", [True, False])
async def test_items_go_with_their_data_if_that_is_wanted(rig, autojump_clock, files):
    reply, told = await delete(rig, PART, WHOLE, files=files)
    assert reply.message == "Deleted 2/2 files"
    assert Plain.asked == [("files" if files else "remove", PART, WHOLE)]
    assert told == [(PART, files), (WHOLE, files)]


@pytest.mark.parametrize("rig", ["mule"], indirect=True)
async def test_a_shared_file_goes_only_with_its_data(rig, autojump_clock):
    reply, told = await delete(rig, WHOLE, PART)
    assert [(each.success, each.code) for each in reply.results] == [(False, "client_error"), (True, None)]
    assert "only together with its data" in reply.results[0].error
    assert Plain.asked == [("remove", PART)]
    assert told == [(PART, True)]


@pytest.mark.parametrize("rig", ["mule"], indirect=True)
async def test_partial_data_goes_with_its_download_and_a_shared_file_when_it_must(rig, autojump_clock):
    reply, told = await delete(rig, WHOLE, PART, files=True)
    assert reply.message == "Deleted 2/2 files"
    assert Plain.asked == [("remove", PART), ("files", WHOLE)]
    assert sorted(told) == [(PART, True), (WHOLE, True)]


@pytest.mark.parametrize("rig", ["mule"], indirect=True)
async def test_one_way_that_fails_spoils_not_the_other(rig, autojump_clock):
    Plain.refusals["files"] = am.ClientFailed("The disk is broken")
    reply, told = await delete(rig, WHOLE, PART, files=True)
    assert [(each.success, each.error) for each in reply.results] == [(False, "The disk is broken"), (True, None)]
    assert told == [(PART, True)]


async def test_nothing_is_told_of_what_was_not_deleted(rig, autojump_clock):
    Plain.refusals[WHOLE] = am.ClientFailed("/data/2 is not there")
    reply, told = await delete(rig, WHOLE, OTHER, files=True)
    assert [(each.success, each.code) for each in reply.results] == [(False, "client_error"), (True, None)]
    assert told == [(OTHER, True)]
