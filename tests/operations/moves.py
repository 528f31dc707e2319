"""What tests of moves share: files on a real disk, the rows that are written of a move, and its end."""

import trio
import trio.testing

A, B, C = "a" * 40, "b" * 40, "c" * 40
BYTES = b"12345678"


class Rows:
    """A shelf in memory, which outlives the moves; `problem` is what it raises."""

    def __init__(self, *rows):
        self.rows = list(rows)
        self.problem = None
        self.phases = []

    async def load(self):
        self._check()
        return list(self.rows)

    async def add(self, row):
        self._check()
        self.rows.append(row)

    async def put(self, row):
        self._check()
        self.phases.append(row.phase)
        self.rows = [row if each.hash == row.hash else each for each in self.rows]

    async def drop(self, row):
        self._check()
        self.rows = [each for each in self.rows if each.hash != row.hash]

    async def wait_well(self):
        await until(lambda: not self.problem)

    def _check(self):
        if self.problem:
            raise self.problem


def file(path, content=BYTES):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def files(folder):
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


async def move(rig, *hashes, to, **more):
    return await rig.call("batchMoveFiles", items=[{"fileHash": hash} for hash in hashes], destPath=str(to), **more)


async def until(condition):
    with trio.fail_after(20):
        while not condition():  # noqa: ASYNC110  (what is waited for is seen from outside)
            await trio.sleep(0.01)


async def ended(rig, count=1):
    await until(lambda: len(rig.heard) == count and not rig.rows.rows)
    await trio.testing.wait_all_tasks_blocked()


def shown(rig, hash=A):
    return rig.catalogue.get(rig.type, hash).item
