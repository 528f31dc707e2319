"""Requests to our own daemon while it and others may be ill."""

from typing import Any

import httpx

HANGS_S = 60.0
"""The longest deadline of our daemon is half of that: whoever waits so long waits for ever."""


class Caller:
    """Asks over HTTP. `codes` counts the errors that our daemon gave, `silent` the requests to which it gave no reply.

    `hung` are those that waited for ever, and `failed` those that it could not answer by a fault of its own.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.silent = 0
        self.hung: list[str] = []
        self.failed: list[str] = []
        self.codes: dict[str, int] = {}

    async def reply(self, method: str, path: str, body: object = None, **query: str) -> httpx.Response | None:
        """Give the reply, whatever it says."""
        try:
            answer = await self._http.request(method, path, json=body, params=query or None)  # {} takes away a query
        except httpx.TimeoutException:
            self.hung.append(f"{method} {path}")
            return None
        except httpx.TransportError:
            self.silent += 1
            return None
        if answer.is_error:
            code = answer.json()["code"]
            self.codes[code] = self.codes.get(code, 0) + 1
            if code == "internal_error":
                self.failed.append(f"{method} {path} {body}: {answer.text}")
        return answer

    async def ask(self, method: str, path: str, body: object = None, **query: str) -> Any:
        """Give the JSON of a success; None if the reply is an error, or none came."""
        answer = await self.reply(method, path, body, **query)
        return answer.json() if answer is not None and answer.is_success else None

    async def items(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Give the items of the snapshot by (instance id, hash); {} if there is no answer."""
        answer = await self.ask("GET", "/api/v1/data/snapshot")
        return {(each["instanceId"], each["hash"]): each for each in answer["data"]["items"]} if answer else {}

    async def states(self) -> dict[str, str]:
        """Give the states of the instances; {} if there is no answer."""
        answer = await self.ask("GET", "/api/v1/clients/instances")
        return {each["id"]: each["state"] for each in answer["data"]} if answer else {}
