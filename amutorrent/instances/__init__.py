"""Configured instances, each with its supervisor."""

from .connection import connect
from .instance import Instance
from .instances import Instances
from .report import leaf, reason

__all__ = ["Instance", "Instances", "connect", "leaf", "reason"]
