"""The web layer: the guarded server, the app, REST and WebSocket adapters, OpenAPI."""

from .app import WebApp, create_app
from .context import ClientHealth, HealthReport, Problem, WebContext
from .gate import Gate, ProxySignIn
from .proxies import Proxies
from .server import serve

__all__ = [
    "ClientHealth",
    "Gate",
    "HealthReport",
    "Problem",
    "Proxies",
    "ProxySignIn",
    "WebApp",
    "WebContext",
    "create_app",
    "serve",
]
