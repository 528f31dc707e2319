"""The web layer: the guarded server, the app, REST and WebSocket adapters, OpenAPI."""

from .app import WebApp, create_app
from .context import ClientHealth, HealthReport, Problem, WebContext
from .server import serve

__all__ = ["ClientHealth", "HealthReport", "Problem", "WebApp", "WebContext", "create_app", "serve"]
