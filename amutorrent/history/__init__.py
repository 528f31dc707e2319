"""What happened to downloads, and how fast."""

from .history import History
from .metrics import Metrics

__all__ = ["History", "Metrics"]
