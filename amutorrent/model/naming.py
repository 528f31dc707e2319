"""One spelling rule between Python and the wire."""

import re


def camel(name: str) -> str:
    """Spell a Python name as it is spelled on the wire: `download_speed` -> `downloadSpeed`.

    The same function serves msgspec (`rename=camel`) and pydantic (`alias_generator=camel`): their own
    conversions make `addEd2KLink` of `add_ed2k_link`, where the contract says `addEd2kLink`.
    """
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)
