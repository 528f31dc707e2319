"""A bad field of an operation on an ED2K client is named, and the client is not asked."""

import pytest
from operations.ed2k import PARTIAL, SHARED
from operations.ed2k_cases import A_SERVER, ITEM, Case, over_both, over_socket

import amutorrent as am

RATING = "POST /api/v1/downloads/rating-comment", "setFileRatingComment"
ACTION = "POST /api/v1/amule/servers/action", ""
ADD = "POST /api/v1/amule/servers", "addServer"
UPDATE = "POST /api/v1/amule/servers/update", "updateServers"
KAD = "POST /api/v1/amule/kad", "kadAction"


@pytest.mark.parametrize(
    ("where", "body", "place"),
    [
        (("POST /api/v1/downloads/priority", "batchSetPriority"), {"items": [], "priority": "low"}, "items"),
        (("POST /api/v1/downloads/priority", "batchSetPriority"), {"items": [ITEM] * 1001, "priority": "low"}, "items"),
        (("POST /api/v1/downloads/priority", "batchSetPriority"), {"items": [ITEM]}, "priority"),
        (("POST /api/v1/downloads/priority", "batchSetPriority"), {"items": [ITEM], "priority": "top"}, "priority"),
        ((f"PUT /api/item/files/{PARTIAL}", ""), {"files": [], "priority": 1}, "files"),
        ((f"PUT /api/item/files/{PARTIAL}", ""), {"files": [-1], "priority": 1}, "files[0]"),
        ((f"PUT /api/item/files/{PARTIAL}", ""), {"files": [0], "priority": 3}, "priority"),
        ((f"PUT /api/item/files/{PARTIAL}", ""), {"files": [0]}, "priority"),
        (("PUT /api/item/files/xyz", ""), {"files": [0], "priority": 1}, "hash"),
        (RATING, {"rating": 1}, "fileHash"),
        (RATING, {"fileHash": "xyz"}, "fileHash"),
        (RATING, {"fileHash": SHARED, "rating": 6}, "rating"),
        (RATING, {"fileHash": SHARED, "rating": -1}, "rating"),
        (RATING, {"fileHash": SHARED, "rating": "4"}, "rating"),
        (RATING, {"fileHash": SHARED, "comment": "a\0b"}, "comment"),
        (RATING, {"fileHash": SHARED, "comment": None}, "comment"),
        (ACTION, {}, "action"),
        (ACTION, {"action": "add", **A_SERVER}, "action"),
        (ACTION, {"action": "remove"}, "ip"),
        (ACTION, {"action": "connect", "ip": "1.2.3.4"}, "port"),
        (ACTION, {"action": "connect", "port": 1}, "ip"),
        (ACTION, {"action": "connect", "ip": "1.2.3.4", "port": 0}, "port"),
        (ACTION, {"action": "connect", "ip": "1.2.3.4", "port": 65536}, "port"),
        (ACTION, {"action": "connect", "ip": "1.2.3.400", "port": 1}, "ip"),
        (ACTION, {"action": "remove", "ip": "a b", "port": 1}, "ip"),
        (("", "connectServer"), {}, "serverAddress"),
        (("", "connectServer"), {"serverAddress": "1.2.3.4"}, "serverAddress"),
        (("", "connectServer"), {"serverAddress": "1.2.3.4:0"}, "serverAddress"),
        (("", "removeServer"), {"serverAddress": "1.2.3.4:99999"}, "serverAddress"),
        (("", "removeServer"), {"serverAddress": ":4661"}, "serverAddress"),
        (ADD, {"port": 1}, "ip"),
        (ADD, {"ip": "-bad-", "port": 1}, "ip"),
        (ADD, {"ip": "1.2.3.4"}, "port"),
        (ADD, {"ip": "1.2.3.4", "port": 1, "name": "a\nb"}, "name"),
        (UPDATE, {}, "url"),
        (UPDATE, {"url": "ftp://lists.example/server.met"}, "url"),
        (UPDATE, {"url": "file:///etc/passwd"}, "url"),
        (UPDATE, {"url": "http://"}, "url"),
        (UPDATE, {"url": "http://[::1"}, "url"),
        (UPDATE, {"url": "http://lists.example:99999/"}, "url"),
        (UPDATE, {"url": "http://lists.example/a\r\nb"}, "url"),
        (UPDATE, {"url": "http://lists.example/" + "a" * 2048}, "url"),
        (KAD, {}, "command"),
        (KAD, {"command": "restart"}, "command"),
        (KAD, {"command": "bootstrap"}, "ip"),
        (KAD, {"command": "bootstrap", "ip": "1.2.3.4"}, "port"),
        (KAD, {"command": "bootstrap", "ip": "1 2", "port": 1}, "ip"),
        (KAD, {"command": "bootstrap", "url": "nodes.dat"}, "url"),
        (KAD, {"command": "bootstrap", "url": "http://lists.example/nodes.dat", "ip": "1.2.3.4"}, "url"),
    ],
)
async def test_a_bad_field_is_named_and_nothing_is_asked(ed2k, autojump_clock, where, body, place):
    route, action = where
    case = Case(am.Servers, (), {}, route, body, action, body)
    answers = await over_both(ed2k, case) if route else await over_socket(ed2k, case)
    for status, reply in answers:
        assert (reply["type"], reply["code"], reply["details"]["field"]) == ("error", "validation_error", place)
        assert status in (400, None)
    assert ed2k.script.asked == []
