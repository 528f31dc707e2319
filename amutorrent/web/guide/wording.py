"""Schemas in words."""

import json
from collections.abc import Iterator
from typing import Any

from .blocks import link
from .samples import Schema

KINDS = {"array": "list", "null": "null", "string": "text", "integer": "whole number", "boolean": "true or false"}
LIMITS = (("minimum", "maximum", ""), ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " entries"))


def described(text: str) -> str:
    """Give a docstring as one paragraph."""
    return " ".join(text.split())


def kind_of(schema: Schema) -> str:
    """Name the type of a schema, with its limits."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return link(name, name)
    for many in ("anyOf", "oneOf"):
        if many in schema:
            return " or ".join(map(kind_of, schema[many]))
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(each)}`" for each in schema["enum"])
    return "; ".join(filter(None, [_plain_kind(schema), *_limits(schema), schema.get("description", "")]))


def _limits(schema: Schema) -> Iterator[str]:
    for least, most, what in LIMITS:
        if least in schema and most in schema:
            yield f"{schema[least]} to {schema[most]}{what}"
        elif least in schema:
            yield f"at least {schema[least]}{what}"
        elif most in schema:
            yield f"at most {schema[most]}{what}"
    if "pattern" in schema:
        yield f"as `{schema['pattern'].replace('`', '.')}`"


def _plain_kind(schema: Schema) -> str:
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {kind_of(schema['items'])}" if schema.get("items") else "list"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"object of {kind_of(values)}" if isinstance(values, dict) and values else "object"
    return KINDS.get(kind, kind) if isinstance(kind, str) else ", ".join(kind)


def fields(schema: Schema) -> Iterator[tuple[str, str, str]]:
    """List the fields of an object: name, type, and default or `required`."""
    required = set(schema.get("required", ()))
    for name, each in schema.get("properties", {}).items():
        default = f"`{json.dumps(each['default'])}`" if "default" in each else ""
        yield f"`{name}`", kind_of(each) or "anything", "required" if name in required else default


def refs_in(value: Any) -> Iterator[str]:  # Any: JSON
    """List the names of all schemas that a document speaks of."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str) and "/schemas/" in value["$ref"]:
            yield value["$ref"].rpartition("/")[2]
        for each in value.values():
            yield from refs_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from refs_in(each)
