"""Examples for the guide, made of schemas: the names of fields say what would stand there."""

from typing import Any

Schema = dict[str, Any]  # Any: JSON schema is JSON
HASH = "0123456789abcdef0123456789abcdef01234567"
DEEPEST = 6

NAMED: dict[str, object] = {
    "action": "connect",
    "address": "192.0.2.7:4661",
    "apiKey": "Zm9yIHRoZSBndWlkZSBvbmx5LCBubyByZWFsIGtleS4",
    "categoryName": "tv",
    "code": "not_connected",
    "color": 13421772,
    "data": "ZDQ6aW5mb2RlZQ==",
    "defaultPath": "/srv/downloads",
    "ed2kLink": "ed2k://|file|file.mkv|1048576|0123456789abcdef0123456789abcdef|/",
    "fileHash": HASH,
    "fileName": "file.mkv",
    "hash": HASH,
    "host": "127.0.0.1",
    "instanceId": "qbittorrent-127.0.0.1-8080",
    "ip": "192.0.2.7",
    "links": ["magnet:?xt=urn:btih:" + HASH],
    "message": "Done",
    "name": "file.mkv",
    "newName": "another name.mkv",
    "networkType": "bittorrent",
    "path": "/srv/downloads",
    "port": 4661,
    "query": "ubuntu",
    "rating": 5,
    "revision": "5f1d9c7be0a14c2387d1f0aa",
    "roots": ["/srv/shared"],
    "type": "qbittorrent",
    "username": "ann",
    "version": "5.0.1",
}
"""What stands in a field of this name, where its schema allows that."""
BY_KIND: dict[str, object] = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}


class Samples:
    """Makes examples by the schemas of one document."""

    def __init__(self, schemas: Schema) -> None:
        self._schemas = schemas

    def of(self, schema: Schema, name: str = "", *, whole: bool = True, depth: int = 0) -> Any:  # Any: JSON
        """Give an example of a schema; `whole`: with what is optional too."""
        schema = self.resolved(schema)
        for key in ("const", "default"):
            if key in schema and (key == "const" or not whole):
                return schema[key]
        if "enum" in schema:
            return schema["enum"][0]
        for many in ("anyOf", "oneOf"):
            if many in schema:
                return self._first(schema[many], name, whole=whole, depth=depth)
        kind = schema.get("type")
        if name in NAMED and _fits(NAMED[name], kind):
            return NAMED[name]
        if kind == "object":
            return self._object(schema, whole=whole, depth=depth)
        if kind == "array":
            items = schema.get("items")
            return [self.of(items, name, whole=whole, depth=depth + 1)] if items and depth < DEEPEST else []
        if kind in ("integer", "number") and "minimum" in schema:
            return max(schema["minimum"], min(1, schema.get("maximum", 1)))
        return BY_KIND.get(str(kind), {} if not kind else "text")

    def resolved(self, schema: Schema) -> Schema:
        """Follow a reference."""
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema

    def _first(self, kinds: list[Schema], name: str, *, whole: bool, depth: int) -> Any:  # Any: JSON
        named = NAMED.get(name)
        for kind in kinds:
            if name in NAMED and _fits(named, self.resolved(kind).get("type")):
                return named
        nothing = [each for each in kinds if each.get("type") == "null"]
        chosen = nothing[0] if nothing and depth else kinds[0]
        return self.of(chosen, name, whole=whole, depth=depth + 1)

    def _object(self, schema: Schema, *, whole: bool, depth: int) -> Schema:
        properties: Schema = schema.get("properties", {})
        required = schema.get("required", ())
        inner = whole and depth < 1  # what lies deeper stands among the types
        if depth >= DEEPEST:
            properties = {key: properties[key] for key in properties if key in required}
        found = {
            key: self.of(each, key, whole=inner, depth=depth + 1)
            for key, each in properties.items()
            if whole or key in required
        }
        values = schema.get("additionalProperties")
        if not properties and isinstance(values, dict) and values and whole and depth < DEEPEST:
            found["qbittorrent-127.0.0.1-8080"] = self.of(values, whole=whole, depth=depth + 1)
        return found


def _fits(value: object, kind: object) -> bool:
    kinds = {bool: ("boolean",), int: ("integer", "number"), str: ("string",), list: ("array",)}
    return kind in kinds.get(type(value), ())
