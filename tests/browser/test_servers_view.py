"""Servers and Kad in a browser over a real client of a local network."""

import re

import pytest
from lab import amule as lab_amule
from lab import ed2k
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.past import ours
from browser.people import WIDTHS, findings, row_of, settle

pytestmark = [pytest.mark.slow, pytest.mark.daemon]
SERVERS = "/api/v1/amule/servers"
LOGINS = 4


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Run a server, a client that knows none yet, and our own daemon."""
    root = tmp_path_factory.mktemp("servers")
    with (
        ed2k.server(lab_amule.free_port_with_udp(4), high="peer-b") as server,
        lab_amule.daemon(root / "b", nick="peer-b", kad=True) as mule,
        ours(root / "ours", [{**mule.settings, "id": "mule", "name": "Mule"}]) as running,
    ):
        wait_until(lambda: running.state("mule") == "online", 30)
        running.server = server
        yield running


@pytest.fixture
def page(page, network):
    """Open the view; the client knows no server, and is connected to none."""
    for each in network.get(SERVERS)["data"]:
        network.post(f"{SERVERS}/action", action="remove", ip=each["ip"], port=each["port"])
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{network.url}/servers")
    return page


def add(page, network):
    """Add the server by pasting its address with its port."""
    page.get_by_role("gridcell").get_by_role("button", name="Add a server").click()
    dialog = page.get_by_role("dialog", name="Add a server")
    dialog.get_by_label("Address").fill(f"localhost:{network.server.port}")
    expect(dialog.get_by_label("Port")).to_have_value(str(network.server.port))
    dialog.get_by_label("Name").fill("TestServer")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(row_of(page, "TestServer")).to_be_visible()


def test_an_empty_list_offers_the_two_ways_to_fill_it(page):
    expect(page.get_by_text("The client knows no server yet")).to_be_visible()
    page.get_by_role("gridcell").get_by_role("button", name="Update the list").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address of a server.met").fill("ftp://nowhere/server.met")
    expect(dialog.get_by_label("Address of a server.met")).to_have_accessible_description(re.compile("http://"))
    expect(dialog.get_by_role("button", name="Update")).to_be_disabled()
    dialog.get_by_label("Address of a server.met").fill("http://127.0.0.1:9/server.met")
    dialog.get_by_role("button", name="Update").click()
    expect(page.get_by_text("The client fetches the list")).to_be_visible()
    page.get_by_role("gridcell").get_by_role("button", name="Update the list").click()  # the address is remembered
    expect(dialog.get_by_label("Address of a server.met")).to_have_value("http://127.0.0.1:9/server.met")
    page.keyboard.press("Escape")


def test_a_server_is_added_connected_left_and_removed(page, network):
    add(page, network)
    row = row_of(page, "TestServer")
    card = page.get_by_role("region", name="Servers")
    for _ in range(LOGINS):  # a login may be lost
        row.click(button="right")
        page.get_by_role("menuitem", name="Connect", exact=True).click()
        try:
            expect(card).to_contain_text("High ID · TestServer", timeout=10_000)
        except AssertionError:
            network.post(f"{SERVERS}/action", action="disconnect")
        else:
            break
    expect(row).to_contain_text("Connected", timeout=30_000)
    page.get_by_text("Message of the server").click()
    expect(page.get_by_text("Welcome to the test network")).to_be_visible()
    card.get_by_role("button", name="Disconnect").click()
    expect(card).to_contain_text("Disconnected")
    page.get_by_role("grid", name="Servers").press("Control+a")
    page.get_by_role("toolbar").get_by_role("button", name="Remove").click()
    question = page.get_by_role("dialog", name="Remove the server TestServer?")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    question.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The client knows no server yet")).to_be_visible()
    assert network.get(SERVERS)["data"] == []


def test_a_server_that_is_there_already_is_refused_in_words(page, network):
    add(page, network)
    page.get_by_role("region", name="Servers").get_by_role("button", name="Add").click()
    dialog = page.get_by_role("dialog", name="Add a server")
    dialog.get_by_label("Address").fill("127.0.0.1")
    dialog.get_by_label("Port").fill(str(network.server.port))
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.complaints.clear()


def test_kad_starts_bootstraps_and_stops(page):
    card = page.get_by_role("region", name="Kad")
    expect(card).to_contain_text("Off")
    card.get_by_role("button", name="Start").click()
    expect(card).to_contain_text("Connecting", timeout=30_000)
    card.get_by_role("button", name="Bootstrap").click()
    dialog = page.get_by_role("dialog", name="Bootstrap Kad")
    dialog.get_by_role("radio", name="One node").click()
    dialog.get_by_label("IP address of the node").fill("10.255.255.1")
    dialog.get_by_label("Port").fill("70000")
    expect(dialog.get_by_role("button", name="Bootstrap")).to_be_disabled()
    dialog.get_by_label("Port").fill("4672")
    dialog.get_by_role("button", name="Bootstrap").click()
    expect(page.get_by_text("Kad looks for its first contacts")).to_be_visible()
    card.get_by_role("button", name="Stop").click()
    expect(card).to_contain_text("Off", timeout=30_000)


def test_it_is_for_everybody(themed, network):
    listed = [each["port"] for each in network.get(SERVERS)["data"]]
    if network.server.port not in listed:
        network.post(SERVERS, ip="localhost", port=network.server.port, name="TestServer")
    for width in WIDTHS:
        themed.set_viewport_size({"width": width, "height": 900})
        themed.goto(f"{network.url}/servers")
        settle(themed)
        expect(themed.get_by_text("TestServer").first).to_be_visible()
        assert themed.evaluate("document.documentElement.scrollWidth") <= width, width
        assert findings(themed) == []
