"""The merged table of operations, and how one is run. Source: design 4."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import trio
from msgspec import Struct

from ..accounts import User
from ..cancellation import cancelled_alone
from ..errors import AmutorrentError, DeadlineExceeded, Forbidden, NotFound, NotReady, PluginError
from ..host import Host
from .call import Call, Sequel, Visit
from .declare import ADMIN, ANY_USER, PUBLIC, SETUP, Operation, Prepared, Streamed
from .invalid import invalid

LONGEST_S = 150.0
"""No operation takes longer than this, whatever deadlines it has of its own."""

log = logging.getLogger("amutorrent.operations")
audit = logging.getLogger("amutorrent.audit")
Reply = Struct | Prepared[Any] | Streamed[Any]  # Any: of whatever operation


class Operations:
    """All operations of the host and of the plugins, by action and by route."""

    def __init__(self, operations: Iterable[Operation], host_for: Callable[[str], Host]) -> None:
        self.all = tuple(operations)
        self.by_action = {each.action: each for each in self.all}
        self._hosts = {owner: host_for(owner) for owner in {each.owner for each in self.all}}
        self._nursery: trio.Nursery | None = None

    async def serve(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Be the nursery in which changes run to their end."""
        try:
            async with trio.open_nursery() as self._nursery:
                task_status.started()
                await trio.sleep_forever()
        finally:
            self._nursery = None

    async def call(self, action: str, request: object, user: User) -> Reply:
        """Run an operation as over HTTP: validation, permission and audit line included.

        `request` is its request struct, or a mapping with the names of the wire. Raises `NotFound`,
        `InvalidRequest`, `Forbidden`, and what the operation raises.
        """
        operation = self.by_action.get(action)
        if operation is None:
            raise NotFound(f"There is no operation {action!r}")
        if not isinstance(request, operation.request):
            try:
                request = msgspec.convert(request, operation.request)
            except msgspec.ValidationError as error:
                raise invalid(error) from error
        return await self.run(operation, request, user)

    async def run(
        self,
        operation: Operation,
        request: Struct,
        user: User,
        sender: object = None,
        visit: Visit | None = None,
        sequels: list[Sequel] | None = None,
    ) -> Reply:
        """Run an operation with a request that was decoded already.

        `sender` is the socket that asks, and `sequels` takes what it is to be sent after the reply; `visit` is how
        somebody came over HTTP. What changes something runs to its end even if the caller is cancelled. Raises errors
        of our own tree only.
        """
        permit(operation, user)
        call = Call(user, self._hosts[operation.owner], sender, visit, sequels)
        if not operation.changes:
            return await self._handle(operation, request, call)
        reply = await self._to_its_end(operation, request, call)
        if isinstance(reply, AmutorrentError):
            raise reply
        return reply

    async def _to_its_end(self, operation: Operation, request: Struct, call: Call) -> Reply | AmutorrentError:
        if self._nursery is None:
            raise NotReady("The daemon does not run: changes are not taken now")
        done = trio.Event()
        outcome: list[Reply | AmutorrentError] = []

        async def work() -> None:
            try:
                outcome.append(await self._handle(operation, request, call))
            except AmutorrentError as error:
                outcome.append(error)
            finally:
                done.set()  # cancelled, with the daemon: there is no outcome then
            _audit(operation, call, outcome[0])

        self._nursery.start_soon(work, name=operation.action)
        await done.wait()
        if not outcome:
            raise NotReady(f"The daemon stopped in the middle of {operation.action}: see what came of it")
        return outcome[0]

    async def _handle(self, operation: Operation, request: Struct, call: Call) -> Reply:
        with trio.move_on_after(LONGEST_S) as scope:
            try:
                with cancelled_alone():
                    reply: Reply = await operation.handler(request, call)
            except AmutorrentError:
                raise
            except Exception as error:  # the request boundary: a fault of ours or a plugin's is one error reply
                log.exception("operation %s of %s failed", operation.action, operation.owner)
                raise PluginError("Something went wrong here; the log says what") from error
        if scope.cancelled_caught:
            raise DeadlineExceeded(f"{operation.action} took longer than {LONGEST_S:.0f} s")
        return reply


def permit(operation: Operation, user: User) -> None:
    """Raise `Forbidden` if the user may not call this operation."""
    if operation.needs in (PUBLIC, SETUP, ANY_USER):
        return
    if operation.needs == ADMIN:
        if not user.is_admin:
            raise Forbidden("Only an admin may do this", code="admin_required")
    elif not user.may(operation.needs):
        raise Forbidden(f"This needs the permission {operation.needs}", details={"permission": operation.needs})


def _audit(operation: Operation, call: Call, outcome: Reply | AmutorrentError) -> None:
    what = outcome.code if isinstance(outcome, AmutorrentError) else getattr(outcome, "message", None) or "done"
    audit.info("%s by %s: %s", operation.action, _name(call), what)


def _name(call: Call) -> str:
    """Name who called; who signed in by it was nobody before."""
    if call.user.name:
        return call.user.name
    begun = call.visit.begun if call.visit else None
    account = call.accounts.roster.accounts.get(begun.proof.account_id) if begun else None
    return account.name if account else "local admin" if call.user.is_admin else "nobody"
