"""What users may do, and the usual sets of it. Source: data-model 8."""

from collections.abc import Mapping

PERMISSIONS: Mapping[str, str] = {
    "search": "search",
    "add_downloads": "add links, torrents and search results",
    "remove_downloads": "delete downloads",
    "pause_resume": "pause, resume and stop downloads",
    "assign_categories": "change categories and tags of downloads",
    "move_files": "move files with their category",
    "edit_downloads": "move files to a path, set priorities, check and announce again",
    "rename_files": "rename downloads",
    "set_comment": "rate files and comment on them",
    "manage_categories": "create, change and delete categories",
    "view_history": "see the history",
    "clear_history": "delete entries of the history",
    "view_shared": "see shared files, and look for new ones",
    "view_uploads": "see uploads",
    "view_statistics": "see statistics and metrics",
    "view_logs": "read the logs of the program and of the clients",
    "view_servers": "see and control servers and Kad",
    "view_all_downloads": "see the downloads of others",
    "edit_all_downloads": "change the downloads of others, and the speed limits of clients",
}
"""Every permission, with what it lets a user do."""

VIEW_ALL = "view_all_downloads"
EDIT_ALL = "edit_all_downloads"

FULL = frozenset(PERMISSIONS)
READ_ONLY = frozenset(
    {"search", "view_history", "view_shared", "view_uploads", "view_statistics", "view_logs", VIEW_ALL}
)
SSO = FULL - {"edit_downloads", "manage_categories", "view_logs", "view_servers", EDIT_ALL}
PRESETS: Mapping[str, frozenset[str]] = {"full": FULL, "read-only": READ_ONLY, "sso": SSO}
"""`sso` is what an account gets that a trusted proxy brings, unless the settings say otherwise."""
