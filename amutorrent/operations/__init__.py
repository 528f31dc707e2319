"""Everything a caller can ask for, each declared once and offered over HTTP and the WebSocket."""

from .call import Call
from .declare import ADMIN, ANY_USER, PUBLIC, Operation, Prepared, operation
from .table import Operations

__all__ = ["ADMIN", "ANY_USER", "PUBLIC", "Call", "Operation", "Operations", "Prepared", "operation"]
