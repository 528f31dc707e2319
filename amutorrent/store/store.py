"""The one gateway to the database. Everything that waits for it waits here; everything else goes on without it.

All work is done by one worker thread at a time, in short transactions. When the database fails, `problem` says why,
what would write is refused at once, and every few seconds it is tried whether it works again. Source: design 6.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

import trio
from sqlalchemy import Connection, Engine, delete, insert

from ..client import RunSync
from ..errors import StorageUnavailable
from ..watchdog import Workers
from .engine import import_driver, writing
from .failures import DAMAGED, explain
from .place import Place
from .schema import check_pages, open_database
from .tables import record

RETRY_S = 2.0
LONGEST_RETRY_S = 30.0
"""A database that cannot be opened is tried less and less often, down to this."""
ANSWER_S = 10.0
START_S = 10.0
"""The daemon starts without its database when that takes longer; a migration goes on."""
CLOSE_S = 2.0
PROOF = {"owner": "", "collection": "", "key": "proof"}
PROOF_BYTES = 64 << 10
"""So much is written to see whether there is room again: a single row may find some in the journal."""

T = TypeVar("T")
Work = Callable[[Connection], T]
log = logging.getLogger("amutorrent.store")


class Store:
    """The database of a daemon. Use it while `run` runs."""

    def __init__(
        self,
        place: Place,
        *,
        run_sync: RunSync | None = None,
        retry_s: float = RETRY_S,
        answer_s: float = ANSWER_S,
        alone: bool = False,
    ) -> None:
        """Imports the driver, and touches nothing.

        `alone`: no other that is to be alone may use the database, from any machine; a daemon is. `run_sync` runs one
        function at a time in a worker thread, and leaves it behind when it is cancelled.
        """
        self.place = place
        self.problem: str | None = f"The database {place.name} is not open yet"
        """Why nothing can be saved, one sentence; None: all is well."""
        self.openings = 0
        """Grows each time the database is opened: it may be another one then."""
        self._run_sync = run_sync or Workers().runner("store", trio.CapacityLimiter(1), abandon=True)
        self._retry_s, self._answer_s, self._alone = retry_s, answer_s, alone
        self._engine: Engine | None = None
        self._suspect = False
        self._well = trio.Event()
        self._ill = trio.Event()
        self._tried = trio.Event()
        self._opened = trio.Event()
        import_driver(place)

    # -- using it

    async def read(self, work: Work[T]) -> T:
        """Run `work` in a transaction that only reads, and give what it gives: plain values, no cursors.

        Raises `StorageUnavailable`. It is tried even when nothing can be written.
        """
        return await self._transaction(work, writes=False)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction: when this returns it is on the disk, when it raises nothing of it is.

        Raises `StorageUnavailable`, with one exception to the rule: a server that did not answer in time may have done
        it. Raises `sqlalchemy.exc.IntegrityError` for rows that are there already. A caller that is cancelled waits
        for the end.
        """
        if self.problem is not None:
            raise StorageUnavailable(self.problem)
        return await self._transaction(work, writes=True)

    async def wait_well(self) -> None:
        """Wait until it can be used."""
        await self._well.wait()

    async def wait_opening(self, known: int) -> None:
        """Wait until it was opened, to read at least, and not only `known` times."""
        while self.openings == known:
            await self._opened.wait()

    async def _transaction(self, work: Work[T], *, writes: bool) -> T:
        def job() -> T:
            if self._engine is None:  # maybe only since the job before this one
                raise StorageUnavailable(self.problem or f"The database {self.place.name} is closed")
            return _transact(self._engine, work, writes=writes)

        try:
            if self._engine is None:
                return job()  # no need to wait for a thread
            return await self._work(job)
        except StorageUnavailable as error:
            self._fell_ill(error.message)
            raise

    async def _work(self, job: Callable[[], T]) -> T:
        """Run a job in the worker. What is begun is never left alone, but a server that hangs is not waited for."""
        with trio.CancelScope(shield=True, deadline=trio.current_time() + self._answer_s):
            return await self._run_sync(self._guarded, job)
        raise StorageUnavailable(
            f"The database {self.place.name} does not answer; what was to be saved may be saved or not"
        )

    def _guarded(self, job: Callable[[], T]) -> T:
        """Translate errors, in the worker thread; a connection that is not good is closed."""
        try:
            return job()
        except Exception as error:
            failure = explain(error, self.place)
            if failure is None:
                raise
            self._suspect = self._suspect or failure.kind == DAMAGED
            if not failure.usable:
                self._dispose()
            raise StorageUnavailable(failure.message) from error

    # -- opening, and recovering

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Open the database, and keep trying when it fails. Never raises for it."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._keep_well)
                with trio.move_on_after(START_S):
                    await self._tried.wait()
                task_status.started()
        finally:
            with trio.CancelScope(shield=True, deadline=trio.current_time() + CLOSE_S):
                await self._run_sync(self._dispose)

    async def _keep_well(self) -> None:
        wait_s = self._retry_s
        while True:
            try:
                await self._run_sync(self._guarded, self._mend)
            except StorageUnavailable as error:
                self._fell_ill(error.message)
            else:
                self._is_well()
                wait_s = self._retry_s
            self._tried.set()
            self._opened.set()  # maybe; who waits looks at `openings`
            self._opened = trio.Event()
            await self._ill.wait()
            await trio.sleep(wait_s)
            wait_s = self._retry_s if self._engine else min(2 * wait_s, LONGEST_RETRY_S)

    def _mend(self) -> None:
        """Open it if it is closed, and see that it can be written."""
        if self._engine is None:
            engine = open_database(self.place, alone=self._alone)
            self._engine, self.openings = engine, self.openings + 1
        if self._suspect:
            check_pages(self._engine, self.place)
            self._suspect = False
        _transact(self._engine, _write_proof, writes=True)
        _transact(self._engine, lambda connection: connection.execute(_erase_proof), writes=True)

    def _dispose(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _fell_ill(self, problem: str) -> None:
        if problem != self.problem:
            log.error("%s", problem)
        self.problem = problem
        if self._well.is_set():
            self._well = trio.Event()
        self._ill.set()

    def _is_well(self) -> None:
        log.info("The database %s %s", self.place.name, "works again" if self._tried.is_set() else "is in use")
        self.problem = None
        self._ill = trio.Event()
        self._well.set()


_erase_proof = delete(record).where(*(record.c[name] == value for name, value in PROOF.items()))


def _write_proof(connection: Connection) -> None:
    connection.execute(_erase_proof)
    connection.execute(insert(record).values(**PROOF, value="x" * PROOF_BYTES))


def _transact(engine: Engine, work: Work[T], *, writes: bool) -> T:
    with (writing(engine) if writes else engine).begin() as connection:
        return work(connection)
