"""The operations of the host itself, in the order in which the API guide lists them."""

from . import adding, control, detail, ed2k_links, kad, labelling, overview, removing, reports, servers, sharing
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
        ed2k_links.add_links,
        adding.add_torrent,
        control.pause,
        control.resume,
        control.stop,
        removing.delete,
        labelling.set_category,
        labelling.change_tags,
        labelling.rename,
        sharing.set_rating_comment,
        control.set_priority,
        control.recheck,
        control.reannounce,
        detail.item_detail,
        detail.item_files,
        detail.set_file_priority,
        control.pause_download,
        control.resume_download,
        removing.delete_one,
        labelling.set_file_category,
        ed2k_links.add_link,
        servers.servers,
        servers.server_action,
        servers.add_server,
        servers.update_servers,
        servers.connect_server,
        servers.disconnect_server,
        servers.remove_server,
        kad.kad_action,
        reports.server_info,
        reports.stats_tree,
        sharing.refresh_shared,
        reports.client_log,
        reports.log,
    ],
    HOST,
)
