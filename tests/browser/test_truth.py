"""What is on the screen is true: old values look old, what is hidden is not shown, and what fails says so."""

import json
import re
import time

import pytest
from lab.amutorrent import amutorrent
from lab.qbittorrent import daemon as run_qbittorrent
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.past import entry, measured, ours
from browser.people import findings, row_of

pytestmark = pytest.mark.slow
EXAMPLE = {"type": "example", "id": "example", "name": "Practice", "items": 40}
MOVES = "Example 05"
"""The one that moves: all others rest, so that updates come as deltas."""
AWAY = {"type": "qbittorrent", "id": "away", "name": "Gone away", "host": "127.0.0.1", "port": 9, "password": "no"}
PALE = "0.68"


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    """Run our own daemon over a client that is there and one that is not, with a past of both."""
    rows = [entry(number, instance_id="example", instance_name="Practice") for number in range(3)]
    buckets = measured({"bittorrent": ["example", "away"]})
    with ours(tmp_path_factory.mktemp("past"), [EXAMPLE, AWAY], rows=rows, buckets=buckets) as running:
        wait_until(lambda: len(running.items()) == 40, 30)
        rest(running)
        yield running


def rest(running):
    """Let everything rest but the one that moves."""
    refs = [
        {"fileHash": each["hash"], "instanceId": "example"}
        for each in running.items().values()
        if each["name"] != MOVES
    ]
    running.post("/api/v1/downloads/pause", items=refs)
    wait_until(lambda: sum(each["status"] == "paused" for each in running.items().values()) == 39, 30)


class Wire:
    """Stands between the page and the socket of the daemon: sees all, holds back what it is told to."""

    def __init__(self, page):
        self.page = page
        self.passes = lambda message: True
        self.changed = lambda message: message
        self.refusing = 0
        self.urls, self.sent, self.heard_at, self.open = [], [], 0.0, []
        page.route_web_socket("**/ws*", self._between)

    def _between(self, socket):
        self.urls.append(socket.url)
        if self.refusing:
            socket.close(code=self.refusing)
            return
        self.open.append(socket)
        server = socket.connect_to_server()
        socket.on_message(lambda text: (self.sent.append(json.loads(text)), server.send(text)))
        server.on_message(lambda text: self._pass(socket, json.loads(text)))

    def _pass(self, socket, message):
        if self.passes(message):
            self.heard_at = time.time()
            socket.send(json.dumps(self.changed(message)))

    def close(self, code):
        """Close what is open, as the daemon or the network does."""
        while self.open:
            self.open.pop().close(code=code)


def notice(page):
    """Give the line about the lost connection."""
    return page.get_by_text("Reconnecting. Values from")


def open_downloads(page, past):
    """Open the list and remember that this page was never loaded again."""
    page.goto(f"{past.url}/downloads")
    expect(row_of(page, "Example 01")).to_be_visible()
    page.evaluate("window.notReloaded = true")


def act(page, name, what):
    """Do something with an item from its menu."""
    row_of(page, name).click(button="right")
    page.get_by_role("menuitem", name=what).click()


def test_a_connection_that_is_silently_dead_is_noticed_and_says_when_it_was_last_heard(page, past):
    wire = Wire(page)
    open_downloads(page, past)
    wire.passes = lambda message: False
    expect(notice(page)).to_be_visible(timeout=30_000)
    times = [f"new Date({(wire.heard_at + off) * 1000}).toLocaleTimeString('en')" for off in (-1, 0, 1)]
    said = notice(page).inner_text().removeprefix("Reconnecting. Values from ").removesuffix(".")
    assert said in [page.evaluate(each) for each in times]
    wire.passes = lambda message: True
    expect(notice(page)).to_have_count(0, timeout=30_000)
    page.complaints.clear()


