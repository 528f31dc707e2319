"""Everything a caller can ask for, each declared once and offered over HTTP and the WebSocket."""

from .call import Call, Visit
from .declare import ADMIN, ANY_USER, PUBLIC, SETUP, Operation, Prepared, Streamed, operation
from .table import Operations, permit

__all__ = [
    "ADMIN",
    "ANY_USER",
    "PUBLIC",
    "SETUP",
    "Call",
    "Operation",
    "Operations",
    "Prepared",
    "Streamed",
    "Visit",
    "operation",
    "permit",
]
