"""A real PostgreSQL server on loopback, with a password."""

import glob
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL

from amutorrent.testing import require

from .ports import free_port
from .process import Process

PLACES = os.pathsep.join([os.environ.get("PATH", ""), *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)])
"""Debian keeps the programs of the server off the path."""
NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
"""The server refuses to run as root."""


class PostgreSQLServer(Process):
    """One server; databases are made as they are needed."""

    def __init__(self, root: Path) -> None:
        initdb, postgres = require("initdb", PLACES), require("postgres", PLACES)
        self.root, self.host, self.port = root, "127.0.0.1", free_port()
        self.username, self.password = "someone", "correct horse/battery"
        self._numbers = itertools.count(1)
        (root / "password").write_text(self.password)
        self.owner: tuple[int, int] | tuple[str, str] = (os.getuid(), os.getgid())
        unprivileged: tuple[str, ...] = ()
        if os.getuid() == 0:
            self.owner, unprivileged = ("nobody", "nogroup"), NOBODY
            for each in (root, root / "password"):
                shutil.chown(each, *self.owner)
        data = root / "data"
        made = [initdb, "-D", data, "-U", self.username, "-A", "scram-sha-256", "--pwfile", root / "password"]
        made += ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run([*unprivileged, *made], check=True, capture_output=True, cwd=root)
        options = {"port": self.port, "listen_addresses": self.host, "unix_socket_directories": "", "fsync": "off"}
        command = [*unprivileged, postgres, "-D", str(data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        super().__init__(command, root / "output.log", self._answers)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Connect as another program would."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.username,
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=2,
        )

    def new_database(self, options: str = "") -> str:
        """Make a database, and give its name."""
        name = f"amutorrent_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} {options}")
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database: each has a thousand files."""
        with self.connect() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, database: str) -> str:
        """Give the URL of a database, as the settings want it."""
        found = URL.create("postgresql", self.username, self.password, self.host, self.port, database)
        return found.render_as_string(hide_password=False)

    def stop(self, within_s: float = 15) -> int:
        """End it without waiting for its clients."""
        if self.alive:
            self.thaw()
            os.kill(self.pid, signal.SIGINT)
        return super().stop(within_s)

    def hang(self, hangs: bool) -> None:
        """Let the server and all that it has started hang, or go on."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for pid in (self.pid, *map(int, children)):
            os.kill(pid, signal.SIGSTOP if hangs else signal.SIGCONT)


@contextmanager
def postgresql() -> Iterator[PostgreSQLServer]:
    """Run one until the context ends."""
    # not below pytest's folders: they are root's alone, where the server is not
    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as root:
        running = PostgreSQLServer(Path(root))
        running.start()
        try:
            yield running
        finally:
            running.stop()
