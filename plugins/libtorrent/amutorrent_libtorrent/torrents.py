"""What the engine has in memory of each torrent."""

from typing import Final

import libtorrent as lt
from msgspec import Struct
from msgspec.structs import replace

from .records import Facts
from .texts import text, trackers_of

PAUSED: Final = lt.torrent_flags.paused
STATES: Final = lt.torrent_status.states


class Layout(Struct, frozen=True, kw_only=True, gc=False):
    """What a torrent holds, as far as a list shows it. `path` is that of its one file, or of the folder of all."""

    name: str
    path: str
    several: bool

    @classmethod
    def of(cls, info: lt.torrent_info) -> "Layout":
        """Read it."""
        files = info.layout()
        real = [number for number in range(files.num_files()) if not files.file_flags(number) & files.flag_pad_file]
        several = len(real) > 1
        path = files.file_path(real[0] if real else 0)
        return cls(name=info.name(), path=path.partition("/")[0] if several else path, several=several)


class Saved(Struct, frozen=True, gc=False):
    """How far a torrent is, and its info dictionary where that was asked for."""

    resume: bytes
    info: bytes


class Torrent:
    """One torrent. `status` is None until libtorrent has told of it for the first time."""

    __slots__ = (
        *("facts", "given_name", "handle", "hash", "kept_info", "layout", "missing", "move_error", "private"),
        *(
            "resumes_move",
            "save_path",
            "status",
            "told_priorities",
            "trackers",
            "trouble",
            "trouble_at",
            "unsaved",
            "unsaved_facts",
        ),
    )

    def __init__(self, hash: str, handle: lt.torrent_handle, facts: Facts, params: lt.add_torrent_params) -> None:
        self.hash = hash
        self.handle = handle
        self.facts = facts
        self.layout = Layout.of(params.ti) if params.ti else None
        self.given_name = text(lambda: params.name)
        self.save_path = params.save_path
        self.trackers = tuple(dict.fromkeys(trackers_of(params)))
        self.private = bool(params.ti and params.ti.priv())
        self.status: lt.torrent_status | None = None
        self.trouble: str | None = None
        """What trackers say against it."""
        self.trouble_at = ""
        """The tracker that says it."""
        self.move_error: str | None = None
        self.missing = False
        """Its files were not found when it was loaded: it waits for a person, and does not begin anew by itself."""
        self.kept_info = params.ti is not None
        self.unsaved = self.unsaved_facts = False
        self.resumes_move = False
        """A move goes on that a crash has interrupted."""
        self.told_priorities = 0
        """How often libtorrent said that priorities of files are set."""

    def recheck(self) -> None:
        """Start checking its data; if it is stopped, it is stopped again afterwards."""
        self.missing = False
        self.handle.clear_error()
        self.handle.force_recheck()
        if not self.facts.running:  # set earlier it would count at once, and not for the check
            self.handle.set_flags(lt.torrent_flags.stop_when_ready)
        self.handle.resume()  # libtorrent checks nothing that is paused

    def arrived(self) -> None:
        """Note that no move of its data is under way any more."""
        if self.facts.moving_to:
            self.facts, self.unsaved_facts = replace(self.facts, moving_to=""), True

    @property
    def name(self) -> str:
        """The name that is shown; "" while there is none."""
        return self.facts.name or (self.layout.name if self.layout else "") or self.given_name

    @property
    def path(self) -> str | None:
        """Where its file is, or the folder of its files."""
        return f"{self.save_path.rstrip('/')}/{self.layout.path}" if self.layout else None

    @property
    def unsaved_for(self) -> int:
        """Why libtorrent thinks that it should be saved, as its flags; 0: it need not."""
        return 0 if self.status is None else int(self.status.need_save_resume_data)

    @property
    def failed(self) -> str | None:
        """What keeps it from going on."""
        if self.missing:
            return "Its files are not where they were. Is a disk missing? Resume to check what is there"
        status = self.status
        if status is None or not status.errc.value():
            return None
        return f"{status.errc.message()}"

    @property
    def whole(self) -> bool:
        """Whether all that is wanted was verified, and lies at its place."""
        status = self.status
        return (
            status is not None
            and status.state in (STATES.finished, STATES.seeding)
            and not status.moving_storage
            and not self.missing
            and 0 < status.total_wanted == status.total_wanted_done
        )

    @property
    def ratio(self) -> float:
        """What was given by what was taken; data that was there already counts as taken."""
        if (status := self.status) is None:
            return 0.0
        taken = status.all_time_download
        if taken * 100 < status.total_done:
            taken = status.total_done
        return max(0.0, status.all_time_upload / taken) if taken > 0 else 0.0
