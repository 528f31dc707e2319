"""The web UI: the built front end, and the routes that serve it. Source: http-api 3, design 7."""

from collections.abc import Callable

from amutorrent import Host, hookimpl

from .surface import Site

PLUGIN_API = (1, 0)

__all__ = ["PLUGIN_API", "Site", "register_surfaces"]


@hookimpl
def register_surfaces(register: Callable[..., None], host: Host) -> None:
    """Contribute the page for those who have signed in, and the files that it loads for everybody."""
    site = Site(host)
    register(site.pages())
    register(site.files(), public=True)
