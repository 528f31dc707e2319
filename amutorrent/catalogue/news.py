"""Tells the rest of the daemon what happened to items. Source: design 5."""

from ..events import Event, EventName, Events
from .entry import Entry


class News:
    """Publishes an event for each change that is one."""

    def __init__(self, events: Events) -> None:
        self._events = events

    def added(self, entry: Entry) -> None:
        """There is a new item."""
        self._publish("download_added", entry)

    def removed(self, entry: Entry) -> None:
        """An item is gone."""
        self._publish("download_removed", entry)

    def changed(self, old: Entry, new: Entry) -> None:
        """An item differs: it may be complete now, or have another category."""
        if new.item.complete and not old.item.complete:
            self._publish("download_finished", new)
        if new.item.category != old.item.category:
            facts: dict[str, object] = {"old_category": old.item.category, "new_category": new.item.category}
            event = Event(name="category_changed", instance_id=new.instance_id, hash=new.item.hash, facts=facts)
            self._events.publish(event)

    def _publish(self, name: EventName, entry: Entry) -> None:
        item = entry.item
        facts: dict[str, object] = {
            "filename": item.name,
            "size": item.size,
            "category": item.category,
            "path": item.path,
            "multi_file": item.multi_file,
            "ratio": item.ratio,
            "uploaded": item.upload_total,
            "downloaded": item.size_downloaded,
            "tracker_domain": item.tracker,
        }
        self._events.publish(Event(name=name, instance_id=entry.instance_id, hash=item.hash, facts=facts))
