"""Searches of the clients' networks: those that run, and the last ones of each instance."""

from .messages import SEARCH_MESSAGES, SearchLock, SearchProgressUpdate, SearchResults
from .search import Search
from .searches import Searches

__all__ = ["SEARCH_MESSAGES", "Search", "SearchLock", "SearchProgressUpdate", "SearchResults", "Searches"]
