"""What is wrong with a request, told to a person, and where, told to a program. Source: http-api 2, stack-notes 11."""

import re

import msgspec

from ..errors import InvalidRequest

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<place>.*)`)?$", re.DOTALL)
_NAMED = re.compile(r"(?:missing required|unexpected|contains unknown) field `(\w+)`")


def invalid(error: msgspec.ValidationError) -> InvalidRequest:
    """Make an error of ours that names the field: `items[0].fileHash`."""
    found = _PLACE.match(str(error))
    what, place = (found["what"], found["place"]) if found else (str(error), None)
    if not place and what.startswith("Expected `object`"):
        return not_json(error)
    field = (place or "").lstrip(".")
    if named := _NAMED.search(what):
        field = f"{field}.{named[1]}" if field else named[1]
    return InvalidRequest(what, field=field or None)


def not_json(error: Exception) -> InvalidRequest:
    """Say that this is not one JSON object."""
    message = "It nests too deep" if isinstance(error, RecursionError) else "This is not a JSON object"
    return InvalidRequest(message, code="invalid_json")
