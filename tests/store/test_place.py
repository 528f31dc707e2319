"""Where the database is, and what is never shown of it."""

from pathlib import Path

import pytest

from amutorrent.store import locate

HERE = Path("/data")


def test_without_a_url_it_is_a_file_in_the_data_directory():
    place = locate("", HERE)
    assert place.file == HERE / "amutorrent.db"
    assert place.name == "/data/amutorrent.db"
    assert place.url.get_backend_name() == "sqlite"


def test_a_file_elsewhere():
    assert locate("sqlite:////srv/db/x.db", HERE).file == Path("/srv/db/x.db")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg(scheme):
    place = locate(f"{scheme}://someone:p%40ss%2Fword@db.lan:5433/amutorrent?sslmode=require", HERE)
    assert place.file is None
    assert place.url.drivername == "postgresql+psycopg"
    assert place.name == "postgresql+psycopg://someone:***@db.lan:5433/amutorrent"
    assert place.secrets == {"p@ss/word"}
    assert place.hide("no p@ss/word here") == "no *** here"


def test_secrets_in_the_query_are_secrets():
    place = locate("postgresql://db/x?password=hunter2&sslpassword=hunter3&user=someone", HERE)
    assert place.secrets == {"hunter2", "hunter3"}
    assert "hunter" not in place.name


@pytest.mark.parametrize(
    ("url", "should"),
    [
        ("nonsense hunter2", "a URL such as"),
        ("postgresql://u:hunter2@host:port/x", "a URL such as"),
        ("nosuchdatabase://u:hunter2@host/x", "a URL such as"),
        ("sqlite://", "its whole path"),
        ("sqlite:///:memory:", "its whole path"),
        ("sqlite:///hunter2.db", "its whole path"),
    ],
)
def test_a_wrong_one_is_refused_without_being_repeated(url, should):
    with pytest.raises(ValueError, match=should) as caught:
        locate(url, HERE)
    assert "hunter2" not in str(caught.value)
