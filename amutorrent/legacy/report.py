"""What an import says: for each file what was read, taken over, there already, and left, with the reason."""

from msgspec import Struct, field


class FileReport(Struct, kw_only=True):
    """One file. `known` rows were there already; `skipped` and `notes` are lines for people, without secrets."""

    name: str
    read: int = 0
    taken: int = 0
    known: int = 0
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def skip(self, where: object, why: str) -> None:
        """Say that something was not taken over."""
        self.skipped.append(f"{where}: {why}")

    def note(self, line: str) -> None:
        """Say something that a person has to know or do."""
        self.notes.append(line)


class Report(Struct, kw_only=True):
    """All files, and whether it was a trial that changed nothing."""

    dry_run: bool
    files: list[FileReport] = field(default_factory=list)

    def of(self, name: str) -> FileReport:
        """Begin the part of a file."""
        found = FileReport(name=name)
        self.files.append(found)
        return found
