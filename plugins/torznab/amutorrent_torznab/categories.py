"""Which Torznab categories a file belongs to, by its name. Pure. Source: http-api 11, arr-contract 6.2 and 6.5."""

import re
from collections.abc import Iterable
from typing import Literal

Kind = Literal["video", "audio", "book", "program"]

CATEGORIES: dict[int, tuple[str, dict[int, str]]] = {
    2000: ("Movies", {
        2010: "Foreign", 2020: "Other", 2030: "SD", 2040: "HD", 2045: "UHD", 2050: "BluRay", 2060: "3D", 2070: "DVD",
        2080: "WEB-DL", 2090: "x265",
    }),
    3000: ("Audio", {
        3010: "MP3", 3020: "Video", 3030: "Audiobook", 3040: "Lossless", 3050: "Other", 3060: "Foreign",
    }),
    4000: ("PC", {
        4010: "0day", 4020: "ISO", 4030: "Mac", 4040: "Mobile-Other", 4050: "Games", 4060: "Mobile-iOS",
        4070: "Mobile-Android",
    }),
    5000: ("TV", {
        5010: "WEB-DL", 5020: "Foreign", 5030: "SD", 5040: "HD", 5045: "UHD", 5050: "Other", 5060: "Sport",
        5070: "Anime", 5080: "Documentary", 5090: "x265",
    }),
    7000: ("Books", {
        7010: "Mags", 7020: "EBook", 7030: "Comics", 7040: "Technical", 7050: "Other", 7060: "Foreign",
    }),
    8000: ("Other", {8010: "Misc"}),
}  # fmt: skip
"""The names are the standard ones: Prowlarr finds a category by its name before it looks at the number."""

_KINDS: dict[Kind, str] = {
    "video": "3gp asf avi divx flv m2ts m4v mkv mov mp4 mpeg mpg mts ogm ogv rm rmvb ts vob webm wmv xvid",
    "audio": "aac ac3 aiff alac ape dts flac m4a m4b mka mp3 mpc oga ogg opus ra wav wma wv",
    "book": "azw azw3 cb7 cbr cbz chm djvu doc docx epub fb2 lit mobi odt pdf prc rtf txt",
    "program": "apk app appimage bat deb dmg exe ipa jar msi pkg rpm",
}
KIND_OF: dict[str, Kind] = {ending: kind for kind, endings in _KINDS.items() for ending in endings.split()}
SUB_OF: dict[str, int] = {
    **dict.fromkeys(("mp3",), 3010),
    **dict.fromkeys(("alac", "ape", "flac", "wav", "wv", "aiff"), 3040),
    "m4b": 3030,
    **dict.fromkeys(("cb7", "cbr", "cbz"), 7030),
    **dict.fromkeys(("dmg", "pkg"), 4030),
    "apk": 4070,
    "ipa": 4060,
    **dict.fromkeys(("iso", "nrg", "mdf"), 4020),
}
"""Subcategories by ending. A disc image may be anything, so it has a category but is of no kind."""
_OTHER_OF: dict[Kind, int] = {"audio": 3050, "book": 7020, "program": 4010}
_KINDS_IN: dict[int, frozenset[Kind]] = {
    2000: frozenset({"video"}),
    3000: frozenset({"audio"}),
    4000: frozenset({"program"}),
    5000: frozenset({"video"}),
    7000: frozenset({"book"}),
}
_AUDIO_VIDEO = 3020
FIRST_CUSTOM = 100_000
"""Numbers from here on are an app's own, and have no parent."""

_EDGE = r"(?<![a-z0-9])"
_EPISODE = re.compile(
    _EDGE + r"(s\d{1,4}[ ._-]?e\d{1,4}|\d{1,2}x\d{2,3}|s\d{1,2}|season[ ._-]?\d{1,2}|(19|20)\d\d[._ -]\d\d[._ -]\d\d)"
    r"(?![a-z0-9])",
    re.IGNORECASE,
)
_UHD = re.compile(_EDGE + r"(2160p?|4k|uhd)(?![a-z0-9])", re.IGNORECASE)
_HD = re.compile(_EDGE + r"(720[pi]?|1080[pi]?|blu-?ray|bdrip|brrip|hdtv|hdrip)(?![a-z0-9])", re.IGNORECASE)
_ENDING = re.compile(r"\.([a-z0-9]{1,8})$", re.IGNORECASE)


def kind_of(name: str) -> Kind | None:
    """Say what kind of file a name promises; None where it may be any."""
    return KIND_OF.get(_ending(name))


def categories_of(name: str) -> tuple[int, ...]:
    """Give the categories of a file, the parent before the child."""
    ending, kind = _ending(name), kind_of(name)
    if ending in SUB_OF:
        return with_parents([SUB_OF[ending]])
    if kind is not None and kind != "video":
        return with_parents([_OTHER_OF[kind]])
    episode, uhd, hd = _EPISODE.search(name), _UHD.search(name), _HD.search(name)
    if kind is None and not (episode or uhd or hd):
        return with_parents([8010])
    return with_parents([(5000 if episode else 2000) + (45 if uhd else 40 if hd else 30)])


def offered_in(name: str, asked: Iterable[int]) -> tuple[int, ...] | None:
    """Give the categories of a file for somebody who asked for some; None if it surely is in none of these.

    Whoever asked for a category drops what does not say that it is in it, so what may be in it does.
    """
    asked, kind = tuple(asked), kind_of(name)
    fitting = [each for each in asked if _holds(each, kind)]
    if asked and not fitting:
        return None
    return with_parents([*categories_of(name), *fitting])


def with_parents(ids: Iterable[int]) -> tuple[int, ...]:
    """Put before each category the one that it is in; each once."""
    found: dict[int, None] = {}
    for each in ids:
        if each < FIRST_CUSTOM:
            found[each // 1000 * 1000] = None
        found[each] = None
    return tuple(found)


def _holds(category: int, kind: Kind | None) -> bool:
    kinds = _KINDS_IN.get(category // 1000 * 1000)
    return kind is None or kinds is None or kind in kinds or (category == _AUDIO_VIDEO and kind == "video")


def _ending(name: str) -> str:
    found = _ENDING.search(name.strip())
    return found[1].lower() if found else ""
