"""Add ED2K links: files, and servers or lists of them. Source: http-api 7, websocket 4."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from ..capabilities import AddEd2kLink, Outcome, Servers
from ..errors import AmutorrentError, ClientFailed, Forbidden
from ..instances import Instance
from ..links import Ed2kLink, Ed2kServerLink, Ed2kServerListLink
from ..model import camel
from .adding import LinkResult, add_options, link_result
from .addresses import checked_host, checked_url
from .batch import UNANSWERED
from .call import Call
from .declare import operation
from .owning import owned
from .requests import InstanceChoice, category_by_id, require
from .servers import NEEDS as SERVERS_NEED
from .servers import tell_servers

ServerLink = Ed2kServerLink | Ed2kServerListLink
Parsed = Ed2kLink | ServerLink | AmutorrentError
Done = Mapping[ServerLink, AmutorrentError | None]


class Ed2kLinksRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """1-1000 links: files, magnets with an ED2K hash, and (with `view_servers`) servers and lists of servers."""

    links: Annotated[list[str], Meta(min_length=1, max_length=1000)]
    category_name: str | None = None
    paused: bool = False


class Ed2kAdded(Struct, frozen=True, kw_only=True, rename=camel, tag="ed2k-added"):
    """What became of each link."""

    results: list[LinkResult]
    instance_id: str


@operation("addEd2kLinks", http="POST /api/v1/downloads/ed2k", needs="add_downloads", socket=False)
async def add_links(request: Ed2kLinksRequest, call: Call) -> Ed2kAdded:
    """Add ED2K links. A bad or refused link is a failed result."""
    instance = call.instances.choose(request.instance_id, AddEd2kLink)
    options = await add_options(call, instance, request.category_name, paused=request.paused)
    parsed = [_parse(link) for link in request.links]
    files = {each.hash: each for each in parsed if isinstance(each, Ed2kLink)}
    outcome: Outcome = {}
    if files:
        async with owned(call, instance, files) as claim:
            claim.outcome = outcome = await instance.call(
                AddEd2kLink, lambda client: client.add_ed2k_links(list(files.values()), options)
            )
        instance.poke()
    done = await _use(dict.fromkeys(each for each in parsed if isinstance(each, ServerLink)), instance, call)
    return Ed2kAdded(
        results=[_result(link, each, outcome, done) for link, each in zip(request.links, parsed, strict=True)],
        instance_id=instance.id,
    )


class Ed2kLinkRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """One link, and the integer id of a category (0 = `Default`)."""

    link: str
    category_id: int = 0


@operation("addEd2kLink", needs="add_downloads", changes=True)
async def add_link(request: Ed2kLinkRequest, call: Call) -> Ed2kAdded:
    """Add one ED2K link."""
    category = category_by_id(call, request.category_id)
    links = Ed2kLinksRequest(links=[request.link], instance_id=request.instance_id, category_name=category.name)
    return await add_links(links, call)


def _parse(link: str) -> Parsed:
    start = link.strip()[:20].lower()
    try:
        if start.startswith("ed2k://|serverlist|"):
            found = Ed2kServerListLink.parse(link)
            checked_url(found.url, "links")
            return found
        if start.startswith("ed2k://|server|"):
            server = Ed2kServerLink.parse(link)
            checked_host(server.ip, "links")
            return server
        return Ed2kLink.parse(link)
    except AmutorrentError as error:
        return error


async def _use(links: Mapping[ServerLink, None], instance: Instance, call: Call) -> Done:
    done: dict[ServerLink, AmutorrentError | None] = {}
    for link in links:
        try:
            await _use_one(link, instance, call)
            done[link] = None
        except AmutorrentError as error:
            done[link] = error
    if None in done.values():
        await tell_servers(instance, call)
    return done


async def _use_one(link: ServerLink, instance: Instance, call: Call) -> None:
    if not call.user.may(SERVERS_NEED):
        raise Forbidden(f"This needs the permission {SERVERS_NEED}", details={"permission": SERVERS_NEED})
    require(instance, Servers)
    if isinstance(link, Ed2kServerLink):
        accepted = await instance.call(Servers, lambda client: client.add_server(link.ip, link.port, ""))
    else:
        accepted = await instance.call(Servers, lambda client: client.update_servers(link.url))
    if not accepted:
        raise ClientFailed("The client declined")


def _result(link: str, parsed: Parsed, outcome: Outcome, done: Done) -> LinkResult:
    if isinstance(parsed, AmutorrentError):
        return link_result(link, parsed)
    if isinstance(parsed, Ed2kLink):
        return link_result(link, outcome.get(parsed.hash, UNANSWERED), parsed.hash)
    return link_result(link, done[parsed])
