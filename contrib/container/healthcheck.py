#!/opt/amutorrent/bin/python
"""Ends with 0 if the daemon of this container is ready, wherever its settings let it listen."""

import sys
from http.client import HTTPException
from urllib.request import ProxyHandler, build_opener

from amutorrent.errors import AmutorrentError
from amutorrent.settings import Settings

ANSWER_S = 8
REACHED = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def ready_url() -> str:
    """Give the address that says whether the daemon is ready."""
    server = Settings().server
    host = REACHED.get(server.host, server.host)
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{server.port}{server.base_path}/health/ready"


def main() -> int:
    """Ask it."""
    try:
        with build_opener(ProxyHandler({})).open(ready_url(), timeout=ANSWER_S) as answer:
            return 0 if answer.status == 200 else 1
    except (AmutorrentError, HTTPException, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
