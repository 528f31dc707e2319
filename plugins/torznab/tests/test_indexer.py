"""Requests and their answers: searches shared, kept, delayed and cut off; what is new; what is refused."""

import pytest
import trio
from amutorrent_torznab.desk import MOST_JOBS
from amutorrent_torznab.feed import SAMPLE
from operations.ed2k import progress, row

import amutorrent as am
from amutorrent.settings.access import networks
from amutorrent.web import Proxies

FILM = row(3, "Film.720p.mkv")
RUNNING = [progress(FILM)]
WORD = "ubuntu"


def finds(rig, *rows):
    rig.script.answers["search_progress"] = progress(*rows, running=False)


async def together(*asks):
    """Make requests at the same time; gives the answers in order."""
    answers = [None] * len(asks)

    async def one(number, ask):
        answers[number] = await ask

    async with trio.open_nursery() as nursery:
        for number, ask in enumerate(asks):
            nursery.start_soon(one, number, ask)
    return answers


async def test_a_search_asks_the_servers_and_then_kad_and_gives_a_feed(rig, autojump_clock):
    finds(rig, row(1, "b.mkv"), row(9, "a.mkv"), row(9, "c.mkv"))
    answer = await rig.search("Some Film")
    assert rig.searched == [("some film", "global"), ("some film", "kad")]
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert answer.titles == ["a.mkv", "c.mkv", "b.mkv"]
    link = answer.xml.find("channel/{http://www.w3.org/2005/Atom}link")
    assert link.get("href") == "http://127.0.0.1:4000/indexer/amule/api"


async def test_links_respect_the_base_path(rig, autojump_clock):
    answer = await rig.ask(root="/torrents", t="search", apikey="not-to-be-seen")
    assert answer.xml.findtext("channel/link") == "http://127.0.0.1:4000/torrents/indexer/amule/api"
    assert b"not-to-be-seen" not in answer.body


async def test_links_respect_what_a_trusted_proxy_forwards_and_nobody_else(rig):
    headers = [(b"x-forwarded-prefix", b"/mules"), (b"x-forwarded-proto", b"https"), (b"x-forwarded-host", b"nas.lan")]
    answer = await rig.ask(t="search", headers=headers)
    assert answer.xml.findtext("channel/link") == "http://127.0.0.1:4000/indexer/amule/api"
    await rig.start(proxies=Proxies(networks(("127.0.0.1",))))
    answer = await rig.ask(t="search", headers=headers)
    assert answer.xml.findtext("channel/link") == "https://nas.lan/mules/indexer/amule/api"


async def test_rows_of_both_networks_are_merged_by_hash_and_name(rig, autojump_clock):
    rig.script.answers["search_progress"] = [
        progress(row(1, "a.mkv", source_count=2), row(2, "b.mkv"), running=False),
        progress(row(1, "a.mkv", source_count=7), row(1, "other.mkv"), running=False),
    ]
    assert (await rig.search()).titles == ["a.mkv", "b.mkv", "other.mkv"]


async def test_a_client_without_kad_is_searched_once(rig, autojump_clock):
    rig.script.reachable, rig.script.missing = False, frozenset({am.Kad})
    await trio.sleep(60)
    rig.script.reachable = True
    await trio.sleep(600)
    finds(rig, FILM)
    assert len((await rig.search()).items) == 1
    assert rig.searched == [(WORD, "global")]


async def test_every_instance_that_can_search_has_a_path(rig, autojump_clock):
    rig.scripts[1].answers["search_progress"] = progress(FILM, running=False)
    assert (await rig.ask("/indexer/ed2k-1/api", t="search", q=WORD)).titles == [FILM.file_name]
    assert not rig.searched
    rig.configure(instanceId="ed2k-1", searchDelaySeconds=0)
    assert (await rig.search()).titles == [FILM.file_name]
    assert not rig.searched


@pytest.mark.parametrize("path", ["/indexer/amule/api/api", "/indexer/amule/api/", "/indexer/amule/api/api/"])
async def test_trap_27_the_doubled_path_works(rig, path):
    assert (await rig.ask(path, t="caps")).xml.tag == "caps"


