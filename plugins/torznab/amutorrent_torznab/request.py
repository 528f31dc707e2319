"""From the query of a request to what is asked for. Pure. Source: http-api 11, arr-contract 6.2 to 6.4."""

import re
from collections.abc import Mapping

from msgspec import Struct

from amutorrent import InvalidRequest

from .query import Wanted, wanted_of

PAGE = 100
LONGEST_TEXT = 1000
FUNCTIONS = ("search", "tvsearch", "movie", "music", "book")
TEXTS = ("q", "artist", "album", "author", "title")
"""Their values are the text that is searched for; `q` is the one that the capabilities name."""
OTHERS = ("season", "ep", "year", "rid", "tvdbid", "tvmazeid", "imdbid", "tmdbid", "traktid", "doubanid", "genre",
          "label", "track", "publisher")  # fmt: skip
"""What asks for something without a word to search for: nothing is found by it."""
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_SMALL = re.compile(r"\d{1,4}", re.ASCII)


class Wrong(InvalidRequest):
    """A parameter is missing (200) or wrong (201), or there is no such function (202)."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked for. `wanted` None: nothing in particular, so what was found lately."""

    function: str
    wanted: Wanted | None
    categories: tuple[int, ...] = ()
    limit: int = PAGE
    offset: int = 0


def function_of(query: Mapping[str, str]) -> str:
    """Give the function, `caps` or one of `FUNCTIONS`. Raises `Wrong`."""
    function = query.get("t", "").strip().lower()
    if not function:
        raise Wrong(200, "Missing parameter (t): caps, search, tvsearch, movie, music or book")
    if function != "caps" and function not in FUNCTIONS:
        raise Wrong(202, "No such function (t): there are caps, search, tvsearch, movie, music and book")
    return function


def asked_of(query: Mapping[str, str]) -> Asked:
    """Read a request for a feed. Raises `Wrong`, which names the parameter and what would be right."""
    function = function_of(query)
    text = " ".join(filter(None, (query.get(each, "").strip() for each in TEXTS)))
    if len(text) > LONGEST_TEXT:
        raise Wrong(201, f"Incorrect parameter (q): at most {LONGEST_TEXT} characters")
    season, episode = (_season(query), _episode(query)) if function == "tvsearch" else (None, None)
    if isinstance(episode, tuple) and season is None:
        raise Wrong(201, "Incorrect parameter (ep): month/day needs the year as season")
    nothing = not text and not any(query.get(each, "").strip() for each in OTHERS)
    return Asked(
        function=function,
        wanted=None if nothing else wanted_of(text, season, episode),
        categories=_categories(query.get("cat", "")),
        limit=min(_number(query, "limit", PAGE), PAGE),
        offset=_number(query, "offset", 0),
    )


def _season(query: Mapping[str, str]) -> int | None:
    text = query.get("season", "").strip()
    if text and not _SMALL.fullmatch(text):
        raise Wrong(201, "Incorrect parameter (season): a number of up to four digits")
    return int(text) if text else None


def _episode(query: Mapping[str, str]) -> int | tuple[int, int] | None:
    text = query.get("ep", "").strip()
    if not text:
        return None
    day = _DAY.fullmatch(text)
    if day and 1 <= int(day[1]) <= 12 and 1 <= int(day[2]) <= 31:
        return int(day[1]), int(day[2])
    if not _SMALL.fullmatch(text):
        raise Wrong(201, "Incorrect parameter (ep): a number of up to four digits, or month/day")
    return int(text)


def _number(query: Mapping[str, str], name: str, otherwise: int) -> int:
    text = query.get(name, "").strip()
    if text and not _NUMBER.fullmatch(text):
        raise Wrong(201, f"Incorrect parameter ({name}): a whole number that is not negative")
    return int(text) if text else otherwise


def _categories(text: str) -> tuple[int, ...]:
    found = [each.strip() for each in text.split(",")]
    if any(each and not _NUMBER.fullmatch(each) for each in found):
        raise Wrong(201, "Incorrect parameter (cat): numbers with commas between them")
    return tuple(dict.fromkeys(int(each) for each in found if each))
