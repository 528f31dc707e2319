"""The operations of the host itself, in the order in which the API guide lists them."""

from . import adding, control, detail, labelling, overview, removing
from .declare import Operation, declared

HOST = "the host"

HOST_OPERATIONS: list[Operation] = declared(
    [
        overview.snapshot,
        overview.instances,
        overview.connect_instance,
        overview.set_speed_limits,
        overview.plugins,
        adding.add_magnets,
        adding.add_torrent,
        control.pause,
        control.resume,
        control.stop,
        removing.delete,
        labelling.set_category,
        labelling.change_tags,
        labelling.rename,
        control.recheck,
        control.reannounce,
        detail.item_detail,
        detail.item_files,
        detail.set_file_priority,
        control.pause_download,
        control.resume_download,
        removing.delete_one,
        labelling.set_file_category,
    ],
    HOST,
)