@pytest.mark.parametrize(
    "path", ["/indexer", "/indexer/", "/indexer/amule", "/indexer/api/api", "/indexer/amule/api/x", "/indexer/a/b/api"]
)
async def test_trap_5_an_unknown_path_is_an_error_and_no_redirect(rig, path):
    answer = await rig.ask(path, t="caps")
    assert answer.error == (404, 900)
    assert "location" not in answer.headers


async def test_what_is_refused_has_its_code(rig, autojump_clock):
    assert (await rig.ask()).error == (400, 200)
    assert (await rig.ask(t="details")).error == (400, 202)
    assert (await rig.search(cat="x")).error == (400, 201)
    assert (await rig.ask("/indexer/nonesuch/api", t="caps")).error == (404, 900)
    assert (await rig.ask(method="POST", t="caps")).error == (405, 900)
    assert not rig.searched


@pytest.mark.parametrize("q", ["$#*!", "and"])
async def test_a_title_without_a_word_is_found_nowhere(rig, q):
    assert (await rig.search(q)).items == []
    assert not rig.searched


async def test_trap_29_ids_alone_give_an_empty_feed_so_that_the_apps_ask_by_title(rig):
    assert (await rig.ask(t="tvsearch", tvdbid="5", season="1", ep="2")).items == []
    assert (await rig.ask(t="movie", imdbid="0133093")).items == []
    assert not rig.searched


async def test_trap_33_the_episode_stands_in_the_expression(rig, autojump_clock):
    await rig.ask(t="tvsearch", q="Show 2019", season="1", ep="5")
    assert rig.searched[0] == ("show AND (S01E05 OR 1x05 OR 05)", "global")


async def test_trap_28_the_feed_of_what_is_new_is_never_empty(rig):
    for asked in ({"t": "tvsearch", "cat": "5030,5040"}, {"t": "movie", "cat": "2000"}, {"t": "search"}, {"t": "book"}):
        answer = await rig.ask(**asked, extended="1", offset="0", limit="100")
        assert answer.titles == [SAMPLE.file_name]
        categories = {each.get("value") for each in answer.items[0].iter() if each.get("name") == "category"}
        assert {*filter(None, asked.get("cat", "").split(","))} <= categories
        assert (await rig.ask(**asked)).body == answer.body
        assert (await rig.ask(**asked, offset="100")).items == []


async def test_what_is_new_is_what_was_found_lately_for_whatever_category(rig, autojump_clock):
    finds(rig, FILM)
    await rig.search()
    finds(rig, FILM, row(4, "song.mp3"))
    first = await rig.search("songs")
    dates = {each.findtext("guid"): each.findtext("pubDate") for each in first.items}
    for path in ("/indexer/amule/api", "/indexer/ed2k-0/api"):
        answer = await rig.ask(path, t="movie", cat="2000")
        assert answer.titles == ["song.mp3", FILM.file_name]
        assert {each.findtext("guid"): each.findtext("pubDate") for each in answer.items} == dates
    assert (await rig.ask("/indexer/ed2k-1/api", t="movie")).titles == [SAMPLE.file_name]


async def test_dates_and_what_is_new_survive_a_restart(rig, autojump_clock):
    finds(rig, FILM)
    before = await rig.search()
    kept = rig.shelf.kept["first-seen", FILM.file_hash]
    rig.shelf.kept["first-seen", FILM.file_hash] = str(int(kept) - 1_000_000)
    await rig.start()
    assert (await rig.ask(t="search")).titles == [FILM.file_name]
    after = await rig.search()
    assert after.items[0].findtext("guid") == before.items[0].findtext("guid")
    assert after.items[0].findtext("pubDate") != before.items[0].findtext("pubDate")


async def test_a_database_that_cannot_be_used_costs_no_search(rig, autojump_clock):
    rig.shelf.broken = True
    finds(rig, FILM)
    assert (await rig.search()).titles == [FILM.file_name]
    assert not rig.shelf.kept
    rig.shelf.broken = False
    finds(rig, row(5, "later.mkv"))
    await rig.search("later")
    assert ("first-seen", FILM.file_hash) in rig.shelf.kept


