"""Contract: what ED2K clients can do beside moving files."""

import pytest
import trio

from ...capabilities import FileRatingComment, Search, ServerInfo, Servers, StatsNode, StatsTree
from ...errors import AmutorrentError, ClientFailed, Conflict, NotFound
from ...model import Item
from ..session import LOOK_AGAIN_S, WITHIN_S, Session
from .supplies import UNKNOWN, Supplies


class Ed2kTests(Supplies):
    """Rating, servers, search and reports, with or without a network behind the client."""

    @pytest.mark.parametrize("comment", ["Gute Qualität, nice", "", "two\nlines & <b> | ☃"])
    async def test_rating_and_comment(self, session: Session, whole: Item, comment: str) -> None:
        """Both are shown as they were set, and others have said nothing."""
        part = session.part(FileRatingComment)
        await part.set_rating_comment(whole.hash, 4, comment)
        await session.until(lambda: (item := session.items[whole.hash]).rating == 4 and item.comment == comment)
        await part.set_rating_comment(whole.hash, 0, "")
        await session.until(lambda: (item := session.items[whole.hash]).rating == 0 and item.comment == "")
        assert list(await part.comments(whole.hash)) == []

    async def test_rating_of_an_unknown_hash(self, session: Session) -> None:
        """Not found."""
        part = session.part(FileRatingComment)
        with pytest.raises(NotFound):
            await part.set_rating_comment(UNKNOWN, 4, "words")
        with pytest.raises(NotFound):
            await part.comments(UNKNOWN)

    async def test_servers_are_added_and_removed(self, session: Session) -> None:
        """Once; removing one that is not there is declined."""
        part, ip, port = session.part(Servers), "10.11.12.13", 4661
        await part.remove_server(ip, port)
        assert await part.add_server(ip, port, "contract")
        found = {(each.ip, each.port): each for each in await part.servers()}
        assert found[ip, port].name == "contract"
        assert found[ip, port].address == f"{ip}:{port}"
        assert not found[ip, port].connected
        with pytest.raises(Conflict):
            await part.add_server(ip, port, "again")
        assert await part.remove_server(ip, port)
        assert not await part.remove_server(ip, port)
        assert (ip, port) not in {(each.ip, each.port) for each in await part.servers()}

    async def test_a_search_ends_or_is_refused_with_words(self, session: Session) -> None:
        """A client without a network says so; one with a network comes to an end, and can be stopped."""
        part = session.part(Search)
        for kind in ("local", "global", "kad"):
            try:
                await part.start_search("contract", kind)
            except ClientFailed as error:
                assert error.message  # noqa: PT017  (it need not be refused)
                continue
            await part.stop_search()
            with trio.fail_after(WITHIN_S):
                while (await part.search_progress()).running:  # noqa: ASYNC110  (nobody tells when)
                    await trio.sleep(LOOK_AGAIN_S)

    async def test_statistics_are_a_tree_of_filled_labels(self, session: Session) -> None:
        """Every place of a template has its value in the label."""
        nodes = list(await session.part(StatsTree).stats_tree())
        assert nodes
        while nodes:
            node: StatsNode = nodes.pop()
            assert node.label
            assert all(value in node.label for value in node.values)
            nodes += node.children

    async def test_what_the_server_says_is_lines(self, session: Session) -> None:
        """Lines of text, none of them broken; there need not be any."""
        assert not [line for line in await session.part(ServerInfo).server_info() if "\n" in line]

    async def test_nonsense_of_an_address_is_an_error_of_ours(self, session: Session) -> None:
        """And harms nothing."""
        part = session.part(Servers)
        for address in ("no address", "", "300.1.1.1"):
            with pytest.raises(AmutorrentError):
                await part.remove_server(address, 4661)
        await session.poll()
