"""What ED2K clients can do beside moving files. Source: data-model 6, amule-ec."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from ..model import Bytes, Count, FileComment, Hash, camel
from .adding import AddOptions
from .base import Capability, Outcome

SearchType = Literal["global", "local", "kad"]


class SearchResult(Struct, frozen=True, kw_only=True, rename=camel):
    """One row of a search; what the network does not say is None. Source: data-model 13."""

    file_name: str
    file_size: Bytes
    file_hash: Hash
    source_count: Count
    status: Literal["new", "have", "downloading", "cancelled"] | None = None
    rating: int | None = None
    complete_sources: Count | None = None
    network_type: str | None = None


class SearchProgress(Struct, frozen=True, kw_only=True, rename=camel):
    """Where a running search stands: all rows so far, and 0-100 (None where the network does not say)."""

    running: bool
    percent: float | None
    results: tuple[SearchResult, ...]


class Search(Capability):
    """Search the client's network; one search at a time, which the host sees to."""

    @abstractmethod
    async def start_search(self, query: str, type: SearchType, extension: str | None = None) -> None:
        """Start a search, dropping the results of the one before.

        Raises `ClientFailed` where the client refuses: its network is not connected, the query is no query.
        """

    @abstractmethod
    async def search_progress(self) -> SearchProgress:
        """Read what has been found so far; asked about every half second until it is no longer running."""

    @abstractmethod
    async def stop_search(self) -> None:
        """End the search; what was found stays readable."""

    @abstractmethod
    async def download_results(self, results: Sequence[SearchResult], options: AddOptions) -> Outcome:
        """Start downloading rows, also such that the client itself has forgotten."""


class FileRatingComment(Capability):
    """Rate and comment a shared, complete file, and read what others say of a file."""

    @abstractmethod
    async def set_rating_comment(self, hash: str, rating: int, comment: str) -> None:
        """Write both together: rating 0 not rated, 1 fake, 2 poor, 3 fair, 4 good, 5 excellent; "" no comment."""

    @abstractmethod
    async def comments(self, hash: str) -> Sequence[FileComment]:
        """Ask what others say of an item; empty where nobody says anything."""


class SharedFiles(Capability):
    """Report shared files beside downloads. Has no method of its own."""


class RefreshShared(Capability):
    """Scan the shared folders again."""

    @abstractmethod
    async def refresh_shared(self) -> None:
        """Ask for the scan and return when the client has taken the request."""


class SharedDirs(Capability):
    """Edit the list of shared folders, by routes of the plugin's own. Has no method of its own."""


class Server(Struct, frozen=True, kw_only=True, rename=camel):
    """One ED2K server. Source: http-api 9."""

    ip: str
    port: int
    address: str
    name: str
    description: str = ""
    version: str = ""
    ping: Count = 0
    users: Count = 0
    max_users: Count = 0
    files: Count = 0
    priority: int = 0
    failed: Count = 0
    static: bool = False
    connected: bool = False


class Servers(Capability):
    """Keep a list of ED2K servers. The actions answer False where the client declined."""

    @abstractmethod
    async def servers(self) -> Sequence[Server]:
        """Read the list."""

    @abstractmethod
    async def connect_server(self, ip: str | None, port: int | None) -> bool:
        """Connect to this server, or to any one if both are None."""

    @abstractmethod
    async def disconnect_server(self) -> bool:
        """Disconnect from the server."""

    @abstractmethod
    async def remove_server(self, ip: str, port: int) -> bool:
        """Take a server off the list."""

    @abstractmethod
    async def add_server(self, ip: str, port: int, name: str) -> bool:
        """Add a server. Raises `Conflict` if it is there."""

    @abstractmethod
    async def update_servers(self, url: str) -> bool:
        """Let the client fetch a `server.met`; the fetch goes on after the answer."""


class Kad(Capability):
    """Start and stop Kad. Its state is the light `kad` of `Changes.network_status`."""

    @abstractmethod
    async def start_kad(self) -> bool:
        """Start Kad; False if the client declined."""

    @abstractmethod
    async def stop_kad(self) -> bool:
        """Stop Kad; False if the client declined."""

    @abstractmethod
    async def bootstrap_kad(self, ip: str, port: int) -> bool:
        """Bootstrap from one node; False if the client declined."""

    @abstractmethod
    async def update_kad_nodes(self, url: str) -> bool:
        """Let the client fetch a `nodes.dat`; False if it declined."""


class ServerInfo(Capability):
    """Read the server's message of the day."""

    @abstractmethod
    async def server_info(self) -> Sequence[str]:
        """Read it, one entry per line."""


class StatsNode(Struct, frozen=True, kw_only=True, rename=camel):
    """A node of the statistics tree: `label` is `template` with `values` filled in."""

    label: str
    template: str
    values: tuple[str, ...] = ()
    children: tuple["StatsNode", ...] = ()


class StatsTree(Capability):
    """Read the client's statistics tree."""

    @abstractmethod
    async def stats_tree(self) -> Sequence[StatsNode]:
        """Read the top nodes with all that is below them."""
