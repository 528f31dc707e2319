"""Everything a caller can ask for, each declared once and offered over HTTP and the WebSocket."""

from .declare import ADMIN, ANY_USER, PUBLIC, Operation, Prepared, operation

__all__ = ["ADMIN", "ANY_USER", "PUBLIC", "Operation", "Prepared", "operation"]
