"""What Prometheus sees of a real client, and that every metric of the dashboard is there."""

import json
import re
from pathlib import Path

import httpx
import pytest
from lab.amutorrent import amutorrent
from lab.waiting import wait_until
from prometheus_client.parser import text_string_to_metric_families

DASHBOARD = Path(__file__).parents[2] / "contrib" / "grafana" / "amutorrent.json"
NAME = re.compile(r"\b(?:amutorrent|process)_[a-z_]+")
pytestmark = [pytest.mark.daemon, pytest.mark.slow]


def test_with_a_real_client_every_metric_of_the_dashboard_is_exported(qbittorrent, tmp_path):
    with amutorrent(tmp_path / "data", [{**qbittorrent.settings, "id": "qb"}]) as ours:

        def polled():
            families = text_string_to_metric_families(ours.http.get("/metrics").text)
            found = {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}
            return found if found.get(("amutorrent_poll_seconds_count", "qb"), 0) >= 2 else None

        found = wait_until(polled, 60)
        assert found["amutorrent_instance_connected", "qb", "qbittorrent"] == 1
        assert found["amutorrent_instances", "online"] == 1
        assert found["amutorrent_speed_bytes_per_second", "down", "qb"] >= 0
        assert found["amutorrent_transferred_bytes_total", "down", "qb"] >= 0
        assert 0 < found["amutorrent_poll_seconds_sum", "qb"] < 60
        names = {name for name, *_ in found}
        panels = json.loads(DASHBOARD.read_text())["panels"]
        asked = {name for panel in panels for target in panel["targets"] for name in NAME.findall(target["expr"])}
        assert len(asked) > 15
        assert asked <= names
        assert httpx.get(f"{ours.url}/metrics", timeout=10).headers["content-type"].startswith("text/plain")
