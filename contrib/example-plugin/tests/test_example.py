import logging

from amutorrent_example import Example

from amutorrent import Item, Services


async def story(nursery) -> list[Item]:
    services = Services("example-demo", logging.LoggerAdapter(logging.getLogger("test")), nursery, None)
    async with Example.open(Example.Settings(), services) as client:
        await client.poll()
        await client.fast_forward(10)
        return list((await client.poll()).items)


async def test_the_same_settings_tell_the_same_story(nursery) -> None:
    assert [item.progress for item in await story(nursery)][:3] == [16.29, 54.53, 73.78]
    assert await story(nursery) == await story(nursery)
