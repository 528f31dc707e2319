"""One open rTorrent, as all parts of the client share it."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence

import trio

from amutorrent import AmutorrentError, Conflict, NotFound, Outcome, ProtocolError, Services, Unreachable

from .calls import Answer, Call, Codec, Fault, Value, call
from .jsonrpc import JsonRpc
from .methods import NEEDS, OPTIONAL, TABLE
from .rows import COMMANDS, Fields, Row, method_of
from .transport import Transport
from .xmlrpc import XmlRpc

PER_REQUEST = 250
"""Calls that travel together."""
CHECKED_WITHIN_S = 20.0
ASK_AGAIN_S = 0.2
INLINE = 16 << 10
"""Answers of so many bytes are read on the spot; a worker thread would cost more."""
LARGEST_REQUEST = 2 << 20
"""Bytes: 0.9.8 hangs up on larger ones, whatever its limit says."""
UNKNOWN = "0" * 40
Step = Callable[[str], Call]
"""Makes the call for a torrent, named by its hash."""
REFUSED_AS_JSON = frozenset({-32700, -32600, -32602})


class Daemon:
    """The transport, the encoding, the methods that are there, and the calls that several parts make."""

    def __init__(self, transport: Transport, services: Services) -> None:
        self.transport = transport
        self.services = services
        self.version = ""
        self.methods: frozenset[str] = frozenset()
        self.fields = Fields(frozenset(map(method_of, COMMANDS)) | {TABLE[0]})
        self.codec: Codec = XmlRpc()
        self.largest_request = LARGEST_REQUEST

    async def hello(self) -> None:
        """Find out who answers, in which encoding, and which methods it has."""
        try:
            self.version = await self._greet(JsonRpc())
        except (Fault, ProtocolError, Unreachable):
            self.version = await self._greet(XmlRpc())
        self.methods = await self._probe()
        self.fields = Fields(self.methods)
        await self._widen()

    async def _widen(self) -> None:
        """Let it take requests as large as it can: by itself it refuses those above 512 KiB, as large torrents need."""
        limit = "network.xmlrpc.size_limit"
        (now,) = await self.many([call(limit, "")])
        if isinstance(now, int) and now < LARGEST_REQUEST:
            _, now = await self.many([call(f"{limit}.set", "", LARGEST_REQUEST), call(limit, "")])
        if isinstance(now, int):
            self.largest_request = min(now, LARGEST_REQUEST)

    async def _greet(self, codec: Codec) -> str:
        self.codec = codec
        version = await self.call("system.client_version")
        if not isinstance(version, str) or not version or len(version) > 40:
            raise ProtocolError(f"{self.transport.where} answers, but not as rTorrent: check the address")
        return version

    async def _probe(self) -> frozenset[str]:
        """Ask for each method that we use whether it is there: called on no torrent, it does nothing but say so."""
        wanted = {*map(method_of, COMMANDS), *OPTIONAL, *TABLE}.union(*NEEDS.values())
        try:
            wanted &= set(await self.call("system.listMethods"))
        except Fault as fault:
            if not fault.not_defined:
                raise
        calls = [call(method, UNKNOWN) for method in sorted(wanted)]
        answers = await self.many(calls)
        return frozenset(each.method for each, answer in zip(calls, answers, strict=True) if not _undefined(answer))

    async def many(self, calls: Sequence[Call]) -> list[Answer]:
        """Make these calls in as few requests as may be. A fault of one of them is its answer."""
        answers: list[Answer] = []
        for start in range(0, len(calls), PER_REQUEST):
            answers += await self._together(calls[start : start + PER_REQUEST])
        return answers

    async def _together(self, calls: Sequence[Call]) -> list[Answer]:
        try:
            return await self._exchange(calls)
        except Fault as fault:
            if len(calls) == 1:
                return [fault]
            if not fault.not_defined:
                raise
        # it has no system.multicall, or somebody on the way lets no such request through
        return [answer for each in calls for answer in await self._together([each])]

    async def _exchange(self, calls: Sequence[Call]) -> list[Answer]:
        codec = self.codec
        body = await self.transport.exchange(codec.encode(calls), codec.content_type)
        try:
            if len(body) <= INLINE:
                return codec.decode(body, calls)
            return await self.services.run_sync(codec.decode, body, calls)
        except Fault as fault:
            if fault.number not in REFUSED_AS_JSON or isinstance(codec, XmlRpc):
                raise
        self.codec = XmlRpc()  # some builds refuse large requests in JSON; they have done nothing
        return await self._exchange(calls)

    def row(self, row: bytes) -> Row:
        """Read one row of the table of torrents. Raises `ProtocolError`."""
        return self.fields.read(self.codec.row(row))

    async def call(self, method: str, *params: str | int | bytes) -> Value:
        """Make one call. Raises `Fault`."""
        (answer,) = await self.many([call(method, *params)])
        if isinstance(answer, Fault):
            raise answer
        return answer

    async def ask(self, hash: str, *calls: Call) -> list[Value]:
        """Ask several things of one item. Raises `NotFound` where the daemon does not have it, or `Fault`."""
        answers = await self.many(calls)
        for answer in answers:
            if isinstance(answer, Fault):
                raise error_of(answer, hash)
        return answers

    async def act(self, hashes: Iterable[str], *steps: Step) -> Outcome:
        """Do the same to each of these items, and answer for each."""
        return await self.act_each(dict.fromkeys(hashes, steps))

    async def act_each(self, steps: Mapping[str, Sequence[Step]]) -> Outcome:
        """Do to each of these items what is listed for it, and answer for each."""
        answers = iter(await self.many([step(hash.upper()) for hash, those in steps.items() for step in those]))
        return {hash: first_error([next(answers) for _ in those], hash) for hash, those in steps.items()}

    async def fields_of(self, hashes: Collection[str], *methods: str) -> dict[str, list[Value] | AmutorrentError]:
        """Read the same fields of each of these items."""
        unique = list(dict.fromkeys(hashes))
        answers = await self.many([call(method, hash.upper()) for hash in unique for method in methods])
        groups = grouped(answers, len(methods))
        return {hash: first_error(group, hash) or list(group) for hash, group in zip(unique, groups, strict=True)}

    async def present(self, hashes: Collection[str]) -> set[str]:
        """Ask which of these items are there now."""
        found = await self.fields_of(hashes, "d.hash")
        return {hash for hash, values in found.items() if isinstance(values, list)}

    async def when_checked(self, hashes: Iterable[str], work: Callable[[list[str]], Awaitable[Outcome]]) -> Outcome:
        """Do to these items what must not be done while their data is being checked; wait until no check runs.

        0.9.8 hangs for good when an item that is being checked is paused, stopped, closed or erased.
        """
        waited = await self._checks_end(hashes)
        free = [hash for hash, error in waited.items() if error is None]
        return {**waited, **await work(free)} if free else waited

    async def _checks_end(self, hashes: Iterable[str]) -> Outcome:
        left, outcome = list(dict.fromkeys(hashes)), dict[str, AmutorrentError | None]()
        end = trio.current_time() + CHECKED_WITHIN_S
        while left:
            for hash, found in (await self.fields_of(left, "d.hashing")).items():
                outcome[hash] = (
                    found if isinstance(found, AmutorrentError) else being_checked(hash) if found[0] else None
                )
            left = [hash for hash in left if isinstance(outcome[hash], Conflict)]
            if trio.current_time() >= end:
                break
            if left:
                await trio.sleep(ASK_AGAIN_S)
        return outcome


def being_checked(hash: str) -> Conflict:
    """Say that it has to wait for its check."""
    return Conflict(
        f"The data of {hash} is being checked, and until that is over rTorrent can neither hold nor remove it"
    )


def grouped(answers: Sequence[Answer], size: int) -> Iterator[Sequence[Answer]]:
    """Cut answers into groups of so many."""
    return (answers[start : start + size] for start in range(0, len(answers), size))


def first_error(answers: Sequence[Answer], hash: str) -> AmutorrentError | None:
    """Give the error of the first call of an item that failed."""
    return next((error_of(answer, hash) for answer in answers if isinstance(answer, Fault)), None)


def error_of(fault: Fault, hash: str) -> AmutorrentError:
    """Say that there is no such item, where that is what a fault means."""
    return not_found(hash) if fault.no_such_item else fault


def not_found(hash: str) -> NotFound:
    """Say that there is no such item."""
    return NotFound(f"rTorrent does not have {hash}", code="item_not_found")


def _undefined(answer: Answer) -> bool:
    return isinstance(answer, Fault) and answer.not_defined