def test_a_network_that_drops_is_survived_and_what_was_missed_comes_by_revision(page, past):
    wire = Wire(page)
    open_downloads(page, past)
    page.route("**/api/**", lambda route: route.abort())
    wire.refusing = 1011
    wire.close(1011)
    expect(notice(page)).to_be_visible()
    act(page, "Example 01", "Resume")
    expect(page.get_by_role("alert")).to_contain_text("The daemon does not answer")
    expect(row_of(page, "Example 01")).to_contain_text("Paused")
    past.post("/api/v1/downloads/resume", items=[ref(past, "Example 01")])  # somebody else does it meanwhile
    forms = []
    wire.changed = lambda message: (message["type"] == "batch-update" and forms.append(message["data"]), message)[1]
    page.unroute("**/api/**")
    wire.refusing = 0
    page.get_by_role("button", name="Try again").click()
    expect(row_of(page, "Example 01")).to_contain_text("Downloading")
    expect(notice(page)).to_have_count(0)
    assert "since=" in wire.urls[-1]
    assert "session=" in wire.urls[-1]
    assert "items" not in forms[0]
    act(page, "Example 01", "Pause")
    expect(row_of(page, "Example 01")).to_contain_text("Paused")
    assert page.evaluate("window.notReloaded")
    page.complaints.clear()


def ref(past, name):
    """Give the reference of an item by its name."""
    (found,) = (each for each in past.items().values() if each["name"].startswith(name))
    return {"fileHash": found["hash"], "instanceId": found["instanceId"]}


def test_a_page_that_was_too_slow_asks_for_everything_anew(page, past):
    """Its queue was full: updates are missing (a full form follows, or it is asked for), or it was closed with 1008."""
    wire = Wire(page)
    open_downloads(page, past)
    wire.passes = lambda message: "delta" not in message.get("data", {})
    past.post("/api/v1/downloads/resume", items=[ref(past, "Example 03")])
    page.wait_for_timeout(1000)
    wire.passes = lambda message: True
    expect(row_of(page, "Example 03")).to_contain_text("Downloading")
    assert {"action": "requestFullSnapshot"} in wire.sent
    past.post("/api/v1/downloads/pause", items=[ref(past, "Example 03")])
    expect(row_of(page, "Example 03")).to_contain_text("Paused")
    wire.close(1008)
    expect(notice(page)).to_be_visible()
    expect(notice(page)).to_have_count(0)
    assert len(wire.urls) > 1
    assert page.evaluate("window.notReloaded")
    assert page.url == f"{past.url}/downloads"


def test_who_begins_while_the_daemon_fails_is_told_and_let_in_when_it_does_not(page, past):
    body = {"type": "error", "code": "internal_error", "message": "Something went wrong"}
    page.route("**/api/auth/status", lambda route: route.fulfill(status=500, json=body))
    page.goto(f"{past.url}/downloads")
    expect(page.get_by_role("heading", name="The daemon failed")).to_be_visible()
    expect(page.get_by_text("Something went wrong")).to_be_visible()
    page.unroute("**/api/auth/status")
    page.route("**/api/auth/status", lambda route: route.abort())
    expect(page.get_by_role("heading", name="The daemon does not answer.")).to_be_visible()
    page.unroute("**/api/auth/status")
    page.get_by_role("button", name="Try again").click()
    expect(row_of(page, "Example 01")).to_be_visible()
    page.complaints.clear()


VIEWS_THAT_ASK = [
    "",
    "history",
    "statistics",
    "logs",
    "arr",
    "plugins",
    "settings/clients",
    "settings/server",
    "settings/users",
    "settings/integrations",
]


