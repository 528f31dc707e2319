"""How an operation is declared: once, and offered over HTTP and the WebSocket. Source: design 4."""

import re
import sys
import types
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from ..errors import PluginError

Method = Literal["GET", "POST", "PUT", "DELETE"]
METHODS: tuple[Method, ...] = ("GET", "POST", "PUT", "DELETE")
Handler = Callable[..., Awaitable[Any]]  # Any: each declares its own request and reply, checked when it is declared
F = TypeVar("F", bound=Handler)
S = TypeVar("S", bound=Struct)

PUBLIC = "public"
ANY_USER = "any user"
ADMIN = "admin"
SETUP = "setup"
"""Public, even while there is no account."""


class Prepared(ABC, Generic[S]):
    """A reply whose bytes exist already: rendered when it is sent, and not a moment earlier.

    `S` is the struct that describes it in the schema. On a socket the order of messages is that of rendering, so
    that a full form is never overtaken by a delta that it holds already.
    """

    @property
    @abstractmethod
    def etag(self) -> str:
        """Name the bytes that `body` gives now: equal names, equal bytes."""

    @abstractmethod
    def body(self) -> bytes:
        """Give the reply as JSON."""


@dataclass(frozen=True)
class Streamed(Generic[S]):
    """A reply that is a file, and is made while it is sent: over HTTP alone. `S` describes what it consists of.

    An error of the first chunk is the answer; one of a later chunk cuts the answer off.
    """

    media_type: str
    file_name: str
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True)
class Operation:
    """One thing that a caller can ask for.

    `action` is its name on the WebSocket (and its operation id); `method` and `path` are its route, with parameters
    in braces named as the request's fields on the wire; `needs` is a permission, or `PUBLIC`, `ANY_USER`, `ADMIN`.
    `upload` is the name of a multipart part that holds a file, and the field of `bytes` that it fills; `status` is that
    of the answer; `longest` the bytes of a body, None: what is usual; `errors` the codes of its own errors;
    `media` the types of its answer where that is a file (`Streamed`).
    """

    action: str
    handler: Handler
    request: type[Struct]
    replies: tuple[type[Struct], ...]
    needs: str
    method: Method | None
    path: str | None
    socket: bool
    changes: bool
    owner: str
    upload: tuple[str, str] | None = None
    status: int = 200
    longest: int | None = None
    errors: tuple[str, ...] = ()
    media: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """What the operations of a module have in common: the first words of its docstring."""
        words = (sys.modules[self.handler.__module__].__doc__ or self.owner).strip().partition(". ")[0]
        return words.rstrip(".")

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or self.action).strip().splitlines()[0]

    @property
    def description(self) -> str:
        """The handler's whole docstring."""
        return cleandoc(self.handler.__doc__ or "")

    @property
    def parameters(self) -> list[str]:
        """The names in braces of the path."""
        return re.findall(r"{(\w+)}", self.path or "")


def operation(
    action: str,
    *,
    http: str | None = None,
    needs: str = ANY_USER,
    socket: bool = True,
    changes: bool | None = None,
    upload: tuple[str, str] | None = None,
    status: int = 200,
    longest: int | None = None,
    errors: tuple[str, ...] = (),
    media: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Declare `async def handler(request: SomeStruct, call: Call) -> ReplyStruct` as an operation.

    `http` is its route (`"POST /api/v1/downloads/pause"`), None if it is offered on the WebSocket alone; `socket`
    False offers it over HTTP alone. `changes` says that it changes something: it then runs to its end though the
    caller hangs up, and leaves an audit line in the log; by default everything but GET does. `upload` allows
    multipart/form-data: the name of the part that is a file, and the field of `bytes` that it fills. `status` is that
    of the answer, `longest` the bytes of a body where the usual limit is too much, `errors` the codes that no field
    tells of (for the API guide), `media` the types of a file that is the answer. The reply is a msgspec struct with a
    `tag`, which gives the `type` on the wire; a union of such where there are several.
    """

    def declare(handler: F) -> F:
        hints = get_type_hints(handler)
        names = list(hints)
        method, path = _route(action, http)
        replies = _replies(action, hints.get("return"))
        for reply in replies if socket or (path or "").startswith("/api/v1/") else ():
            config = reply.__struct_config__
            if config.tag is None or config.tag_field != "type":
                raise PluginError(
                    f"{action}: its reply {reply.__name__} has no tag, which gives the `type` on the wire"
                )
        if media and socket:
            raise PluginError(f"{action}: a file is an answer over HTTP alone, so it needs socket=False")
        found = Operation(
            action=action,
            handler=handler,
            request=_struct(action, "request", hints.get(names[0]) if names else None),
            replies=replies,
            needs=needs,
            method=method,
            path=path,
            socket=socket,
            changes=changes if changes is not None else method != "GET",
            owner="",
            upload=upload,
            status=status,
            longest=longest,
            errors=errors,
            media=media,
        )
        handler.__operation__ = found  # type: ignore[attr-defined]  # a function carries its declaration
        return handler

    return declare


def _route(action: str, http: str | None) -> tuple[Method | None, str | None]:
    if http is None:
        return None, None
    method, _, path = http.partition(" ")
    for known in METHODS:
        if method == known and path.startswith("/"):
            return known, path
    raise PluginError(f'{action}: {http!r} is not of the form "POST /path"')


def _replies(action: str, kind: object) -> tuple[type[Struct], ...]:
    kinds = get_args(kind) if get_origin(kind) in (types.UnionType, Union) else (kind,)
    return tuple(_struct(action, "reply", each) for each in kinds)


def _struct(action: str, what: str, kind: object) -> type[Struct]:
    if get_origin(kind) in (Prepared, Streamed):
        (kind,) = get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return kind
    raise PluginError(f"{action}: its {what} must be annotated with a msgspec Struct, not {kind!r}")


def declared(functions: Iterable[object], owner: str) -> list[Operation]:
    """Read the declarations that functions carry. Raises `PluginError` if one carries none."""
    found = []
    for function in functions:
        declaration = getattr(function, "__operation__", None)
        if not isinstance(declaration, Operation):
            raise PluginError(f"{function!r} is not made with @operation")
        found.append(Operation(**{**declaration.__dict__, "owner": owner}))
    return found
