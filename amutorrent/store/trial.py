"""Trying a database without changing it: for `amutorrent check`."""

from typing import Literal

from msgspec import Struct

from .engine import make_engine, writing
from .failures import explain
from .place import Place
from .schema import NEWEST, checked_revision, look_at_file


class StoreTrial(Struct, frozen=True, kw_only=True):
    """What was found. `revision` None: there is nothing yet; `message` says what a start would do, or what is wrong."""

    result: Literal["ok", "failed"]
    name: str
    revision: str | None = None
    message: str | None = None


def try_store(place: Place) -> StoreTrial:
    """Look whether a database can be opened and written. Nothing in it changes; a daemon may use it meanwhile."""
    try:
        revision = _look(place)
    except Exception as error:
        failure = explain(error, place)
        if failure is None:
            raise
        return StoreTrial(result="failed", name=place.name, message=failure.message)
    return StoreTrial(result="ok", name=place.name, revision=revision, message=_plan(revision))


def no_answer(place: Place) -> StoreTrial:
    """Say that a server hangs."""
    return StoreTrial(result="failed", name=place.name, message=f"The database {place.name} does not answer")


def _look(place: Place) -> str | None:
    if place.file is not None and not look_at_file(place, place.file):
        return None
    engine = make_engine(place, wal=False)
    try:
        with writing(engine).begin() as connection:
            return checked_revision(connection, place)
    finally:
        engine.dispose()


def _plan(revision: str | None) -> str | None:
    if revision is None:
        return "it is made at the next start"
    return None if revision == NEWEST else f"it is brought to revision {NEWEST} at the next start"
