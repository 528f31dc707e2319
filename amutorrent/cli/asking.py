"""One question to a running daemon over HTTP."""

import json
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

from ..errors import ClientFailed, Forbidden, InvalidRequest, NotAuthenticated, NotFound, Unreachable

ANSWER_S = 60.0
LONGEST_ANSWER = 256 << 20


def ask(url: str, path: str, query: dict[str, str], api_key: str | None) -> Any:  # Any: JSON
    """Read `path` of the daemon at a URL. Blocks.

    Raises `InvalidRequest` for what is no URL, or what the daemon does not take; `Unreachable` if nothing answers,
    `NotAuthenticated` and `Forbidden` if it wants (other) credentials, `NotFound` if it has no such path.
    """
    from http.client import HTTPException  # late: only the commands that ask need it
    from urllib.error import HTTPError, URLError
    from urllib.request import ProxyHandler, Request, build_opener

    address = f"{_base(url)}{path}{'?' if query else ''}{urlencode(query)}"
    request = Request(address, headers={"Accept": "application/json", **({"X-API-Key": api_key} if api_key else {})})
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=ANSWER_S) as answer:
            content = answer.read(LONGEST_ANSWER)
    except HTTPError as error:
        with error:
            _refused(url, error.code, error.read(1 << 16))
    except (URLError, HTTPException, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise Unreachable(f"{url} cannot be reached: is the daemon running? ({reason})") from None
    try:
        return json.loads(content)
    except ValueError:
        raise Unreachable(f"{url} answers, but not as a daemon of ours does") from None


def _base(url: str) -> str:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidRequest(f"{url} is no address of a daemon; one is http://127.0.0.1:4000")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _refused(url: str, status: int, content: bytes) -> NoReturn:
    try:
        said = json.loads(content)
        field = said.get("details", {}).get("field")
        message = f"{field}: {said['message']}" if field else str(said["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"it answers with status {status}"
    if status == 401:
        raise NotAuthenticated(f"{url}: {message}; give an API key by --api-key")
    if status == 403:
        raise Forbidden(f"{url}: {message}")
    if status == 404:
        raise NotFound(f"{url}: {message}")
    if status == 400:
        raise InvalidRequest(message)
    raise ClientFailed(f"{url}: {message}")
