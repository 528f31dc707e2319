"""Our command as a user runs it: real processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab.ports import free_port
from lab.waiting import wait_until

COMMAND = [sys.executable, "-m", "amutorrent"]


class Command:
    """One run of the command; what it says goes to files."""

    def __init__(self, folder: Path, *args: object, given: str | None = None, **environ: str) -> None:
        self.folder, self._number = folder, len(list(folder.glob("*.out")))
        self.out_path, self.err_path = (folder / f"{self._number}.{kind}" for kind in ("out", "err"))
        mine = {name: value for name, value in os.environ.items() if not name.startswith("AMUTORRENT_")}
        stdin = subprocess.DEVNULL if given is None else subprocess.PIPE
        with self.out_path.open("wb") as out, self.err_path.open("wb") as err:
            self.process = subprocess.Popen(
                [*COMMAND, *map(str, args)], stdin=stdin, stdout=out, stderr=err, env={**mine, **environ}
            )
        if given is not None:
            assert self.process.stdin is not None
            with self.process.stdin as pipe:
                pipe.write(given.encode("utf-8", "surrogateescape"))

    @property
    def out(self) -> str:
        return self.out_path.read_text()

    @property
    def err(self) -> str:
        return self.err_path.read_text()

    def ends(self, within_s: float = 90) -> int:
        """Wait for its end, and give the exit code."""
        return self.process.wait(within_s)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def says(self, text: str, within_s: float = 90) -> str:
        """Wait until a text stands in what it says, and give all that it said."""

        def said() -> str:
            everything = self.out + self.err
            assert text in everything or self.process.poll() is None, f"it ended: {everything}"
            return everything if text in everything else ""

        return wait_until(said, within_s, lambda: self.out + self.err)


@pytest.fixture
def command(tmp_path) -> Iterator[Any]:
    """Give the function that runs our command; what still runs at the end is killed."""
    folder = tmp_path / "said"
    folder.mkdir()
    running: list[Command] = []

    def start(*args: object, given: str | None = None, **environ: str) -> Command:
        running.append(Command(folder, *args, given=given, **environ))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


class Place:
    """A data directory and a free port."""

    def __init__(self, path: Path) -> None:
        self.path, self.port = path, free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def config(self, *clients: dict[str, object], **server: object) -> "Place":
        """Write config.json."""
        self.path.mkdir(exist_ok=True)
        content = {"server": {"port": self.port, "auth": {"enabled": False}, **server}, "clients": list(clients)}
        (self.path / "config.json").write_text(json.dumps(content))
        return self

    @property
    def log(self) -> str:
        return (self.path / "logs" / "amutorrent.log").read_text()


@pytest.fixture
def place(tmp_path) -> Place:
    """Give a data directory that does not exist yet."""
    return Place(tmp_path / "data")
