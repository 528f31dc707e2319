"""The moves that are under way, or failed: the daemon has none of its own, so it cannot report them."""

from dataclasses import dataclass

from amutorrent import percent


@dataclass
class Move:
    """One move. Sizes are bytes; `error` is set when it failed."""

    files: int
    size: int
    moved: int = 0
    done: int = 0
    current: str | None = None
    error: str | None = None

    @property
    def progress(self) -> float:
        """How much lies at the new place."""
        return percent(min(self.done, self.size), self.size)


class Moves:
    """By hash."""

    def __init__(self) -> None:
        self._moves: dict[str, Move] = {}
        self._told: set[str] = set()

    def get(self, hash: str) -> Move | None:
        """Give the move of an item."""
        return self._moves.get(hash)

    def under_way(self, hash: str) -> bool:
        """Say if an item is being moved."""
        move = self._moves.get(hash)
        return move is not None and move.error is None

    def begin(self, hash: str, files: int, size: int) -> Move:
        """Write one down; a failure before it is forgotten."""
        move = self._moves[hash] = Move(files, size)
        return move

    def end(self, hash: str) -> None:
        """It is done."""
        self._moves.pop(hash, None)

    def touched(self) -> set[str]:
        """Give the items whose move may look different from what the last poll told."""
        now = set(self._moves)
        touched, self._told = now | self._told, now
        return touched
