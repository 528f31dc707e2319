"""Real processes: started in a session of their own, ended by their pid, and reaped."""

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from .waiting import wait_until


class Process:
    """One real program. `log` is the file that its output goes to."""

    def __init__(self, command: Sequence[str], log: Path, ready: Callable[[], bool], **environment: str) -> None:
        self._command, self.log, self._ready = command, log, ready
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs (or is frozen)."""
        return self._process is not None and self._process.poll() is None

    def start(self, within_s: float = 30) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        try:
            wait_until(lambda: self._died() or self._ready(), within_s, lambda: f"no answer; {self.tail()}")
        except BaseException:
            self.kill9()
            raise

    def _died(self) -> bool:
        if not self.alive:
            raise AssertionError(
                f"{self._command[0]} ended with {self._process and self._process.returncode}; {self.tail()}"
            )
        return False

    def stop(self, within_s: float = 15) -> int:
        """End it with SIGTERM, with SIGKILL if that takes too long, and give its exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self.thaw()
            self._process.terminate()
        try:
            return self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise AssertionError(f"{self._command[0]} did not end within {within_s} s; {self.tail()}") from None

    def kill9(self) -> None:
        """End it as a crash would."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def freeze(self) -> None:
        """Let it hang (SIGSTOP)."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        os.kill(self.pid, signal.SIGCONT)

    def tail(self) -> str:
        """Give the end of its output, for messages."""
        return "its log ends:\n" + "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-25:])
