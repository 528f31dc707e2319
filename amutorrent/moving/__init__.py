"""Moves data of items: what the host does itself, and what it follows."""

from .messages import MOVE_MESSAGES
from .service import Moves

__all__ = ["MOVE_MESSAGES", "Moves"]
