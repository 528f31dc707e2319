"""Taking over what the Node program left on disk. Imports SQLAlchemy: only where that is done."""

from .importing import import_legacy
from .report import FileReport, Report

__all__ = ["FileReport", "Report", "import_legacy"]
