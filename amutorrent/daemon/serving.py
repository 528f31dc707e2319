"""The front of a daemon: what its web server shows, who may come in, and the link to the first account.

Imports Quart, which is slow: only where the daemon serves.
"""

import logging
import sys
from functools import partial
from typing import TYPE_CHECKING

import trio

from .. import web
from ..accounts import Accounts
from ..settings.access import AuthSettings, networks
from ..web import ClientHealth, Gate, HealthReport, Problem, Proxies, ProxySignIn, WebContext, create_app

if TYPE_CHECKING:
    from .daemon import Daemon

log = logging.getLogger("amutorrent.daemon")


async def serve(
    daemon: "Daemon", stop: trio.Event, *, task_status: trio.TaskStatus[list[str]] = trio.TASK_STATUS_IGNORED
) -> None:
    """Serve until `stop` is set. `task_status` gets the addresses that are listened on."""
    server = daemon.settings.server
    listen = partial(web.serve, create_app(_context(daemon)), host=server.host, port=server.port, stop=stop)
    async with trio.open_nursery() as nursery:
        addresses = await nursery.start(listen)
        for address in addresses:
            log.info("Listening on %s%s", address, server.base_path)
        if server.auth.enabled:
            nursery.start_soon(_invite, daemon.accounts, f"{reachable(addresses[0])}{server.base_path}")
        else:
            log.warning("Authentication is off: everybody who reaches this address is an admin")
        daemon.started = True
        task_status.started(addresses)


def _context(daemon: "Daemon") -> WebContext:
    server = daemon.settings.server
    return WebContext(
        operations=daemon.operations,
        catalogue=daemon.catalogue,
        instances=daemon.instances,
        events=daemon.events,
        broadcast=daemon.broadcast,
        searches=daemon.searches,
        peering=daemon.peering,
        log_ring=daemon.log_ring,
        surfaces=daemon.plugins.surfaces,
        public_surfaces=daemon.plugins.public_surfaces,
        doors=daemon.plugins.doors,
        allowed_hosts=frozenset(server.allowed_hosts),
        base_path=server.base_path,
        health=partial(health, daemon),
        gate=gate(server.auth, daemon.accounts),
        proxies=Proxies(networks(server.trusted_proxies)),
        telemetry=daemon.telemetry,
    )


def gate(auth: AuthSettings, accounts: Accounts) -> Gate:
    """Say who may come in."""
    if not auth.enabled:
        return Gate()
    proxy = auth.trusted_proxy
    provision = frozenset(proxy.default_capabilities) if proxy.auto_provision else None
    return Gate(accounts, ProxySignIn(proxy.username_header.encode(), provision) if proxy.enabled else None)


def health(daemon: "Daemon") -> HealthReport:
    """Say how a daemon is: what needs a person, and which clients are connected."""
    broken = [each for each in daemon.plugins.table if each.state == "quarantined"]
    refused = [each for each in daemon.instances.all() if each.state == "rejected"]
    unsaved = daemon.store.problem
    return HealthReport(
        problems=(
            *((Problem("storage_unavailable", unsaved),) if unsaved else ()),
            *((Problem(*daemon.disks.problem),) if daemon.disks.problem else ()),
            *(Problem("plugin_quarantined", f"Plugin {each.name}: {each.reason}") for each in broken),
            *(Problem("instance_rejected", f"{each.id}: {each.info().error}") for each in refused),
        ),
        clients={each.id: ClientHealth(each.config.type, each.connected) for each in daemon.instances.all()},
        ready=daemon.started,
    )


async def _invite(accounts: Accounts, address: str) -> None:
    """Print the link that makes the first account, once it is known that there is none. It is in no log."""
    await accounts.roster.wait_loaded()
    if accounts.setup.needed:
        # in one piece: a line of the log may come in between otherwise, where output is not buffered
        sys.stdout.write(
            "There is no account yet. Run `amutorrent users add NAME --admin`,"
            f" or make the first one in a browser: {address}/setup?token={accounts.setup.token}\n"
        )
        sys.stdout.flush()


def reachable(address: str) -> str:
    """Give an address that this machine's own browser can open: one of all is none that can be opened."""
    return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//127.0.0.1:")