async def test_trap_30_pages_come_from_one_search(rig, autojump_clock):
    finds(rig, *(row(number + 1, f"{number}.mkv") for number in range(250)))
    pages = [(await rig.search(offset=str(100 * page))).titles for page in range(4)]
    assert [len(each) for each in pages] == [100, 100, 50, 0]
    assert len({title for page in pages for title in page}) == 250
    assert len(rig.searched) == 2


async def test_two_who_ask_the_same_share_one_search(rig, autojump_clock):
    rig.script.answers["search_progress"] = [*RUNNING * 10, progress(FILM, running=False)]
    answers = await together(rig.search("Some Film"), rig.search("some.film"), rig.search("film some", cat="2000"))
    assert [each.titles for each in answers] == [[FILM.file_name]] * 3
    assert sorted(query for query, _ in rig.searched) == ["film some"] * 2 + ["some film"] * 2


async def test_what_was_found_is_kept_for_a_while(rig, autojump_clock):
    rig.configure(searchDelaySeconds=0, cacheSeconds=100)
    finds(rig, FILM)
    for wait_s, searches in ((0, 2), (90, 2), (20, 4)):
        await trio.sleep(wait_s)
        await rig.search()
        assert len(rig.searched) == searches
    rig.configure(searchDelaySeconds=0, cacheSeconds=0)
    await rig.search()
    assert len(rig.searched) == 6


async def test_no_more_is_kept_than_fits(rig, autojump_clock):
    for number in range(MOST_JOBS + 2):
        await rig.search(f"film{number}")
    await rig.search("film0")
    assert len(rig.searched) == 2 * (MOST_JOBS + 3)
    await rig.search(f"film{MOST_JOBS + 1}")
    assert len(rig.searched) == 2 * (MOST_JOBS + 3)


async def test_who_comes_when_too_many_wait_already_is_told_to_come_later(rig, autojump_clock):
    rig.configure(searchDelaySeconds=0, deadlineSeconds=5)
    rig.script.answers["search_progress"] = RUNNING
    asks = [rig.search(f"film{number}") for number in range(MOST_JOBS)]

    async def one_more():
        await trio.sleep(1)
        answer = await rig.search("one more")
        assert answer.error == (429, 429)
        assert answer.headers["retry-after"] == "5"
        assert (await rig.search("film1")).status in (200, 503), "who joins one that waits is not too many"

    *answers, _ = await together(*asks, one_more())
    assert sorted(each.status for each in answers) == [200] + [503] * (MOST_JOBS - 1)


async def test_between_two_searches_there_is_the_delay(rig, autojump_clock):
    rig.configure(searchDelaySeconds=10)
    began = trio.current_time()
    await together(rig.search("one"), rig.search("two"), rig.search("three"))
    assert 20 <= trio.current_time() - began < 35


async def test_trap_31_at_the_deadline_there_is_what_was_found_so_far(rig, autojump_clock):
    rig.configure(searchDelaySeconds=0, deadlineSeconds=5)
    rig.script.answers["search_progress"] = RUNNING
    began = trio.current_time()
    assert (await rig.search()).titles == [FILM.file_name]
    assert trio.current_time() - began == pytest.approx(5)
    finds(rig, FILM, row(5, "Film.2.mkv"))
    await trio.sleep(5)
    assert len((await rig.search()).items) == 2
    assert rig.searched == [(WORD, "global")], "the search went on, and Kad was not begun when nobody waited any more"
    await trio.sleep(61)
    await rig.search()
    assert len(rig.searched) == 3, "what is not whole is not kept for long"


async def test_nothing_by_the_deadline_is_an_error_and_no_empty_feed(rig, autojump_clock):
    rig.configure(searchDelaySeconds=0, deadlineSeconds=5)
    rig.script.answers["start_search"] = "for ever"
    began = trio.current_time()
    assert (await rig.search()).error == (503, 900)
    assert trio.current_time() - began == pytest.approx(5)


