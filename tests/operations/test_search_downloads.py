"""Results are downloaded by their hashes, from the last search or an earlier one, each with a result of its own."""

import pytest
from operations.ed2k import progress, row
from operations.searching import DOWNLOAD, START

import amutorrent as am


async def test_results_are_downloaded_with_a_result_per_hash(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = progress(
        row(1), row(1, name="better.iso", source_count=7), row(2), running=False
    )
    await ed2k.wire.rest(*START, {"query": "ubuntu"})
    one, two = f"{1:032x}", f"{2:032X}"
    body = {"fileHashes": [one, "f" * 32, two, "nonsense", one], "categoryName": "films"}
    status, reply = await ed2k.wire.rest(*DOWNLOAD, body)
    assert status == 200
    assert reply["type"] == "batch-download-complete"
    assert reply["message"] == "Downloaded 3/5 files"
    assert [(each["fileHash"], each["success"], each.get("code")) for each in reply["results"]] == [
        (one, True, None),
        ("f" * 32, False, "not_found"),
        (two.lower(), True, None),
        ("nonsense", False, "validation_error"),
        (one, True, None),
    ]
    assert reply["results"][0] == {"fileHash": one, "success": True}
    _, rows, options = ed2k.script.asked[-1]
    assert [each.file_name for each in rows] == ["better.iso", "ubuntu.iso"]
    assert options == am.AddOptions(category="films")


async def test_one_result_is_downloaded_over_the_socket(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = progress(row(1), running=False)
    number = ed2k.catalogue.categories.ensure("films").id
    async with ed2k.wire.socket() as reader:
        await reader.ask("search", query="ubuntu")
        reply = await reader.ask("download", fileHash=f"{1:032x}", categoryId=number)
        assert reply["message"] == "Downloaded 1/1 files"
        assert ed2k.script.asked[-1][2].category == "films"
        assert (await reader.ask("download", fileHash="x"))["results"][0]["code"] == "validation_error"
        assert (await reader.ask("download", fileHash="x", categoryId=9))["code"] == "category_not_found"


async def test_a_search_of_before_is_downloaded_from_by_its_id(ed2k, autojump_clock):
    for number, instance in enumerate(["ed2k-1", "ed2k-0", "ed2k-0"]):
        ed2k.scripts[int(instance[-1])].answers["search_progress"] = progress(row(number), running=False)
        await ed2k.wire.rest(*START, {"query": "ubuntu", "instanceId": instance})
    _, reply = await ed2k.wire.rest(*DOWNLOAD, {"fileHashes": [f"{1:032x}"]})
    assert reply["results"][0]["code"] == "not_found"
    _, reply = await ed2k.wire.rest(*DOWNLOAD, {"fileHashes": [f"{1:032x}"], "searchId": "s2"})
    assert reply["results"][0]["success"]
    _, reply = await ed2k.wire.rest(*DOWNLOAD, {"fileHashes": [f"{0:032x}"], "searchId": "s1"})
    assert reply["results"][0]["success"]
    assert ed2k.other.asked[-1][0] == "download_results"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({f"{1:032x}": am.Conflict("It is there")}, "already_exists"),
        ({}, "internal_error"),
        (am.ClientFailed("The disk is full"), "client_error"),
        ("for ever", "timeout"),
    ],
)
async def test_what_the_client_says_of_a_download(ed2k, autojump_clock, answer, code):
    ed2k.script.answers |= {"search_progress": progress(row(1), running=False), "download_results": answer}
    await ed2k.wire.rest(*START, {"query": "ubuntu"})
    _, reply = await ed2k.wire.rest(*DOWNLOAD, {"fileHashes": [f"{1:032x}"]})
    found = reply["code"] if reply["type"] == "error" else reply["results"][0]["code"]
    assert found == code


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "fileHashes"),
        ({"fileHashes": []}, "fileHashes"),
        ({"fileHashes": ["a" * 32] * 1001}, "fileHashes"),
        ({"fileHashes": [1]}, "fileHashes[0]"),
        ({"fileHashes": ["a" * 32], "categoryName": "a/b"}, "categoryName"),
        ({"fileHashes": ["a" * 32], "searchId": 1}, "searchId"),
    ],
)
async def test_a_bad_field_of_a_download_is_named(ed2k, autojump_clock, body, place):
    status, reply = await ed2k.wire.rest(*DOWNLOAD, body)
    assert (status, reply["code"], reply["details"]["field"]) == (400, "validation_error", place)
    async with ed2k.wire.socket() as reader:
        reply = await reader.ask("batchDownloadSearchResults", **body)
        assert (reply["code"], reply["details"]["field"]) == ("validation_error", place)
