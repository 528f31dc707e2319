"""A shared and complete file takes one's rating and comment, and the details of an item show those of others."""

from operations.ed2k import PARTIAL, SHARED

import amutorrent as am


async def test_only_a_shared_and_complete_file_can_be_rated(ed2k, autojump_clock):
    body = {"fileHash": PARTIAL, "rating": 3, "instanceId": "ed2k-0"}
    status, reply = await ed2k.wire.rest("POST", "/api/v1/downloads/rating-comment", body)
    assert (status, reply["code"], reply["details"]) == (
        422,
        "unsupported_by_client",
        {"capability": "fileRatingComment"},
    )
    status, reply = await ed2k.wire.rest("POST", "/api/v1/downloads/rating-comment", {"fileHash": "c" * 32})
    assert (status, reply["code"]) == (404, "item_not_found")
    status, reply = await ed2k.wire.rest("POST", "/api/v1/downloads/rating-comment", {"fileHash": SHARED})
    assert (status, reply["code"]) == (409, "ambiguous_hash")
    assert ed2k.script.asked == []


async def test_what_rating_leaves_out_is_cleared(ed2k, autojump_clock):
    await ed2k.wire.rest("POST", "/api/v1/downloads/rating-comment", {"fileHash": SHARED, "instanceId": "ed2k-0"})
    assert ed2k.script.asked == [("set_rating_comment", SHARED, 0, "")]


async def test_the_detail_of_an_item_shows_what_others_say(ed2k, autojump_clock):
    ed2k.script.answers["comments"] = [am.FileComment(user_name="u", file_name="f", rating=2, comment="fake")]
    status, detail = await ed2k.wire.rest("GET", f"/api/item/detail/{PARTIAL}", query={"instanceId": "ed2k-0"})
    assert status == 200
    assert detail["comments"] == [{"userName": "u", "fileName": "f", "rating": 2, "comment": "fake"}]
