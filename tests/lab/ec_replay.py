"""Answers of an amuled 2.3.3, replayed and multiplied: for scale, not for behaviour."""

import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from amutorrent_amule.codec import ALWAYS, HEADER, UTF8_NUMBERS, ZLIB, Packet, decode, encode, read_header
from amutorrent_amule.codes import Op, T
from amutorrent_amule.tags import Tag, hash16, text, uint

CAPTURES = Path(__file__).parents[2] / "plugins" / "amule" / "tests" / "data"
FIRST_ECID = 100

Answer = Callable[[int], bytes]
"""number of the request of that kind on this connection -> the bytes of its answer"""


def capture(name: str) -> bytes:
    """Read a captured answer."""
    return (CAPTURES / f"{name}-amuled-2.3.3.bin").read_bytes()


def shared_files(count: int) -> Iterator[Tag]:
    """Multiply a shared file of the captured first answer."""
    packet = decode(capture("update_midtransfer_a_uploader"))
    model = next(tag for tag in packet.tags if tag.name == T.KNOWNFILE)
    for number in range(count):
        name, digest = f"Some.Show.S{number % 30:02d}E{number % 24:02d}.1080p.x264-GROUP{number}.mkv", f"{number:032x}"
        changed = {
            T.PARTFILE_NAME: text(T.PARTFILE_NAME, name),
            T.PARTFILE_HASH: hash16(T.PARTFILE_HASH, digest),
            T.PARTFILE_SIZE_FULL: uint(T.PARTFILE_SIZE_FULL, 700_000_000 + number),
            T.PARTFILE_ED2K_LINK: text(T.PARTFILE_ED2K_LINK, f"ed2k://|file|{name}|{700_000_000 + number}|{digest}|/"),
        }
        children = tuple(changed.get(child.name, child) for child in model.children)
        yield uint(T.KNOWNFILE, FIRST_ECID + number, *children)


def update(tags: list[Tag], flags: int = ALWAYS) -> bytes:
    """Write an answer to GET_UPDATE."""
    return encode(Packet(Op.SHARED_FILES, tuple(tags)), flags)


def steady(count: int, round: int, changing: int) -> bytes:
    """Write a later answer: all files are alive, and of `changing` of them the counters stand elsewhere every round."""
    chosen = range(0, count, count // changing) if changing else range(0)
    moved = uint(T.KNOWNFILE_XFERRED, 1000 + round), uint(T.KNOWNFILE_XFERRED_ALL, 5000 + round)
    return update(
        [uint(T.KNOWNFILE, FIRST_ECID + number, *(moved if number in chosen else ())) for number in range(count)]
    )


def answers(count: int, changing: int = 0, rounds: int = 1) -> dict[int, Answer]:
    """Make all answers beforehand: making them must not hold the interpreter while something is measured.

    The later answers come in `rounds`, one after the other and again from the first.
    """
    updates = [update(list(shared_files(count))), *(steady(count, round, changing) for round in range(1, rounds + 1))]
    fixed = {
        Op.AUTH_REQ: capture("auth_salt"),
        Op.AUTH_PASSWD: capture("auth_ok"),
        Op.STAT_REQ: capture("stats_cmd_plain_flags20"),
        Op.GET_STATSTREE: capture("statstree_cap"),
        Op.GET_PREFERENCES: capture("prefs_categories"),
    }
    replay: dict[int, Answer] = {op: (lambda _, data=data: data) for op, data in fixed.items()}
    replay[Op.GET_UPDATE] = lambda number: updates[1 + (number - 1) % rounds if number else 0]
    return replay


CAPTURED = [
    "update_midtransfer_fresh_conn", "update_first", "update_midtransfer_a_uploader", "update_delta_midtransfer",
    "stats_cmd_lowid", "statstree_cap", "prefs_categories", "prefs_dirs", "search_results_full", "server_list_full",
    "log", "err_hash", "auth_ok", "dload_queue_full", "uload_queue_inc",
]  # fmt: skip


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Spoil an answer: bytes changed, cut, of another kind, or whole and out of place; sometimes not at all."""
    kind = rng.randrange(7)
    if kind == 0:
        return data
    if kind == 1:
        return data[: rng.randrange(len(data))]
    if kind == 2:
        return rng.randbytes(rng.randrange(1, 400))
    if kind == 3:
        return capture(rng.choice(CAPTURED))
    if kind == 4:
        length = rng.randrange(2, 300)
        flags = ALWAYS | rng.choice([0, ZLIB, UTF8_NUMBERS])
        return flags.to_bytes(4, "big") + length.to_bytes(4, "big") + rng.randbytes(length)
    packet = encode(decode(data), ALWAYS)  # the wrong bytes lie in the tags, not in what is packed
    spoilt = bytearray(packet)
    for _ in range(rng.randrange(1, 8)):
        spoilt[rng.randrange(8, len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def hostile_answers(rng: random.Random) -> dict[int, Answer]:
    """Make the answers of a server, of which those to a login are right."""
    replay = answers(3)
    updates = [capture(each) for each in CAPTURED[:4]]
    replay[Op.GET_UPDATE] = lambda number: mutated(rng, updates[number % len(updates)])
    for op, name in (
        (Op.STAT_REQ, "stats_cmd_lowid"), (Op.GET_STATSTREE, "statstree_cap"), (Op.GET_LOG, "log"),
        (Op.GET_PREFERENCES, "prefs_categories"), (Op.GET_SERVERINFO, "serverinfo"),
        (Op.SEARCH_RESULTS, "search_results_full"), (Op.GET_SERVER_LIST, "server_list_full"),
        (Op.SEARCH_PROGRESS, "search_progress"),
    ):  # fmt: skip
        replay[op] = spoiling(rng, capture(name))
    return replay


def spoiling(rng: random.Random, data: bytes) -> Answer:
    """Answer with these bytes, spoilt anew each time."""
    return lambda _: mutated(rng, data)


def serve(listener: socket.socket, replay: dict[int, Answer]) -> None:
    """Answer every connection until the listener is closed."""
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_converse, args=(connection, replay), daemon=True).start()


def _converse(connection: socket.socket, replay: dict[int, Answer]) -> None:
    asked: dict[int, int] = {}
    with suppress(OSError, struct.error), connection, connection.makefile("rb") as stream:
        while header := stream.read(HEADER):
            opcode = stream.read(read_header(header)[1])[0]
            number = asked[opcode] = asked.get(opcode, -1) + 1
            answer = replay[opcode](number) if opcode in replay else encode(Packet(Op.NOOP))
            connection.sendall(answer)
            if len(answer) - HEADER != int.from_bytes(answer[4:HEADER], "big"):
                return  # what is cut off is followed by the end


@contextmanager
def replaying() -> Iterator[Callable[[dict[int, Answer]], int]]:
    """Lend a function: answers -> port of a server that replays them."""
    listeners: list[socket.socket] = []

    def port_of(replay: dict[int, Answer]) -> int:
        listeners.append(socket.create_server(("127.0.0.1", 0)))
        threading.Thread(target=serve, args=(listeners[-1], replay), daemon=True).start()
        port: int = listeners[-1].getsockname()[1]
        return port

    try:
        yield port_of
    finally:
        for listener in listeners:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the one who waits in it
            listener.close()
