"""Where the database is: a file in the data directory, or what `database.url` says."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DATABASE = "amutorrent.db"
POSTGRESQL = ("postgres", "postgresql")


@dataclass(frozen=True)
class Place:
    """The URL of a database; `file` if it is SQLite's."""

    url: URL
    file: Path | None

    @property
    def name(self) -> str:
        """What people are told: the file, or the URL without its password."""
        return str(self.file) if self.file else self.url.set(query={}).render_as_string(hide_password=True)

    @property
    def secrets(self) -> set[str]:
        """What of the URL must never be shown."""
        values = [self.url.password, *(value for key, value in self.url.query.items() if "pass" in key.lower())]
        flat = [each for value in values if value for each in ((value,) if isinstance(value, str) else value)]
        return {str(each) for each in flat}

    def hide(self, text: str) -> str:
        """Take the secrets out of a text."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def locate(url: str, data_dir: Path) -> Place:
    """Find the database: by its URL, or `amutorrent.db` in the data directory without one.

    Raises `ValueError` saying what the URL should be; the message does not repeat it, since it may hold a password.
    """
    if not url:
        file = data_dir / DATABASE
        return Place(URL.create("sqlite", database=str(file)), file)
    try:
        parsed = make_url(url)
        if parsed.drivername in POSTGRESQL:
            parsed = parsed.set(drivername="postgresql+psycopg")
        parsed.get_dialect()
    except (ArgumentError, ValueError) as error:
        raise ValueError("it should be a URL such as postgresql://user:password@host/database") from error
    except ImportError:
        pass  # known, but its driver is not installed: said when it is opened
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return Place(parsed, None)


def _sqlite(url: URL) -> Place:
    path = Path(url.database or "")
    if not path.is_absolute():
        raise ValueError(
            "it should name a file with its whole path, such as sqlite:////var/lib/amutorrent/amutorrent.db"
        )
    return Place(url, path)
