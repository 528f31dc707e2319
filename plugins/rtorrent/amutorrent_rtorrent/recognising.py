"""Recognising rTorrent: it tells its version to whoever reaches it."""

import trio

from amutorrent import AmutorrentError, Place

from .calls import Codec, call
from .jsonrpc import JsonRpc
from .settings import RTorrentSettings
from .transport import Http, Scgi, Transport, http_client
from .xmlrpc import XmlRpc

LONGEST = 40


async def recognise(place: Place) -> str | None:
    """Give the version of the rTorrent there, on its SCGI port or behind a web server that asks for no password."""
    settings = RTorrentSettings.model_validate({"host": place.host, "port": place.port, **place.settings})
    if settings.mode != "http":
        return await _version(Scgi(settings))
    # in a thread: the library imports half of itself when its first client is made
    async with await trio.to_thread.run_sync(http_client, settings) as http:
        return await _version(Http(settings.where, http))


async def _version(transport: Transport) -> str | None:
    return await _greet(transport, JsonRpc()) or await _greet(transport, XmlRpc())


async def _greet(transport: Transport, codec: Codec) -> str | None:
    asked = [call("system.client_version")]
    try:
        body = await transport.exchange(codec.encode(asked), codec.content_type)
        (version,) = codec.decode(body, asked)
    except AmutorrentError:
        return None
    return version if isinstance(version, str) and 0 < len(version) <= LONGEST else None
