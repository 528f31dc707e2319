"""How the public names of `amutorrent` are written down in the reference: as they are declared, without bodies."""

import ast
import inspect
import re
import textwrap
from dataclasses import is_dataclass

from msgspec import Struct

import amutorrent
from amutorrent import Capability, hookspecs

HANDLES = {
    "Accounts": ["by_password", "by_api_key", "standing"],
    "Call": ["catalogue", "instances", "holding", "changing"],
    "Catalogue": ["items", "get", "find"],
    "Client": ["recognise", "open", "probe", "poll", "parts", "raw"],
    "ClientSettings": ["address"],
    "Ed2kLink": ["parse"],
    "Events": ["publish", "subscribe"],
    "Host": [
        *("catalogue", "instances", "accounts", "asking", "events", "operations", "settings", "storage", "plugins"),
        *("download_times", "run_sync"),
    ],
    "Instance": ["id", "state", "connected", "has", "info", "call", "ask", "poke", "reconnect", "refresh"],
    "Instances": ["all", "get", "choose", "holding", "poke"],
    "Magnet": ["parse"],
    "Metafile": ["parse"],
    "Operations": ["call"],
    "Pieces": ["of"],
    "Prepared": ["etag", "body"],
    "Storage": ["get", "all", "put", "delete", "batch"],
    "StorageBatch": ["put", "delete"],
    "Subscription": ["get"],
    "User": ["may"],
}
"""What of these classes is for plugins; the rest is the host's own."""


class _Unquoted(ast.NodeTransformer):
    """Takes away the quotes of annotations."""

    def visit_Subscript(self, node):
        return node if getattr(node.value, "id", "") == "Literal" else self.generic_visit(node)

    def visit_Constant(self, node):
        return ast.parse(node.value, mode="eval").body if isinstance(node.value, str) else node


def annotation(node):
    """Write an annotation as its author thinks of it."""
    return ast.unparse(_Unquoted().visit(node))


def _syntax(found):
    return ast.parse(textwrap.dedent(inspect.getsource(found))).body[0]


def function(node):
    """Write a function without its body; a property as the attribute that it is."""
    decorators = [ast.unparse(each) for each in node.decorator_list]
    if "property" in decorators:
        return f"{node.name}: {annotation(node.returns)}"
    arguments = node.args
    for each in [*arguments.args, *arguments.kwonlyargs, *filter(None, [arguments.vararg, arguments.kwarg])]:
        if each.annotation is not None:
            each.annotation = _Unquoted().visit(each.annotation)
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    shown = [f"@{each}\n" for each in decorators if each in ("classmethod", "contextmanager", "asynccontextmanager")]
    return f"{''.join(shown)}{kind} {node.name}({_spaced(arguments)}) -> {annotation(node.returns)}"


def _spaced(arguments):
    return re.sub(r"(?<=[\w\]])=(?=\S)", " = ", ast.unparse(arguments))


def constructor(error):
    """Write how an error of our tree is made; "" where it is as its parent is."""
    for node in _syntax(error).body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            return function(node).replace("def __init__(self, ", f"{error.__name__}(").removesuffix(" -> None")
    return ""


def declaration(name):
    """Give the code block that stands below the heading of a name; "" where it has none."""
    found = inspect.unwrap(getattr(hookspecs if name in hookspecs.HOOKS else amutorrent, name))
    if inspect.isfunction(found):
        return function(_syntax(found))
    if not inspect.isclass(found):
        return ""
    if issubclass(found, Exception):
        return constructor(found)
    if issubclass(found, Capability):
        return "\n".join(map(function, _methods(found)))
    kinds = [kind for kind in found.__mro__ if kind.__module__.startswith("amutorrent.")]
    methods = {each.name: each for kind in reversed(kinds) for each in _methods(kind)}
    shown = HANDLES.get(name, [])
    return "\n".join(function(each) for each in methods.values() if each.name in shown)


def _methods(kind):
    return [each for each in _syntax(kind).body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]


def fields(name):
    """List the fields of a struct or a dataclass, (name, type) each."""
    found = getattr(amutorrent, name, None)
    if not (isinstance(found, type) and (issubclass(found, Struct) or is_dataclass(found))):
        return []
    return [
        (each.target.id, annotation(each.annotation))
        for each in _syntax(found).body
        if isinstance(each, ast.AnnAssign) and "ClassVar" not in ast.unparse(each.annotation)
    ]
