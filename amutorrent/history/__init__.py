"""What happened to downloads, and how fast."""

from .history import History

__all__ = ["History"]
