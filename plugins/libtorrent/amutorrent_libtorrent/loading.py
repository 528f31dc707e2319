"""From what is kept to what libtorrent is given, and back. Everything here blocks: for worker threads."""

import os
from collections.abc import Sequence
from typing import Final

import libtorrent as lt
import msgspec
from msgspec import Struct

from .records import Facts, Record, Shelf
from .settings import LibtorrentSettings
from .texts import clean
from .torrents import Layout

CATEGORIES: Final = "categories"
LIMITS: Final = "limits"
SESSION: Final = "session"
CLEAN: Final = "clean"

FLAGS: Final = lt.torrent_flags


class Given(Struct, frozen=True, gc=False):
    """A torrent as libtorrent is given it."""

    hash: str
    facts: Facts
    params: lt.add_torrent_params


class Loaded(Struct, frozen=True, kw_only=True):
    """What was kept beside the torrents. `clean`: the engine was stopped in order."""

    categories: dict[str, str]
    limits: tuple[int, int] | None
    session: bytes | None
    clean: bool


class Batch(Struct, frozen=True, kw_only=True):
    """Some of the torrents. `broken`: hashes that cannot be read; `last`: where to go on, None: that was all."""

    torrents: Sequence[Given]
    broken: Sequence[str]
    last: int | None


def load(shelf: Shelf) -> Loaded:
    """Open the file, read what is not of one torrent, and note that the engine runs."""
    shelf.open()
    clean, categories, limits = shelf.get(CLEAN), shelf.get(CATEGORIES), shelf.get(LIMITS)
    loaded = Loaded(
        categories=msgspec.json.decode(categories, type=dict[str, str]) if categories else {},
        limits=msgspec.json.decode(limits, type=tuple[int, int]) if limits else None,
        session=shelf.get(SESSION),
        clean=clean != b"0",
    )
    shelf.set({CLEAN: b"0"})
    return loaded


def load_torrents(shelf: Shelf, after: int, most: int, clean: bool) -> Batch:
    """Read some torrents, those that come after a place."""
    records, last = shelf.records(after, most)
    torrents, broken = [], []
    for record in records:
        try:
            torrents.append(Given(record.hash, record.facts, params_of(record, unclean=not clean)))
        except (RuntimeError, ValueError):
            broken.append(record.hash)
    return Batch(torrents=torrents, broken=broken, last=last if len(records) == most else None)


def params_of(record: Record, *, unclean: bool) -> lt.add_torrent_params:
    """Make what a torrent is loaded with. Raises `RuntimeError` for what libtorrent cannot read, and
    `ValueError` for what is of another torrent.

    When nothing was saved at the end, what was downloaded last is on the disk and not in what was kept: without the
    list of pieces libtorrent looks for itself, and fetches nothing twice. Where nothing at all is on the disk (it is
    not mounted, say) the list stays, so that libtorrent misses what it names, and does not begin anew.
    """
    params = clean(lt.read_resume_data(with_info(record.resume, record.info)))
    if not gives(record.hash, params):
        raise ValueError("what was kept is of another torrent")
    if record.facts.running and not record.facts.moving_to:
        if not is_there(params):
            if any(params.have_pieces):  # told to stop only when it is found out, it has begun anew already
                params.flags |= FLAGS.stop_when_ready
        elif unclean and not is_whole(params):
            params.have_pieces, params.verified_pieces, params.unfinished_pieces = [], [], {}
    return params


def gives(hash: str, params: lt.add_torrent_params) -> bool:
    """Say if libtorrent will know the torrent by this hash: that of v1, or the cut one of v2."""
    hashes = params.ti.info_hashes() if params.ti is not None else params.info_hashes
    return hash in (str(hashes.v1), str(hashes.v2)[:40])


def is_whole(params: lt.add_torrent_params) -> bool:
    """Say if every piece is there. (What was read has up to seven more at its end, which fill a byte.)"""
    if params.ti is None:
        return False
    have = params.have_pieces[: params.ti.num_pieces()]
    return len(have) == params.ti.num_pieces() and all(have)


def is_there(params: lt.add_torrent_params) -> bool:
    """Say if its file, or the folder of its files, is on the disk."""
    return params.ti is not None and os.path.lexists(os.path.join(params.save_path, Layout.of(params.ti).path))


def flags_of(given: int, facts: Facts, settings: LibtorrentSettings) -> int:
    """Say how a torrent comes in: it runs or not, and is never started or stopped by libtorrent itself."""
    flags = given | FLAGS.update_subscribe | FLAGS.duplicate_is_error
    flags &= ~(FLAGS.auto_managed | FLAGS.paused | FLAGS.disable_pex)
    if not facts.running and not flags & FLAGS.stop_when_ready:
        flags |= FLAGS.paused
    if facts.moving_to:  # some of its files may be there already; it is checked when all are
        flags |= FLAGS.no_verify_files
    return flags if settings.pex else flags | FLAGS.disable_pex


def record_of(hash: str, facts: Facts, params: lt.add_torrent_params) -> Record:
    """Make the record of a torrent that is new. `params` are for this alone."""
    resume, info = written(params)
    return Record(hash=hash, facts=facts, resume=resume, info=info)


def written(params: lt.add_torrent_params) -> tuple[bytes, bytes]:
    """Write resume data, and the info dictionary beside it: that never changes, and is kept once.

    It is taken out of `params`, and never put into any from here: what Python puts there is a Python object to
    libtorrent, which drops it in a thread of its own without asking the interpreter, and that crashes.
    """
    info = params.ti.info_section() if params.ti is not None else b""
    params.ti = None
    return lt.write_resume_data_buf(params), info


def with_info(resume: bytes, info: bytes) -> bytes:
    """Put the info dictionary into resume data, as libtorrent itself would have written it."""
    return resume[:-1] + b"4:info" + info + b"e" if info else resume
