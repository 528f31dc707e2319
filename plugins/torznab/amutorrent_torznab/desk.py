"""Where searches are asked for: one for all who want the same, one after the other for each client, and kept a while.

A search goes on though everybody who waited for it has left, so that an app that asks again finds it done. What has not
been begun at the deadline is not begun: nobody would hear of it. Source: http-api 11, arr-contract 9 (31).
"""

from collections import OrderedDict

import trio

from amutorrent import (
    AmutorrentError,
    ClientFailed,
    DeadlineExceeded,
    Host,
    Instance,
    Kad,
    NotReady,
    RateLimited,
    SearchResult,
    SearchType,
    User,
)

from .job import Job, Key
from .query import expression
from .search import BUSY, Broken, Network
from .settings import TorznabSettings

MOST_JOBS = 64
"""Searches that are kept, and searches that wait."""
NOT_WHOLE_S = 60
"""A search that broke off is kept no longer: it is enough to page through it."""


class Desk:
    """Searches that run, and the last ones that ran. Use it while `run` runs."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._jobs: OrderedDict[Key, Job] = OrderedDict()
        self._turns: dict[str, trio.Lock] = {}
        self._began: dict[str, float] = {}
        self._nursery: trio.Nursery | None = None

    async def run(self) -> None:
        """Be the nursery of all searches until cancelled."""
        self._jobs.clear()
        self._turns.clear()
        try:
            async with trio.open_nursery() as self._nursery:
                await trio.sleep_forever()
        finally:
            self._nursery = None

    async def find(
        self, instance: Instance, key: Key, user: User, settings: TorznabSettings, deadline: float
    ) -> list[SearchResult]:
        """Give what a search finds, or what it has found by the deadline, most sources first.

        Raises `DeadlineExceeded` if no network has answered by then, `RateLimited` if too many wait already, and what
        the client says against it.
        """
        job = self._job(instance, key, user, settings, deadline)
        job.deadline = max(job.deadline, deadline)
        with trio.move_on_at(deadline):
            await job.done.wait()
        rows = job.rows()
        if not rows and job.error is not None:
            raise job.error.with_traceback(None)
        if not rows and not job.answered:
            raise DeadlineExceeded("The client has found nothing in the time there was, and has not finished either")
        return rows

    def _job(self, instance: Instance, key: Key, user: User, settings: TorznabSettings, deadline: float) -> Job:
        job = self._jobs.get(key)
        if job is not None and not _is_stale(job, settings.cache_seconds):
            self._jobs.move_to_end(key)
            return job
        if self._nursery is None:
            raise NotReady("The indexer is still starting")
        if sum(not each.done.is_set() for each in self._jobs.values()) >= MOST_JOBS:
            raise RateLimited("Too many searches wait already", retry_after=settings.deadline_seconds)
        job = self._jobs[key] = Job(key, user, deadline)
        self._jobs.move_to_end(key)
        self._make_room()
        self._nursery.start_soon(self._run, job, instance, settings.search_delay_seconds, name=f"torznab {key[:2]}")
        return job

    def _make_room(self) -> None:
        for key in [key for key, job in self._jobs.items() if job.done.is_set()]:
            if len(self._jobs) <= MOST_JOBS:
                return
            del self._jobs[key]

    async def _run(self, job: Job, instance: Instance, delay_s: float) -> None:
        turn = self._turns.setdefault(instance.id, trio.Lock())
        try:
            if not await job.in_time(turn.acquire):
                raise DeadlineExceeded(BUSY)
            try:
                began = self._began.get(instance.id)
                if began is not None and not await job.in_time(lambda: trio.sleep_until(began + delay_s)):
                    raise DeadlineExceeded(BUSY)
                await self._search(job, instance)
            finally:
                turn.release()
        except AmutorrentError as error:
            job.error = error
        finally:
            if job.error is not None or not job.answered:
                job.error = job.error or NotReady("The search was broken off")
                if self._jobs.get(job.key) is job:
                    del self._jobs[job.key]
            job.finish()

    async def _search(self, job: Job, instance: Instance) -> None:
        """Search one network after the other. Raises if none of them could be."""
        errors: list[AmutorrentError] = []
        networks: tuple[SearchType, ...] = ("global", "kad") if instance.has(Kad) else ("global",)
        for network in networks:
            if trio.current_time() >= job.deadline:
                job.whole = False
                break
            try:
                await self._follow(job, instance, network)
                job.answered = True
            except AmutorrentError as error:
                errors.append(error)
                if type(error) is not ClientFailed:  # it did not just refuse: what was found is not all
                    job.whole = False
                    if not isinstance(error, Broken):
                        break
        if not job.answered and errors:
            raise errors[0]

    async def _follow(self, job: Job, instance: Instance, network: SearchType) -> None:
        searched = Network(self._host.operations, instance.id, network, job.user)
        id = await searched.start(expression(job.key.wanted, kad=network == "kad"), job.in_time)
        self._began[instance.id] = trio.current_time()
        await searched.follow(id, lambda rows: job.take(network, rows))


def _is_stale(job: Job, cache_s: float) -> bool:
    if not job.done.is_set():
        return False
    return trio.current_time() - job.finished_at >= (cache_s if job.whole else min(cache_s, NOT_WHOLE_S))