async def test_a_network_that_has_nothing_is_an_empty_feed(rig, autojump_clock):
    finds(rig)
    assert (await rig.search()).items == []


async def test_a_client_that_is_away_is_an_error_at_once(rig, autojump_clock):
    for each in rig.scripts.values():
        each.reachable = False
    await trio.sleep(120)
    began = trio.current_time()
    for path in ("/indexer/amule/api", "/indexer/ed2k-0/api"):
        assert (await rig.ask(path, t="search", q=WORD)).error == (503, 900)
    assert trio.current_time() == began
    assert (await rig.ask(t="search")).titles == [SAMPLE.file_name]
    assert (await rig.ask(t="caps")).xml.tag == "caps"


async def test_trap_40_capabilities_that_are_kept_for_a_week_stay_right(rig, autojump_clock):
    before = [(await rig.ask(path, t="caps")).body for path in ("/indexer/amule/api", "/indexer/ed2k-1/api")]
    for each in rig.scripts.values():
        each.reachable = False
    await trio.sleep(120)
    rig.configure(instanceId="ed2k-1", cacheSeconds=5)
    after = [(await rig.ask(path, t="caps")).body for path in ("/indexer/amule/api", "/indexer/ed2k-1/api")]
    assert before == after
    assert len({*after}) == 1


async def test_trap_42_the_link_is_the_magnet_itself_and_no_redirect(rig, autojump_clock):
    finds(rig, FILM)
    (item,) = (await rig.search()).items
    links = {item.findtext("link"), item.find("enclosure").get("url")}
    assert [each.partition("?")[0] for each in links] == ["magnet:"]


async def test_networks_that_are_down_are_an_error_at_once_and_not_kept(rig, autojump_clock):
    rig.configure(searchDelaySeconds=60)
    rig.script.answers["start_search"] = am.ClientFailed("It is not connected to a server")
    began = trio.current_time()
    for _ in range(2):
        answer = await rig.search()
        assert answer.error == (503, 900)
        assert "not connected to a server" in answer.xml.get("description")
    assert trio.current_time() == began
    del rig.script.answers["start_search"]
    finds(rig, FILM)
    assert len((await rig.search()).items) == 1


async def test_the_lock_is_shared_with_people(rig, autojump_clock):
    rig.script.answers["search_progress"] = RUNNING
    admin = am.User(id=1, name="ann", is_admin=True, permissions=frozenset())
    await rig.operations.call("search", {"query": "theirs", "wait": False, "instanceId": "ed2k-0"}, admin)

    async def end_theirs():
        await trio.sleep(20)
        finds(rig, FILM)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(end_theirs)
        answer = await rig.search()
    assert answer.titles == [FILM.file_name]
    assert [query for query, _ in rig.searched] == ["theirs", WORD, WORD]


async def test_a_lock_that_is_not_let_go_is_an_error_at_the_deadline(rig, autojump_clock):
    rig.configure(searchDelaySeconds=0, deadlineSeconds=5)
    rig.script.answers["search_progress"] = RUNNING
    admin = am.User(id=1, name="ann", is_admin=True, permissions=frozenset())
    await rig.operations.call("search", {"query": "theirs", "wait": False, "instanceId": "ed2k-0"}, admin)
    assert (await rig.search()).error == (503, 900)
    assert rig.searched == [("theirs", "global")]


async def test_a_search_that_somebody_cancels_gives_what_it_had(rig, autojump_clock):
    rig.script.answers["search_progress"] = RUNNING
    admin = am.User(id=None, name="", is_admin=True, permissions=frozenset())

    async def cancel():
        for _ in range(2):
            await trio.sleep(3)
            await rig.operations.call("cancelSearch", {"instanceId": "ed2k-0"}, admin)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(cancel)
        assert (await rig.search()).titles == [FILM.file_name]


async def test_wrong_settings_are_an_error_that_names_them(rig):
    rig.configure(deadlineSeconds=1)
    answer = await rig.search()
    assert answer.error == (500, 900)
    assert "deadlineSeconds" in answer.xml.get("description")
