"""A move that the client makes by itself is followed until the client says how it ended."""

from msgspec.structs import replace
from operations.holders import ITEMS, item
from operations.moves import A, Rows, ended, move, shown


async def polled(rig):
    rig.instances.poke([rig.type])
    await rig.instances.get(rig.type).wait_polled()


async def test_a_native_move_ends_when_the_client_says_so(start, tmp_path):
    async with start("slow", item(A, "/old/x", directory="/old")) as rig:
        reply = await move(rig, A, to="/new")
        assert reply.results[0].success
        assert [row.phase for row in rig.rows.rows] == ["native"]
        ITEMS[0][0] = replace(ITEMS[0][0], status="moving")
        for _ in range(12):
            await polled(rig)
        assert (shown(rig).status, shown(rig).move_status, rig.heard) == ("moving", "moving", [])
        ITEMS[0][0] = replace(ITEMS[0][0], status="seeding", path="/new/x", directory="/new")
        await ended(rig)
        assert rig.heard[0].message(None).message == "aaaa is now in /new"
        assert [event.facts["source_path"] for event in rig.told] == ["/old/x"]
        assert (shown(rig).status, shown(rig).move_status) == ("seeding", None)
        assert (await move(rig, A, to="/new/")).results[0].skipped


async def test_a_native_move_that_the_client_gives_up(start, tmp_path):
    async with start("slow", item(A, "/old/x", directory="/old")) as rig:
        await move(rig, A, to="/new")
        ITEMS[0][0] = replace(ITEMS[0][0], status="moving")
        await polled(rig)
        ITEMS[0][0] = replace(ITEMS[0][0], status="error", message="No space left")
        await ended(rig)
        assert "No space left" in rig.heard[0].message(None).message
        assert (shown(rig).status, rig.told) == ("error", [])


async def test_a_native_move_of_an_item_that_goes(start, tmp_path):
    async with start("slow", item(A, "/old/x", directory="/old")) as rig:
        await move(rig, A, to="/new")
        ITEMS[0].clear()
        await ended(rig)
        assert "The item is gone" in rig.heard[0].message(None).message


async def test_a_native_move_is_followed_after_a_restart(start, tmp_path):
    rows = Rows()
    held = item(A, "/old/x", directory="/old", status="moving")
    async with start("slow", held, rows=rows) as rig:
        await move(rig, A, to="/new")
    async with start("slow", replace(held, status="seeding", path="/new/x", directory="/new"), rows=rows) as rig:
        await ended(rig)
        assert len(rig.told) == 1
