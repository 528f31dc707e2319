"""Where libtorrent is not there for a platform, this plugin alone is put aside, with words."""

import json
import subprocess
import sys

import pytest

WITHOUT = """
import sys
sys.modules["libtorrent"] = None  # as if it were not installed
from amutorrent.cli.main import cli
cli()
"""


@pytest.mark.slow
def test_the_plugin_is_put_aside_and_everything_else_works(tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"clients": [{"type": "libtorrent"}]}))

    def run(*arguments):
        command = [sys.executable, "-c", WITHOUT, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    listed = {each["name"]: each for each in json.loads(run("plugins", "list", "--json").stdout)["plugins"]}
    assert listed["libtorrent"]["state"] == "quarantined"
    assert "not there for this Python or this platform" in listed["libtorrent"]["reason"]
    assert "Traceback" not in listed["libtorrent"]["reason"]
    others = {name: each["state"] for name, each in listed.items() if name != "libtorrent"}
    assert set(others.values()) == {"loaded"}
    checked = run("check", "--data-dir", str(tmp_path))
    assert "not there for this Python or this platform" in checked.stdout + checked.stderr
    assert json.loads(config.read_text()) == {"clients": [{"type": "libtorrent"}]}
