"""From bytes to request structs, with errors that say where. Source: http-api 1, stack-notes 11."""

import types
from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from ..errors import InvalidRequest
from ..operations.invalid import invalid, not_json

S = TypeVar("S", bound=Struct)
MAX_QUERY_FIELDS = 2000


def from_json(data: bytes | str, kind: type[S]) -> S:
    """Decode one JSON object. Raises `InvalidRequest`: `invalid_json` if it is none, else with the field."""
    try:
        return cast("S", _decoder(kind).decode(data))
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise not_json(error) from error


def mapping_from_json(data: bytes) -> dict[str, Any]:  # Any: JSON values that nobody has looked at yet
    """Decode one JSON object without looking into it."""
    try:
        return _MAPPING.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise not_json(error) from error


def from_mapping(values: Mapping[str, object], kind: type[S], *, text: bool) -> S:
    """Make a struct of values; with `text` they are strings of a query or a form, and `"1"` is a number."""
    try:
        made = msgspec.convert(values, kind, strict=not text)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    for name, value in zip(kind.__struct_encode_fields__, msgspec.structs.astuple(made), strict=True):
        if isinstance(value, float) and not isfinite(value):  # JSON has none, but a text reads "nan"
            raise InvalidRequest("Expected a finite number", field=name)
    return made


def from_query(query: bytes, kind: type[Struct]) -> dict[str, object]:
    """Read a query: a field that is a list may come more than once, of any other the last one counts."""
    values: dict[str, object] = {}
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
    except ValueError as error:
        raise InvalidRequest("This is no query", code="bad_request") from error
    lists = list_fields(kind)
    for name, value in pairs:
        if name in lists:
            entries = values.setdefault(name, [])
            assert isinstance(entries, list)
            entries.append(value)
        else:
            values[name] = value
    return values


def field_types(kind: type[Struct]) -> dict[str, Any]:  # Any: types are values here
    """Give the type of each field by its name on the wire."""
    return {field.encode_name: field.type for field in msgspec.structs.fields(kind)}


@lru_cache(None)
def list_fields(kind: type[Struct]) -> frozenset[str]:
    """Name the fields that hold several values."""
    return frozenset(name for name, type_ in field_types(kind).items() if _is_list(type_))


@lru_cache(None)
def _decoder(kind: type[S]) -> "msgspec.json.Decoder[S]":
    return msgspec.json.Decoder(kind)


_MAPPING: "msgspec.json.Decoder[dict[str, Any]]" = msgspec.json.Decoder(dict[str, Any])


def _is_list(type_: Any) -> bool:  # Any: types are values here
    origin = get_origin(type_)
    if origin is Annotated:
        return _is_list(get_args(type_)[0])
    if origin in (Union, types.UnionType):
        return any(map(_is_list, get_args(type_)))
    return (origin or type_) in (list, tuple, set, frozenset)
