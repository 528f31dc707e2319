"""Every secret that a daemon of ours was given, or gave out, is looked for in what it wrote."""

import logging
import re
from collections.abc import Iterable
from urllib.parse import quote

import httpx

SECRET_KEYS = frozenset({"password", "currentPassword", "newPassword", "apiKey", "token"})
PRINTED_LINK = re.compile(r"/setup\?token=([\w-]+)")
"""Printed on purpose, for whoever starts the daemon; it is in no log."""
SHORTEST = 6
"""What is shorter may be a word of any line."""


class Secrets:
    """Grows with what passes over HTTP. Tests add what they use elsewhere. `known` are all of them."""

    def __init__(self, *known: str) -> None:
        self.known = set(known)

    def add(self, *secrets: str) -> None:
        """Look for these, too."""
        self.known.update(secrets)

    def watch(self, answer: httpx.Response) -> None:
        """Take in the secrets of a request and its answer: an event hook of httpx."""
        self.add(*answer.cookies.values(), *answer.request.headers.get_list("X-API-Key"))
        answer.read()
        for content in (answer.request.content, answer.content):
            self.add(*within(content))

    def left_in(self, text: str) -> list[str]:
        """Name the secrets that a text holds, by their first letters, with the line they are in."""
        spelt = {spelling for each in self.known if len(each) >= SHORTEST for spelling in (each, quote(each, safe=""))}
        return [f"{secret[:3]}... in {line}" for line in text.splitlines() for secret in spelt if secret in line]


def within(content: bytes) -> Iterable[str]:
    """Find what stands under the name of a secret in JSON."""
    text = content.decode("utf-8", "replace")
    for name, value in re.findall(r'"(\w+)"\s*:\s*"((?:[^"\\]|\\.)*)"', text):
        if name in SECRET_KEYS:
            yield value


def in_config(config: object) -> Iterable[str]:
    """Find the secrets of a configuration, at any depth."""
    if isinstance(config, dict):
        for name, value in config.items():
            if name in SECRET_KEYS and isinstance(value, str):
                yield value
            yield from in_config(value)
    elif isinstance(config, list | tuple):
        for value in config:
            yield from in_config(value)


class Listener(logging.Handler):
    """Hears every record of the test run itself, and keeps what holds a secret."""

    def __init__(self, *known: str) -> None:
        super().__init__(logging.DEBUG)
        self.secrets = Secrets(*known)
        self.heard: list[str] = []
        self._formatter = logging.Formatter("%(name)s: %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a record, and at its traceback."""
        self.heard += self.secrets.left_in(self._formatter.format(record))


LISTENER = Listener("correct horse", "not the password")
"""The passwords of the laboratory's daemons begin with the first one; the other is refused by them."""
