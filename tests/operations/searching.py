"""What tests of searches share: the routes, who asks, and a search that goes on."""

import trio.testing
from operations.ed2k import progress, row

import amutorrent as am

START = "POST", "/api/v1/search"
RESULTS = "GET", "/api/v1/search/results"
CANCEL = "DELETE", "/api/v1/search"
DOWNLOAD = "POST", "/api/v1/downloads/search-results"
RUNNING = [progress(row(1))]
GUEST = am.User(id=1, name="guest", is_admin=False, permissions=frozenset({"search"}))
ANOTHER = am.User(id=2, name="another", is_admin=False, permissions=frozenset({"search", "add_downloads"}))
NOBODY = am.User(id=3, name="nobody", is_admin=False)


async def started(ed2k, **body):
    """Start a search that goes on, and give its id."""
    ed2k.script.answers.setdefault("search_progress", list(RUNNING))
    status, reply = await ed2k.wire.rest(*START, {"query": "ubuntu", "wait": False, **body})
    assert status == 200, reply
    await trio.testing.wait_all_tasks_blocked()
    return reply["searchId"]
