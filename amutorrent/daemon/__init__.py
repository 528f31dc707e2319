"""The daemon: all parts wired together, its front, and the services of plugins in it."""

from .daemon import Daemon, run

__all__ = ["Daemon", "run"]
