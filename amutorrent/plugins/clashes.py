"""Two plugins must not answer to the same name or the same route."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import PluginError
from ..routes import meet, shape
from .contribution import Contribution


def routes_of(contribution: Contribution) -> list[tuple[str, str]]:
    """List (method, rule) of all that a plugin serves; "WS" is a WebSocket's method."""
    routes: list[tuple[str, str]] = [
        (each.method, each.path) for each in contribution.operations if each.method and each.path
    ]
    for surface in contribution.surfaces:
        routes += _blueprint_routes(surface)
    return routes


def _blueprint_routes(surface: Any) -> list[tuple[str, str]]:  # Any: quart.Blueprint
    """A blueprint tells its rules only to an app: a scratch one, since none can be taken out again."""
    from quart_trio import QuartTrio

    scratch = QuartTrio("scratch", static_folder=None)
    scratch.register_blueprint(surface)
    return [
        (method, rule.rule)
        for rule in scratch.url_map.iter_rules()
        for method in (["WS"] if rule.websocket else sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    ]


def check_clashes(owner: str, other: Contribution | None, new: Contribution, routes: list[tuple[str, str]]) -> None:
    """Compare what is `new` with what `other` has, and with `routes`; with itself if there is no other.

    Raises `PluginError` that names the `owner`.
    """
    named: Mapping[str, Callable[[Contribution], list[str]]] = {
        "client type": lambda each: [kind.type for kind in each.client_types],
        "operation": lambda each: [operation.action for operation in each.operations],
        "surface": lambda each: [surface.name for surface in each.surfaces],
    }
    for what, names in named.items():
        mine = names(new)
        theirs = set(names(other)) if other else {name for name in mine if mine.count(name) > 1}
        for name in mine:
            if name in theirs:
                raise PluginError(f"its {what} {name!r} is already registered by {owner}")
    new_routes = routes_of(new)
    if other is None:
        pairs = itertools.combinations(new_routes, 2)
        clashing = [(b, a) for a, b in pairs if a[0] == b[0] and shape(a[1]) == shape(b[1])]
    else:
        taken = routes + routes_of(other)
        clashing = [(a, b) for a in new_routes for b in taken if a[0] == b[0] and meet(shape(a[1]), shape(b[1]))]
    for (method, rule), (_, theirs_rule) in clashing:
        raise PluginError(f"its route {method} {rule} clashes with {theirs_rule} of {owner}")
