"""Keeps clients and categories in line: definitions and items go out, folders are looked at. Source: data-model 7."""

from .folders import FolderChecks
from .sync import CategorySync

__all__ = ["CategorySync", "FolderChecks"]
