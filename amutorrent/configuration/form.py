"""The fields of a form, made from the model that checks them: one schema for form, file and variables."""

import logging
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..capabilities import HOST_CAPABILITIES, capabilities_of
from ..client import Client
from ..model import camel
from ..settings.document import plain
from ..settings.keys import is_secret

log = logging.getLogger("amutorrent.settings")
FieldType = Literal["string", "integer", "number", "boolean", "list", "object"]
TYPES: dict[str, FieldType] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
}


class FormItems(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """What each text of a list is: `pattern` and `format` as those of a field."""

    pattern: str | UnsetType = UNSET
    format: str | UnsetType = UNSET


class FormField(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """One field. `name` is its key in config.json, `label` and `help` are for people.

    `choices`: the only values there are; `minimum` and `maximum`: of a number; `pattern`: what a text matches.
    `format`: what a text means: `path` (on the machine of this daemon), `instance` (an id). `items`: it may be a list,
    beside the choices if there are any.
    """

    name: str
    type: FieldType
    default: object
    required: bool
    secret: bool
    label: str
    help: str
    choices: list[str] | UnsetType = UNSET
    minimum: int | float | UnsetType = UNSET
    maximum: int | float | UnsetType = UNSET
    pattern: str | UnsetType = UNSET
    format: str | UnsetType = UNSET
    items: FormItems | UnsetType = UNSET


class ClientTypeForm(Struct, frozen=True, kw_only=True, rename=camel):
    """One client type: what it can do at best, and what its settings are beside those of every client."""

    type: str
    label: str
    network_type: str
    capabilities: dict[str, bool]
    fields: list[FormField]


class SectionForm(Struct, frozen=True, kw_only=True, rename=camel):
    """The settings of a plugin: the section `plugins.<name>`."""

    name: str
    fields: list[FormField]


def client_type_form(kind: type[Client]) -> ClientTypeForm:
    """Describe a client type."""
    can = capabilities_of(kind, *kind.part_types).keys()
    return ClientTypeForm(
        type=kind.type,
        label=kind.label,
        network_type=kind.network,
        capabilities={**{each.capability: False for each in HOST_CAPABILITIES}, **dict.fromkeys(can, True)},
        fields=form_fields(kind.Settings),
    )


def form_fields(model: type[BaseModel]) -> list[FormField]:
    """Describe the fields of a model. One that pydantic has no schema for has no form."""
    try:
        schema = model.model_json_schema(by_alias=True)
    except Exception:  # a plugin's own types: its form stays empty, and it works as before
        log.exception("there is no form for %s", model.__qualname__)
        return []
    properties: dict[str, Any] = schema.get("properties", {})  # Any: JSON schema is JSON
    return [
        _field(field.alias or name, field, properties.get(field.alias or name, {}))
        for name, field in model.model_fields.items()
    ]


def _field(name: str, field: FieldInfo, schema: dict[str, Any]) -> FormField:  # Any: JSON schema is JSON
    kinds = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    kind = kinds[0] if kinds else {}
    required, secret = field.is_required(), is_secret(field.annotation)
    lists = [each for each in kinds if each.get("items", {}).get("type") == "string"]
    choices = kind.get("enum") or ([kind["const"]] if "const" in kind else None)
    return FormField(
        name=name,
        type=TYPES.get(kind.get("type", ""), "object"),
        default=None if required or secret else plain(field.get_default(call_default_factory=True)),
        required=required,
        secret=secret,
        label=field.title or _words(name),
        help=field.description or "",
        choices=choices if choices else UNSET,
        minimum=kind.get("minimum", UNSET),
        maximum=kind.get("maximum", UNSET),
        pattern=kind.get("pattern", UNSET),
        format=kind.get("format", schema.get("format", UNSET)),
        items=_items(lists[0]["items"]) if lists else UNSET,
    )


def _items(schema: dict[str, Any]) -> FormItems:  # Any: JSON schema is JSON
    return FormItems(pattern=schema.get("pattern", UNSET), format=schema.get("format", UNSET))


def _words(name: str) -> str:
    """Make words of a key: `useSsl` is `Use ssl`."""
    spelled = "".join(f" {char.lower()}" if char.isupper() else char for char in name)
    return spelled[:1].upper() + spelled[1:]
