"""The command line: `amutorrent`."""

from .main import main

__all__ = ["main"]
