"""The statistics tree and the lights."""

import logging
import re

import pytest
from amutorrent_amule.codec import Packet
from amutorrent_amule.codes import T
from amutorrent_amule.lights import Connection
from amutorrent_amule.mirror import Mirror
from amutorrent_amule.stats import duration, filled, node, size, written
from amutorrent_amule.tags import Tag, Type, ipv4, text, uint
from lab.ec_captures import packet


@pytest.fixture
def mirror():
    return Mirror(logging.LoggerAdapter(logging.getLogger("test.amule")))


def test_the_captured_tree():
    tree = node(next(tag for tag in packet("statstree_cap").tags if tag.name == T.STATTREE_NODE))
    assert tree.label == "Statistics"
    labels, left = [], [tree]
    while left:
        one = left.pop()
        labels.append(one.label)
        left += one.children
    assert "Uptime: 2s" in labels
    assert "Uploaded Data (Session (Total)): 68 B (588 B)" in labels
    assert not [label for label in labels if re.search("%[a-z]", label)]


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("Uptime: %s", ["4m 58s"], "Uptime: 4m 58s"),
        ("Total: %i Known: %i", ["3", "4"], "Total: 3 Known: 4"),
        ("Total Users: %llu", ["5"], "Total Users: 5"),
        ("Average: %g of %", ["1.50"], "Average: 1.50 of %"),
        ("%s and %s", ["one"], "one and %s"),
        ("plain", [], "plain"),
    ],
)
def test_templates(template, values, expected):
    assert filled(template, values) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (uint(1, 7), "7"),
        (uint(1, 0, uint(T.STAT_VALUE_TYPE, 2)), "0 B"),
        (uint(1, 1536, uint(T.STAT_VALUE_TYPE, 2)), "1.50 KB"),
        (uint(1, 3661, uint(T.STAT_VALUE_TYPE, 4)), "1h 1m"),
        (uint(1, 2048, uint(T.STAT_VALUE_TYPE, 5)), "2.00 KB/s"),
        (text(1, "Never", uint(T.STAT_VALUE_TYPE, 6)), "Never"),
        (Tag(1, Type.DOUBLE, b"1.5\0", (uint(T.STAT_VALUE_TYPE, 7),)), "1.50"),
        (uint(1, 1, uint(T.STAT_NODE_VALUE, 2)), "1 (2)"),
    ],
)
def test_values(tag, expected):
    assert written(tag) == expected


def test_units():
    assert [size(n) for n in (1023, 1024, 2**40, 2**63)] == ["1023 B", "1.00 KB", "1.00 TB", "8.00 EB"]
    assert [duration(n) for n in (0, 59, 298, 90_000)] == ["0s", "59s", "4m 58s", "1d 1h"]


def state(bits, *children):
    return Connection(Packet(0x0C, (uint(T.CONNSTATE, bits, *children),)))


@pytest.mark.parametrize(
    ("bits", "id", "ed2k", "kad"),
    [
        (8, 0, ("red", "Disconnected"), ("red", "Off")),
        (10, 0, ("yellow", "Connecting"), ("red", "Off")),
        (9, 102, ("yellow", "Low ID"), ("red", "Off")),
        (9, 16_777_215, ("yellow", "Low ID"), ("red", "Off")),
        (9, 16_777_216, ("green", "High ID"), ("red", "Off")),
        (24, 0, ("red", "Disconnected"), ("yellow", "Connecting")),
        (28, 0, ("red", "Disconnected"), ("yellow", "Firewalled")),
        (20, 0, ("red", "Disconnected"), ("green", "OK")),
    ],
)
def test_lights(mirror, bits, id, ed2k, kad):
    lights = state(bits, uint(T.ED2K_ID, id)).lights(mirror, 4662, 4672)
    assert (lights["ed2k"].status, lights["ed2k"].text) == ed2k
    assert (lights["kad"].status, lights["kad"].text) == kad
    assert (lights["ed2k"].listen_port, lights["kad"].listen_port) == (4662, 4672)


def test_the_server_is_named(mirror):
    light = state(9, ipv4(T.SERVER, "127.0.0.1", 24600, text(T.SERVER_NAME, "TestServer"))).lights(mirror, 0, 0)["ed2k"]
    assert (light.server_name, light.server_address, light.listen_port) == ("TestServer", "127.0.0.1:24600", None)


def test_captured_statistics(mirror):
    for name in ("stats_cmd_lowid", "stats_cmd_plain_flags20"):
        found = Connection(packet(name))
        assert found.lights(mirror, 1, 1)["ed2k"].text == "Low ID"
        assert found.server_name == "TestServer"