@pytest.mark.parametrize("view", VIEWS_THAT_ASK)
def test_a_view_that_gets_an_error_says_so_and_can_be_tried_again(page, past, view):
    asks = re.compile(r"/api/(?!auth/|version)")
    page.route(asks, lambda route: route.fulfill(status=500, json={"code": "internal_error", "message": "It stumbled"}))
    page.goto(f"{past.url}/{view}")
    main = page.get_by_role("main")
    expect(main.get_by_text("It stumbled").first).to_be_visible()
    again = main.get_by_role("button", name="Try again")
    expect(page.get_by_role("progressbar", name="Loading")).to_have_count(0)
    page.unroute(asks)
    again.first.click()
    expect(main.get_by_text("It stumbled")).to_have_count(0)
    page.complaints.clear()


def test_all_hidden_shows_nothing_and_says_how_to_get_it_back(page, past):
    page.goto(f"{past.url}/")
    expect(page.locator(".home .total-value").first).to_be_visible()
    for name in ("Practice", "Gone away"):
        page.get_by_role("banner").get_by_role("button", name=name).click()
    hidden = page.get_by_role("heading", name="Everything here is hidden")
    for view in ("Home", "Downloads", "History", "Statistics"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(hidden).to_be_visible()
        expect(page.locator(".table-body, .chart, .total-value, .stats-value")).to_have_count(0)
    expect(page.get_by_role("button", name="Speed limits")).to_contain_text("0 B/s")
    page.get_by_role("main").get_by_role("button", name="Show all").click()
    expect(page.locator(".stats-value").first).to_be_visible()
    page.get_by_role("link", name="History", exact=True).click()
    expect(row_of(page, "WEB-0001")).to_be_visible()


def test_what_moves_on_home_keeps_its_place_under_the_pointer(page, past):
    speeds = {"Example 01": 300, "Example 02": 200, "Example 03": 100}
    by_hash = {each["hash"]: each["name"] for each in past.items().values()}
    wire = Wire(page)

    def moving(message):
        data = message.get("data", {}) if message["type"] == "batch-update" else {}
        for each in [*(data.get("items") or []), *data.get("delta", {}).get("changed", [])]:
            each |= {"status": "active", "downloadSpeed": speeds.get(by_hash[each["hash"]], 0)}
        return message

    wire.changed = moving
    page.goto(f"{past.url}/")
    lines = page.locator("section").filter(has_text="Active downloads").locator("a.home-line > .truncate")
    names = list(speeds)
    expect(lines.nth(2)).to_have_text(names[2])
    expect(page.locator(".home .chart canvas")).to_be_visible()  # nothing moves the page away below the pointer now
    lines.nth(0).hover()
    speeds["Example 03"] = 1 << 30
    past.post("/api/v1/downloads/resume", items=[ref(past, name) for name in names])
    expect(page.get_by_role("main").get_by_text("1.00 GB/s")).to_be_visible()
    assert lines.all_inner_texts()[:3] == names
    page.mouse.move(0, 0)
    expect(lines.first).to_have_text("Example 03")
    rest(past)


PAINTED = """() => document.querySelector(".part-strip").toDataURL()"""


def test_a_map_has_the_colours_of_the_theme_at_once(page, past):
    wire = Wire(page)

    def with_parts(message):
        for each in message.get("data", {}).get("items") or []:
            each["partStatus"] = [0, 1, 9]
        return message

    wire.changed = with_parts
    page.emulate_media(color_scheme="light")
    open_downloads(page, past)
    expect(page.locator(".part-strip").first).to_be_visible()
    wire.passes = lambda message: False
    light = page.evaluate(PAINTED)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"({PAINTED})() !== '{light}'")


def test_the_panel_takes_the_focus_on_a_phone_and_gives_it_back(page, past):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{past.url}/downloads")
    grid = page.get_by_role("grid")
    grid.focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    expect(panel).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(grid).to_be_focused()


