"""The database: tables, migrations, and the one gateway to it. Imports SQLAlchemy: only where a database is used."""

from .accounts import AccountShelf, Ledger
from .history import HistoryShelf
from .metrics import MetricShelf
from .moves import MoveRow, MoveShelf
from .ownership import OwnerShelf
from .place import Place, locate
from .records import Records
from .shelf import CategoryShelf
from .store import Store
from .trial import StoreTrial, no_answer, try_store

__all__ = [
    "AccountShelf",
    "CategoryShelf",
    "HistoryShelf",
    "Ledger",
    "MetricShelf",
    "MoveRow",
    "MoveShelf",
    "OwnerShelf",
    "Place",
    "Records",
    "Store",
    "StoreTrial",
    "locate",
    "no_answer",
    "try_store",
]
