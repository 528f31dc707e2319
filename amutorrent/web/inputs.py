"""From an HTTP request to an operation's request struct. Source: http-api 1."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from quart.wrappers import Request

from ..errors import InvalidRequest
from ..operations import Operation
from .decode import field_types, from_json, from_mapping, from_query, mapping_from_json
from .form import Part, parts_of
from .replies import UnsupportedMediaType

INSTANCE = "instanceId"


class Input:
    """Reads what a request says to one operation: query, JSON object, form with a file, and the path's parameters."""

    def __init__(self, operation: Operation) -> None:
        self._kind = operation.request
        self._upload = operation.upload
        self._types = field_types(operation.request)
        self._takes_body = operation.method not in (None, "GET")
        self._in_query = operation.method in ("GET", "DELETE")

    async def read(self, request: Request, parameters: Mapping[str, str]) -> Struct:
        """Decode and check a request. Raises `InvalidRequest`, or what the body's length or type deserves."""
        if self._takes_body:
            data = await request.get_data(cache=True, as_text=False, parse_form_data=False)
            if data or not self._in_query:
                return self._from_body(request, data, {**self._instance(request), **parameters})
        if not request.query_string and not parameters:
            return from_mapping({}, self._kind, text=True)
        return from_mapping({**from_query(request.query_string, self._kind), **parameters}, self._kind, text=True)

    def _instance(self, request: Request) -> dict[str, str]:
        """Which instance is meant may stand in the query of any route, beside its body (http-api 9)."""
        asked = from_query(request.query_string, self._kind).get(INSTANCE) if request.query_string else None
        return {INSTANCE: asked} if isinstance(asked, str) and INSTANCE in self._types else {}

    def _from_body(self, request: Request, data: bytes, parameters: Mapping[str, str]) -> Struct:
        if not data:
            return self._merged({}, parameters)
        if request.mimetype == "application/json":
            return self._merged(mapping_from_json(data), parameters) if parameters else from_json(data, self._kind)
        if self._upload is not None and request.mimetype == "multipart/form-data":
            form = self._form(data, request.mimetype_params.get("boundary", ""), *self._upload)
            return from_mapping({**form, **parameters}, self._kind, text=True)
        raise UnsupportedMediaType("The body must be application/json")

    def _merged(self, values: dict[str, Any], parameters: Mapping[str, str]) -> Struct:  # Any: JSON values
        texts = {name: text for name, text in parameters.items() if self._types.get(name) is not int}
        numbers = {name: _number(name, text) for name, text in parameters.items() if name not in texts}
        return from_mapping({**values, **texts, **numbers}, self._kind, text=False)

    def _form(self, body: bytes, boundary: str, part: str, field: str) -> dict[str, object]:
        texts, files = {}, []
        for each in parts_of(body, boundary):
            if each.file_name is None:
                texts[each.name] = _text(each)
            else:
                files.append(each)
        if [each.name for each in files] != [part]:
            raise InvalidRequest(f"The form must hold exactly one file, as the part {part!r}", field=part)
        named = {"fileName": files[0].file_name} if files[0].file_name else {}
        return {**named, **texts, field: files[0].content}


def _text(part: Part) -> str:
    try:
        return part.text
    except UnicodeDecodeError as error:
        raise InvalidRequest("Expected text in UTF-8", field=part.name) from error


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InvalidRequest("Expected a number", field=name) from error
