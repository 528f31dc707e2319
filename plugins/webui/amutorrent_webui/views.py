"""The addresses at which the page answers; the front end decides what is seen there."""

VIEWS = (
    "downloads",
    "shared",
    "uploads",
    "search",
    "history",
    "statistics",
    "categories",
    "servers",
    "logs",
    "arr",
    "plugins",
    "settings",
)
"""The first words of the paths; `frontend/src/views/index.ts` names the same ones (a test compares them)."""