def test_a_daemon_that_restarts_shows_and_comes_back_without_a_reload(page, past):
    page.goto(f"{past.url}/")
    expect(page.locator(".home .chart")).to_be_visible()
    page.get_by_role("link", name="Downloads").first.click()
    expect(row_of(page, "Example 01")).to_be_visible()
    page.evaluate("window.notReloaded = true")
    past.stop()
    expect(notice(page)).to_be_visible()
    said = notice(page).inner_text()
    expect(page).to_have_title("Reconnecting: Downloads - aMuTorrent")
    cell = row_of(page, "Example 01").get_by_role("gridcell").nth(1)
    banner = page.get_by_role("banner")
    olds = (
        cell,
        page.get_by_role("button", name=re.compile("^All ")).locator(".number"),
        banner.locator(".speeds-value").first,
        banner.get_by_role("button", name="Practice"),
    )
    for old in olds:
        expect(old).to_have_css("opacity", PALE)
    assert findings(page) == []  # pale is still to be read
    act(page, "Example 02", "Details")  # the page stays usable, but for what was never loaded
    expect(page.get_by_text("This part of the page could not be loaded.")).to_be_visible()
    page.get_by_role("link", name="Home").first.click()
    expect(page.locator(".home-line .number").first).to_have_css("opacity", PALE)
    expect(page.get_by_role("group", name="That did not work")).to_contain_text("The daemon does not answer.")
    page.go_back()
    expect(cell).to_be_visible()
    assert notice(page).inner_text() == said  # the time of the last message, whatever was tried since
    past.start()
    expect(notice(page)).to_have_count(0, timeout=30_000)
    expect(page).to_have_title("Downloads - aMuTorrent")
    expect(cell).to_have_css("opacity", "1")
    expect(page.get_by_role("complementary")).to_contain_text("Example 02")
    act(page, "Example 02", "Pause")
    expect(row_of(page, "Example 02")).to_contain_text("Paused")
    assert page.evaluate("window.notReloaded")
    page.complaints.clear()


BROKEN = "amutorrent_broken"


@pytest.fixture(scope="module")
def troubled(tmp_path_factory):
    """Run our own daemon that a client refuses, on a disk that runs low, with a plugin that cannot be loaded."""
    folder = tmp_path_factory.mktemp("troubled")
    told = folder / "plugins" / f"{BROKEN}-1.0.dist-info"
    told.mkdir(parents=True)
    (folder / "plugins" / f"{BROKEN}.py").write_text("raise RuntimeError('The moon is full')\n")
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {BROKEN}\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(f"[amutorrent]\nbroken = {BROKEN}\n")
    environment = {"PYTHONPATH": str(folder / "plugins"), "AMUTORRENT_DISK__WARN_BELOW": str(1 << 60)}
    with run_qbittorrent(folder / "qbittorrent") as daemon:
        client = {**daemon.settings, "id": "qb", "name": "Torrents", "password": "wrong"}
        with amutorrent(folder / "ours", [client], environment=environment) as running:
            wait_until(lambda: running.state("qb") == "rejected", 60)
            yield running


@pytest.mark.daemon
def test_home_says_what_needs_a_person_and_what_can_be_done(page, troubled):
    page.goto(f"{troubled.url}/")
    attention = page.get_by_role("region", name="Needs attention")
    expect(attention).to_contain_text("A plugin was put aside")
    expect(attention).to_contain_text("The moon is full")
    expect(attention).to_contain_text("A disk is nearly full")
    expect(attention).to_contain_text(str(troubled.data_dir))
    clients = page.locator("section").filter(has=page.get_by_role("heading", name="Clients", exact=True))
    expect(clients).to_contain_text("Refused")
    with page.expect_request("**/instances/qb/connect"):
        clients.get_by_role("button", name="Try again").click()
    rail = page.get_by_role("navigation", name="Views")
    expect(rail.get_by_role("link", name="Settings")).to_contain_text("A client does not connect")
    clients.get_by_role("button", name="Settings").click()
    expect(page.get_by_role("listitem").filter(has_text="Torrents")).to_be_visible()
    page.go_back()
    attention.get_by_role("link", name="Look").click()
    expect(page.get_by_role("listitem").filter(has_text="broken")).to_contain_text("Quarantined")
