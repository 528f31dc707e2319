"""The distributions: the workspace names every plugin, and built wheels work in an empty environment."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from amutorrent import __version__
from amutorrent.plugins import BUNDLED
from amutorrent.testing import require

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PLUGINS = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))
LOWEST = "3.11"


MAKE_DATABASE = """
import pathlib, sys
from amutorrent.store import locate
from amutorrent.store.schema import open_database

open_database(locate("", pathlib.Path(sys.argv[1]))).dispose()
"""


def distributions():
    return [f"amutorrent-{name}" for name in PLUGINS]


def packages():
    return [f"amutorrent_{name}" for name in PLUGINS]


def test_every_plugin_is_bundled_and_checked():
    tool = PROJECT["tool"]
    assert sorted(PROJECT["dependency-groups"]["bundled"]) == distributions()
    assert sorted({*tool["uv"]["sources"]} - {"amutorrent"}) == distributions()
    assert sorted(BUNDLED) == distributions()
    assert {*packages()} <= {*tool["mypy"]["packages"]}
    linter = tool["importlinter"]
    assert {*linter["root_packages"]} == {"amutorrent", *packages()}
    for contract in linter["contracts"][1:3]:
        assert sorted(contract.get("forbidden_modules", [])) == packages() or contract["source_modules"] == packages()


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_is_a_distribution_as_third_parties_write_them(name):
    folder = ROOT / "plugins" / name
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["name"] == f"amutorrent-{name}"
    assert project["license"] == PROJECT["project"]["license"] == "MIT"
    assert project["requires-python"] == PROJECT["project"]["requires-python"] == f">={LOWEST}"
    assert project["entry-points"]["amutorrent"] == {name: f"amutorrent_{name}"}
    assert (folder / f"amutorrent_{name}" / "py.typed").exists()
    assert len((folder / "README.md").read_text()) > 500


def test_every_direct_dependency_has_one_pin():
    pins = [each.partition("==")[0] for each in PROJECT["tool"]["uv"]["constraint-dependencies"]]
    assert pins == sorted(set(pins))
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for name in PLUGINS:
        wanted += tomllib.loads((ROOT / "plugins" / name / "pyproject.toml").read_text())["project"]["dependencies"]
    named = {_name(each) for each in wanted} - {"amutorrent"}
    assert named <= {_name(each) for each in pins}


def _name(requirement):
    for separator in ("[", "=", ">", "<", "!", ";", " "):
        requirement = requirement.partition(separator)[0]
    return requirement.lower()


def test_the_version_is_said_once():
    assert PROJECT["project"]["version"] == __version__


@pytest.mark.slow
def test_built_wheels_work_in_an_empty_environment(tmp_path):
    uv = ROOT / ".uv" / "bin" / "uv"
    uv = str(uv) if uv.exists() else require("uv")
    clean = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}

    def run(*command, **options):
        done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(uv, "build", "--quiet", "--all-packages", "--wheel", "--project", str(ROOT), "-o", str(tmp_path / "dist"))
    run(uv, "venv", "--quiet", "--python", sys.executable, "env")
    wheels = sorted(map(str, (tmp_path / "dist").glob("*.whl")))
    assert len(wheels) == 1 + len(PLUGINS)
    pins = tmp_path / "pins.txt"
    pins.write_text("\n".join(PROJECT["tool"]["uv"]["constraint-dependencies"]))
    run(uv, "pip", "install", "--quiet", "--python", "env/bin/python", "-c", str(pins), *wheels)
    program = str(tmp_path / "env" / "bin" / "amutorrent")
    assert run(program, "--version").split()[-1] == __version__
    listed = json.loads(run(program, "plugins", "list", "--json"))["plugins"]
    assert {each["name"]: each["state"] for each in listed} == dict.fromkeys(PLUGINS, "loaded")
    assert all(each["bundled"] for each in listed)
    settings = tmp_path / "data"
    settings.mkdir()
    assert "No client" in run(program, "check", "--data-dir", str(settings))
    run("env/bin/python", "-c", MAKE_DATABASE, str(settings))  # the migrations are in the wheel
    assert "amutorrent.db (revision " in run(program, "check", "--data-dir", str(settings))
