"""`amutorrent import-legacy`, as a person runs it; then the daemon starts with what was taken over."""

import json
import time

import httpx
import pytest
from legacy.old import KEY, OldFolder, download, write_sample

pytestmark = pytest.mark.slow


def test_said_as_text_and_as_json_and_the_daemon_starts_with_it(command, place, tmp_path):
    old = OldFolder(tmp_path / "old")
    write_sample(old, int(time.time() * 1000))
    old.add("history.db", "download_history", *(download(f"x{number}", "qb") for number in range(25)))
    place.path.mkdir()
    (place.path / "config.json").write_text(json.dumps({"server": {"port": place.port}}))
    run = ["import-legacy", old.path, "--data-dir", place.path]
    ended = command(*run, "--dry-run")
    assert (ended.ends(60), ended.err) == (0, "")
    assert ended.out.startswith("Nothing was changed")
    assert "left: 5 more (--json lists them)" in ended.out
    ended = command(*run, "--json")
    assert (ended.ends(60), ended.err) == (0, "")
    report = json.loads(ended.out)
    assert report["dry_run"] is False
    files = {each["name"]: each for each in report["files"]}
    assert len(files["history.db"]["skipped"]) == 25
    assert "of-the-client" not in ended.out
    daemon = command("serve", "--data-dir", place.path)
    daemon.says("Listening on")
    found = httpx.get(f"{place.url}/api/history", headers={"X-API-Key": KEY}, timeout=30)
    assert found.json()["total"] == 4
    listed = httpx.get(f"{place.url}/api/v1/clients/instances", headers={"X-API-Key": KEY}, timeout=30).json()["data"]
    assert {each["id"] for each in listed} == {"main", "rt", "qb"}
    ended = command(*run)
    assert ended.ends(60) == 1
    assert "in use by another daemon" in ended.err
