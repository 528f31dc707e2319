"""Statistics in a browser over a real client: ranges, parts, exact values, the table, and the tree of the client."""

import pytest
from lab.waiting import wait_until
from playwright.sync_api import expect

from browser.past import measured, ours
from browser.people import WIDTHS, findings, settle

pytestmark = [pytest.mark.slow, pytest.mark.daemon]


@pytest.fixture(scope="module")
def counted(tmp_path_factory, amule):
    """Run our own daemon over a client that counts, and one that is away, after forty days of work."""
    away = {"type": "qbittorrent", "id": "qb", "name": "Torrents", "host": "127.0.0.1", "port": 9, "password": "no"}
    clients = [{**amule.settings, "id": "mule", "name": "Mule"}, away]
    buckets = measured({"ed2k": ["mule"], "bittorrent": ["qb"]})
    with ours(tmp_path_factory.mktemp("counted"), clients, buckets=buckets) as running:
        wait_until(lambda: running.state("mule") == "online", 30)
        yield running


def total(page):
    """Give what was downloaded, as it is shown."""
    return page.locator(".stats-cards .card").first.locator(".stats-value")


def test_a_range_and_a_part_stand_in_the_address(page, counted):
    page.goto(f"{counted.url}/statistics")
    expect(total(page)).to_be_visible()
    day = total(page).inner_text()
    page.get_by_role("radio", name="30 days").click()
    expect(total(page)).not_to_have_text(day)
    assert "range=30d" in page.url
    month = total(page).inner_text()
    page.get_by_label("Of what").select_option("BitTorrent")
    expect(total(page)).not_to_have_text(month)
    page.reload()
    expect(page.get_by_role("radio", name="30 days")).to_be_checked()
    expect(page.get_by_label("Of what")).to_have_value("network:bittorrent")
    page.goto(f"{counted.url}/")
    page.get_by_role("radio", name="BitTorrent").click()
    assert "network=bittorrent" in page.url
    page.reload()
    expect(page.get_by_role("radio", name="BitTorrent")).to_be_checked()


@pytest.mark.parametrize(("range_", "least"), [("24h", 90), ("7d", 80), ("30d", 110), ("1y", 38)])
def test_each_range_has_its_bars_and_the_same_as_a_table(page, counted, range_, least):
    page.goto(f"{counted.url}/statistics?range={range_}")
    expect(page.locator(".bar-down").first).to_be_visible()
    bars = page.locator(".bar-down").count()
    assert least <= bars <= least + 15
    page.get_by_text("The same as a table").click()
    rows = page.get_by_role("region", name="The same as a table").get_by_role("row")
    assert abs(rows.count() - 1 - bars) <= 1


def test_the_pointer_reads_exact_values(page, counted):
    page.goto(f"{counted.url}/statistics?range=7d")
    chart = page.get_by_role("img", name="What was transferred over time")
    expect(chart).to_be_visible()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    figure = page.locator("figure").filter(has=chart)
    expect(figure.locator("b")).to_have_count(2)
    shown = figure.locator("b").first.inner_text()
    figure.page.get_by_text("The same as a table").click()
    expect(page.get_by_role("cell", name=shown, exact=True).first).to_be_visible()


def test_who_moved_what_and_what_a_hidden_client_moved_is_left_out(page, counted):
    page.goto(f"{counted.url}/statistics")
    shares = page.locator("section").filter(has=page.get_by_role("heading", name="Who moved it"))
    for name in ("ED2K", "BitTorrent", "Mule", "Torrents"):
        expect(shares.get_by_role("rowheader", name=name)).to_be_visible()
    everything = total(page).inner_text()
    page.get_by_role("banner").get_by_role("button", name="Torrents").click()
    expect(total(page)).not_to_have_text(everything)
    expect(shares).to_have_count(0)


def test_the_tree_of_the_client_opens_and_closes(page, counted):
    page.goto(f"{counted.url}/statistics")
    expect(page.get_by_role("heading", name="Statistics of Mule")).to_be_visible()
    leaf = page.locator(".tree").get_by_text("Uptime:")
    expect(leaf).to_be_visible()
    deep = page.locator(".tree details details").first
    expect(deep).not_to_have_attribute("open", "")
    page.get_by_role("button", name="Open all").click()
    expect(page.locator(".tree details details").first).to_have_attribute("open", "")
    page.get_by_role("button", name="Close all").click()
    expect(page.locator(".tree details details").first).not_to_have_attribute("open", "")


def test_it_is_for_everybody(themed, counted):
    for width in WIDTHS:
        themed.set_viewport_size({"width": width, "height": 900})
        themed.goto(f"{counted.url}/statistics")
        settle(themed)
        expect(themed.locator(".bar-down").first).to_be_visible()
        themed.get_by_text("The same as a table").click()
        assert themed.evaluate("document.documentElement.scrollWidth") <= width, width
        assert findings(themed) == []
