"""What becomes of each alert. Runs in the event loop, and only notes: nothing here asks libtorrent anything."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import libtorrent as lt

from .loading import written
from .session import Handlers
from .texts import text, trackers_of
from .torrents import Layout, Saved, Torrent

if TYPE_CHECKING:
    from .engine import Engine

T = TypeVar("T")


def hash_in(hashes: lt.info_hash_t, table: Mapping[str, T]) -> str | None:
    """Give the hash by which a table has a torrent: that of v1, or where it was added without, the cut one of v2."""
    for hash in (str(hashes.v1), str(hashes.v2)[:40]):
        if hash in table:
            return hash
    return None


def _announce(alert: lt.tracker_alert) -> tuple[str, str]:
    return str(alert.handle.info_hashes().v1), text(alert.tracker_url)


class Hearing:
    """The handlers of one engine."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    def handlers(self) -> Handlers:
        """Give them by the type of alert that they take."""
        return {
            lt.add_torrent_alert: self._added,
            lt.state_update_alert: self._updated,
            lt.session_stats_alert: self._counted,
            lt.save_resume_data_alert: self._saved,
            lt.save_resume_data_failed_alert: self._not_saved,
            lt.torrent_removed_alert: self._removed,
            lt.torrent_deleted_alert: self._deleted,
            lt.torrent_delete_failed_alert: self._not_deleted,
            lt.metadata_received_alert: self._should_be_saved,
            lt.torrent_finished_alert: self._should_be_saved,
            lt.torrent_paused_alert: self._should_be_saved,
            lt.storage_moved_alert: self._moved,
            lt.storage_moved_failed_alert: self._not_moved,
            lt.fastresume_rejected_alert: self._files_missing,
            lt.file_error_alert: self._failed,
            lt.file_prio_alert: self._prioritized,
            lt.tracker_announce_alert: self._announcing,
            lt.tracker_error_alert: self._tracker_failed,
            lt.tracker_reply_alert: self._tracker_answered,
            lt.listen_succeeded_alert: self._listening,
            lt.listen_failed_alert: self._not_listening,
            lt.portmap_alert: self._told,
            lt.portmap_error_alert: self._told,
            lt.alerts_dropped_alert: self._dropped,
        }

    def _find(self, alert: lt.torrent_alert) -> Torrent | None:
        hash = hash_in(alert.handle.info_hashes(), self._engine.torrents)
        return None if hash is None else self._engine.torrents[hash]

    # -- coming and going

    def _added(self, alert: lt.add_torrent_alert) -> None:
        hash = hash_in(alert.params.info_hashes, self._engine.arriving)
        if hash is None:
            return
        arrival = self._engine.arriving.pop(hash)
        arrival.over = True
        if alert.error.value():
            arrival.error = text(alert.error.message)
            return
        self._engine.torrents[hash] = Torrent(hash, alert.handle, arrival.facts, arrival.params)
        self._engine.mark(hash)

    def _removed(self, alert: lt.torrent_removed_alert) -> None:
        hash = hash_in(alert.info_hashes, self._engine.torrents)
        if hash is None:
            return
        del self._engine.torrents[hash]
        self._engine.saves.pop(hash, None)
        self._engine.mark(hash)
        leaving = self._engine.leaving.get(hash)
        if leaving is not None and not leaving.deletes:
            leaving.over = True

    def _deleted(self, alert: lt.torrent_deleted_alert) -> None:
        hash = hash_in(alert.info_hashes, self._engine.leaving)
        if hash is not None:
            self._engine.leaving[hash].over = True

    def _not_deleted(self, alert: lt.torrent_delete_failed_alert) -> None:
        hash = hash_in(alert.info_hashes, self._engine.leaving)
        if hash is not None:
            leaving = self._engine.leaving[hash]
            leaving.error, leaving.code, leaving.over = text(alert.error.message), alert.error.value(), True

    # -- how they are

    def _updated(self, alert: lt.state_update_alert) -> None:
        for status in alert.status:
            hash = hash_in(status.info_hashes, self._engine.torrents)
            if hash is not None:
                self._engine.torrents[hash].status = status
                self._engine.mark(hash)

    def _counted(self, alert: lt.session_stats_alert) -> None:
        self._engine.stats = alert.values
        self._engine.answered += 1

    def _should_be_saved(self, alert: lt.torrent_alert) -> None:
        if (torrent := self._find(alert)) is not None:
            self._save_soon(torrent)

    def _save_soon(self, torrent: Torrent) -> None:
        torrent.unsaved = True
        self._engine.urgent.set()
        self._engine.mark(torrent.hash)

    def _saved(self, alert: lt.save_resume_data_alert) -> None:
        torrent = self._find(alert)
        if torrent is None:
            return
        if torrent.missing:  # it was asked for before that was known
            self._engine.saves.pop(torrent.hash, None)
            return
        params = alert.params  # they go with the alert: written at once, and never kept
        if torrent.layout is None and params.ti is not None:
            torrent.layout, torrent.private = Layout.of(params.ti), params.ti.priv()
            self._engine.mark(torrent.hash)
        torrent.trackers = tuple(dict.fromkeys(trackers_of(params)))
        if torrent.hash in self._engine.saves:
            self._engine.saves[torrent.hash] = Saved(*written(params))

    def _not_saved(self, alert: lt.save_resume_data_failed_alert) -> None:
        if (torrent := self._find(alert)) is not None:
            self._engine.saves.pop(torrent.hash, None)

    def _moved(self, alert: lt.storage_moved_alert) -> None:
        if (torrent := self._find(alert)) is not None:
            torrent.save_path, torrent.move_error = text(alert.storage_path), None
            torrent.arrived()
            if torrent.resumes_move:
                torrent.resumes_move = False
                torrent.recheck()
            self._save_soon(torrent)

    def _not_moved(self, alert: lt.storage_moved_failed_alert) -> None:
        if (torrent := self._find(alert)) is not None:
            place = f" ({text(alert.file_path)})" if text(alert.file_path) else ""
            torrent.move_error = f"It could not be moved: {text(alert.error.message)}{place}"
            torrent.arrived()
            self._engine.note(f"{torrent.name or torrent.hash}: {torrent.move_error}")
            self._save_soon(torrent)

    def _files_missing(self, alert: lt.fastresume_rejected_alert) -> None:
        if (torrent := self._find(alert)) is None:
            return
        torrent.missing = True
        torrent.handle.pause()
        self._engine.note(f"{torrent.name or torrent.hash}: {torrent.failed}")
        self._engine.mark(torrent.hash)

    def _failed(self, alert: lt.file_error_alert) -> None:
        self._engine.log.warning("%s", text(alert.message))
        self._engine.note(text(alert.message))

    def _prioritized(self, alert: lt.file_prio_alert) -> None:
        if (torrent := self._find(alert)) is not None:
            torrent.told_priorities += 1

    # -- the world around

    def _announcing(self, alert: lt.tracker_announce_alert) -> None:
        if alert.event == lt.event_t.stopped:
            self._engine.told_of_stop.add(_announce(alert))

    def _tracker_failed(self, alert: lt.tracker_error_alert) -> None:
        self._engine.told_of_stop.discard(_announce(alert))
        if (torrent := self._find(alert)) is not None:
            said = text(alert.failure_reason) or text(alert.error.message)
            if torrent.trouble != said:
                torrent.trouble, torrent.trouble_at = said, text(alert.tracker_url)
                self._engine.note(f"{torrent.name or torrent.hash}: a tracker says: {said}")
                self._engine.mark(torrent.hash)

    def _tracker_answered(self, alert: lt.tracker_reply_alert) -> None:
        self._engine.told_of_stop.discard(_announce(alert))
        torrent = self._find(alert)
        if torrent is not None and torrent.trouble is not None:
            torrent.trouble = None
            self._engine.mark(torrent.hash)

    def _listening(self, alert: lt.listen_succeeded_alert) -> None:
        self._engine.port = self._engine.port or alert.port
        self._engine.note(text(alert.message))

    def _not_listening(self, alert: lt.listen_failed_alert) -> None:
        self._engine.log.warning("%s", text(alert.message))
        self._engine.note(text(alert.message))

    def _told(self, alert: lt.alert) -> None:
        self._engine.note(text(alert.message))

    def _dropped(self, alert: lt.alerts_dropped_alert) -> None:
        self._engine.log.error("libtorrent had more to tell than its queue holds")
