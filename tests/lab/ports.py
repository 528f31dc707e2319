"""Free ports and addresses on loopback."""

import itertools
import os
import socket

_addresses = itertools.count(os.getpid() % 20_000 + 500)


def free_port() -> int:
    """Find a TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_address() -> str:
    """Give an address of 127/8 that no other client of this run has: clients dislike several peers behind one."""
    number = next(_addresses)
    return f"127.1.{number // 250 % 250}.{number % 250 + 2}"
