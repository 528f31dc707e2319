"""From what an app asks to a search expression that aMule takes. Pure. Source: http-api 11, arr-contract 6.4.

aMule refuses an expression of more than ten operators, and a blank between two words is one. AND, OR and NOT in
capitals are operators to it, quotes and brackets group; so words are letters, digits and their marks alone, in lower
case.
"""

import unicodedata

from msgspec import Struct

MOST_OPERATORS = 10
MOST_QUOTED = 14
"""Words of a title that stands in quotes, since it is too long for the expression."""
LONGEST_WORD = 60
LEFT_OUT = "and"
"""The apps write it for `&`, so that names of files need not have it."""
FIRST_YEAR, LAST_YEAR = 1900, 2099


class Wanted(Struct, frozen=True, kw_only=True):
    """What is searched for: words that all have to be there, and one of `variants`, if there are any.

    `words` are lower case and each there once; two askers who mean the same have equal ones.
    """

    words: tuple[str, ...]
    date: tuple[str, ...] = ()
    """Year, month and day of a daily show: words that have to be there, too."""
    variants: tuple[str, ...] = ()


def words_of(text: str) -> tuple[str, ...]:
    """Split text into the words by which a search finds it, each once."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    spaced = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in plain)
    found = (each[:LONGEST_WORD] for each in spaced.split() if any(c.isalnum() for c in each))
    return tuple(dict.fromkeys(each for each in found if each != LEFT_OUT))


def without_year(words: tuple[str, ...]) -> tuple[str, ...]:
    """Take the year off the end of a show's title: files of an episode rarely have it."""
    return words[:-1] if len(words) > 1 and _is_year(words[-1]) else words


def wanted_of(text: str, season: int | None = None, episode: int | tuple[int, int] | None = None) -> Wanted:
    """Say what is wanted: a text alone, a season, an episode, an absolute one, or (month, day) of a year."""
    words = words_of(text)
    if season is None and episode is None:
        return Wanted(words=words)
    words = without_year(words)
    if isinstance(episode, tuple):
        return Wanted(words=words, date=(str(season), *(f"{each:02}" for each in episode)))
    if episode is None and season is not None and season >= FIRST_YEAR:
        return Wanted(words=words, date=(str(season),))
    return Wanted(words=words, variants=_variants(season, episode))


def expression(wanted: Wanted, *, kad: bool = False) -> str:
    """Write the search expression; "" if there is no word to search for.

    `kad`: by its first word alone Kad finds who knows more, so that is the longest one, which fewest files have.
    """
    words, taken = wanted.words, len(wanted.date) + len(wanted.variants)
    if not words:
        return ""
    if kad:
        longest = max(words, key=len)
        words = (longest, *(each for each in words if each != longest))
    room = MOST_OPERATORS + 1 - taken
    quoted = taken > 0 and len(words) > room
    title = _quoted(words[:MOST_QUOTED]) if quoted else " ".join(words[:room])
    title = " ".join((title, *wanted.date))
    return f"{title} AND ({' OR '.join(wanted.variants)})" if wanted.variants else title


def _quoted(words: tuple[str, ...]) -> str:
    """Put words in quotes. There aMule reads bytes beyond ASCII by twos: the closing quote must not be a second one."""
    text = " ".join(words)
    return f'"{text}"' if text[-1].isascii() else f'"{text} "'


def _variants(season: int | None, episode: int | None) -> tuple[str, ...]:
    if season is None:
        return (f"{episode:02}", f"{episode:03}", f"E{episode:02}")
    if episode is None:
        return (f"S{season:02}", f"{season}x")
    return (f"S{season:02}E{episode:02}", f"{season}x{episode:02}", f"{episode:02}")


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isascii() and word.isdecimal() and FIRST_YEAR <= int(word) <= LAST_YEAR
