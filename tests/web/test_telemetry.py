"""`GET /metrics`: who may read it, what stands in it, and that the dashboard asks for nothing else."""

import pytest
import trio
from prometheus_client.parser import text_string_to_metric_families
from web.server import INSTANCE

from amutorrent.telemetry import FRESH_S, Histogram

ELSEWHERE = "X-Forwarded-For: 192.0.2.9"
"""What comes through a proxy is not of this machine, though the proxy is."""


def samples(body):
    """Give each sample by its name and labels."""
    return {
        (each.name, *(each.labels[label] for label in sorted(each.labels))): each.value
        for family in text_string_to_metric_families(body.decode())
        for each in family.samples
    }


async def test_a_program_on_this_machine_needs_no_key(site):
    answer = await site.ask("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert samples(answer.body)["amutorrent_build_info", "1.2.3"] == 1


@pytest.mark.parametrize("form", ["X-API-Key: {}", "Authorization: Bearer {}", "Authorization: bearer  {} "])
async def test_who_comes_from_elsewhere_shows_a_key_that_may_see_statistics(site, form):
    await site.accounts.users.create("viewer", permissions=["view_statistics"])
    for name, status in (("ann", 200), ("viewer", 200), ("bob", 403)):
        answer = await site.ask("GET", "/metrics", None, ELSEWHERE, form.format(site.key_of(name)))
        assert answer.status == status, name
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.body == b"This needs the permission view_statistics\n"
    wrong = await site.ask("GET", "/metrics", None, ELSEWHERE, form.format("k" * 43))
    assert (wrong.status, wrong.body) == (401, b"This API key is not one\n")


async def test_nobody_and_a_session_from_elsewhere_are_refused(site):
    session = await site.sign_in("ann")
    for given in ({}, {"session": session}):
        answer = await site.ask("GET", "/metrics", None, ELSEWHERE, **given)
        assert answer.status == 401
        assert b"{" not in answer.body


OWN_NAMES = ["127.0.0.1", "127.0.0.2:80", "localhost:4000", "LocalHost.", "[::1]:4000"]
OTHER_NAMES = [
    "nas.example",
    "nas",
    "192.0.2.9:4000",
    "localhost.example",
    "127.0.0.1.example",
    "localhost@nas",
    "[::1",
]


@pytest.mark.parametrize(
    ("name", "status"), [*((each, 200) for each in OWN_NAMES), *((each, 401) for each in OTHER_NAMES)]
)
async def test_a_proxy_on_this_machine_that_forwards_only_the_name_is_no_program_of_it(site, name, status):
    assert (await site.ask("GET", "/metrics", None, f"Host: {name}")).status == status
    assert (await site.ask("GET", "/metrics", None, f"Host: {name}", key=site.key_of("ann"))).status == 200


async def test_what_stands_in_it(web, item):
    await web.fill(*(item(number, status="seeding" if number < 3 else "active") for number in range(5)))
    async with web.socket() as reader:
        await reader.greeting()
        found = samples((await web.get("/metrics")).body)
    await web.wait_for_sockets(0)
    assert found["amutorrent_items", INSTANCE, "seeding"] == 3
    assert found["amutorrent_items", INSTANCE, "active"] == 2
    assert found["amutorrent_items", INSTANCE, "error"] == 0
    assert found["amutorrent_sockets",] == 1
    assert found["amutorrent_storage_usable",] == 1
    assert found["process_resident_memory_bytes",] > 0


async def test_who_asks_again_at_once_gets_the_same_text(web, item):
    first = (await web.get("/metrics")).body
    await web.fill(item(1))
    assert (await web.get("/metrics")).body == first
    await trio.sleep(FRESH_S)
    assert (await web.get("/metrics")).body != first


def test_a_histogram_counts_up_to_and_with_its_bounds():
    histogram = Histogram((0.1, 1.0))
    for value in (0.0, 0.1, 0.5, 1.0, 7.0):
        histogram.observe(value)
    assert histogram.copy() == ([("0.1", 2), ("1.0", 4), ("+Inf", 5)], 8.6)
