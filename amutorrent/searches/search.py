"""One search: what was asked for, and what has been found so far."""

import logging
from datetime import UTC, datetime

import msgspec
import trio
from msgspec import Struct

from ..accounts import User
from ..capabilities import SearchProgress, SearchResult, SearchType
from ..errors import AmutorrentError, PluginError
from .marks import Change

MAX_ROWS = 5000
"""Rows of one search that are kept; further ones are left out."""
SLICE = 500
"""So many rows are compared before others get a turn."""

log = logging.getLogger("amutorrent.searches")
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(SearchResult)


class Question(Struct, frozen=True, kw_only=True):
    """What is searched for. `extension` is a file-extension filter, without the dot."""

    query: str
    type: SearchType = "global"
    extension: str | None = None


class Search:
    """A search of one instance. `begun`: the client took it; `stopping`: somebody cancelled it; `done`: it ended."""

    def __init__(self, id: str, instance_id: str, question: Question, owner: User, waiting: object = None) -> None:
        self.id = id
        self.instance_id = instance_id
        self.question = question
        self.owner = owner
        self.accepted = False
        self.running = True
        self.cancelled = False
        self.percent: float | None = None
        self.error: AmutorrentError | None = None
        self.started_at = _now()
        self.finished_at: datetime | None = None
        self.waiting = waiting
        """The socket that gets the results as the reply to its request."""
        self.begun, self.stopping, self.done = trio.Event(), trio.Event(), trio.Event()
        self._rows: dict[tuple[str, str], SearchResult] = {}
        self._complained = False

    def rows(self) -> list[SearchResult]:
        """List what was found, most sources first."""
        return sorted(self._rows.values(), key=lambda row: (-row.source_count, row.file_name))

    def hashes(self) -> frozenset[str]:
        """Give the hashes of all rows."""
        return frozenset(hash for hash, _ in self._rows)

    def by_hash(self) -> dict[str, SearchResult]:
        """Give each hash under the name that most sources have it."""
        return {row.file_hash: row for row in reversed(self.rows())}

    async def take(self, progress: SearchProgress) -> list[Change]:
        """Take over where the search stands; gives the rows that are new or changed, with what they were.

        A row that does not fit is refused alone. Raises `PluginError` if this is no progress at all.
        """
        if not isinstance(progress, SearchProgress):
            raise PluginError(f"search_progress() gave {type(progress).__name__}, not SearchProgress")
        self.percent = None if progress.percent is None else min(100.0, max(0.0, float(progress.percent)))
        changed: list[Change] = []
        for number, row in enumerate(progress.results):
            if number % SLICE == SLICE - 1:
                await trio.lowlevel.checkpoint()
            before = self._rows.get((row.file_hash, row.file_name)) if isinstance(row, SearchResult) else None
            if self._put(row):
                changed.append((row, before))
        return changed

    def finish(self, error: AmutorrentError | None) -> None:
        """Say that it ended: by itself, by somebody, or by an error."""
        self.running = False
        self.error = error.with_traceback(None) if error else None
        self.finished_at = _now()

    def _put(self, row: SearchResult) -> bool:
        if not isinstance(row, SearchResult):
            raise PluginError(f"a row of a search is no SearchResult: {row!r:.80}")
        key = (row.file_hash, row.file_name)
        known = self._rows.get(key)
        if known == row:
            return False
        if known is None and len(self._rows) >= MAX_ROWS:
            self._complain(f"more than {MAX_ROWS} rows: the others are left out")
            return False
        try:
            _decoder.decode(_encoder.encode(row))
        except (msgspec.MsgspecError, UnicodeEncodeError, TypeError, OverflowError) as error:
            self._complain(f"a row was refused: {error}")
            return False
        self._rows[key] = row
        return True

    def _complain(self, what: str) -> None:
        if not self._complained:
            self._complained = True
            log.warning("%s: search %s: %s", self.instance_id, self.id, what)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
