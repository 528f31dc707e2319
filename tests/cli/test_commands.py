"""The small commands, and how fast the command line starts."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def test_plugins_are_listed(command):
    run = command("plugins", "list")
    assert run.ends() == 0
    lines = [line.split() for line in run.out.splitlines()]
    assert lines[0][:4] == ["NAME", "VERSION", "API", "STATE"]
    assert [line[0] for line in lines[1:]] == sorted(line[0] for line in lines[1:])
    example = next(line for line in lines if line[0] == "example")
    assert example[2:] == ["1.0", "loaded", "client", "types", "example;", "operations", "fastForward"]


def test_plugins_are_listed_as_json(command):
    run = command("plugins", "list", "--json", "--without", "example")
    assert run.ends() == 0
    found = {each["name"]: each for each in json.loads(run.out)["plugins"]}
    assert (found["example"]["state"], found["example"]["reason"]) == ("off", "It was switched off by a flag")
    assert found["qbittorrent"]["provides"]["clientTypes"] == ["qbittorrent"]


def test_a_quarantined_plugin_is_listed_with_its_reason(command, tmp_path):
    info = tmp_path / "bad-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bad\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[amutorrent]\nbad = bad_plugin\n")
    (tmp_path / "bad_plugin.py").write_text("raise RuntimeError('no\x1b[31m way')")
    run = command("plugins", "list", PYTHONPATH=str(tmp_path))
    assert run.ends() == 0
    line = next(line for line in run.out.splitlines() if line.startswith("bad"))
    assert line.split() == ["bad", "1.0", "-", "quarantined", "RuntimeError:", "no?[31m", "way"]
    assert run.err == ""


def test_without_plugins_none_is_loaded(command):
    run = command("plugins", "list", "--json", "--no-plugins")
    assert run.ends() == 0
    assert {each["state"] for each in json.loads(run.out)["plugins"]} == {"off"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_our_command(command, shell):
    run = command("completion", shell)
    assert run.ends() == 0
    assert "_AMUTORRENT_COMPLETE" in run.out


def test_the_version(command):
    from amutorrent import __version__

    run = command("--version")
    assert run.ends() == 0
    assert run.out.split()[-1] == __version__


def test_wrong_arguments_end_with_2(command):
    run = command("serve", "--nonsense")
    assert run.ends() == 2
    assert "--nonsense" in run.err


def test_help_imports_nothing_slow():
    """Quart, hypercorn, httpx, rich and the socket library are for commands that need them."""
    code = "import sys; sys.argv[1:] = ['--help']\nimport atexit, amutorrent.cli\natexit.register(lambda: print(sorted(\
{name.partition('.')[0] for name in sys.modules})))\namutorrent.cli.main()"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True).stdout
    assert "Usage:" in said
    for name in ("quart", "hypercorn", "httpx", "rich", "trio_websocket", "werkzeug", "sqlalchemy"):
        assert f"'{name}'" not in said
