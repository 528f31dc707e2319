"""Log lines: their shape, their secrets, and that nobody waits for them."""

import logging
import logging.handlers
import re
import threading
import time

import pytest

from amutorrent.errors import StartError
from amutorrent.logs import QUEUE_LENGTH, QUIET, Redaction, logging_to, quietly

log = logging.getLogger("amutorrent.web")


@pytest.fixture(autouse=True)
def no_secret_is_logged():
    """Listen to nothing: the secrets of these tests are for being logged, and the levels are what is tested."""


@pytest.fixture(autouse=True)
def _levels():
    """Leave the levels as they were."""
    names = ["", *QUIET]
    before = {name: logging.getLogger(name).level for name in names}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def lines(folder):
    return (folder / "amutorrent.log").read_text().splitlines()


def test_a_record_is_one_line_on_stderr_and_in_the_file(tmp_path, capsys):
    with logging_to(tmp_path / "logs", "info", Redaction()):
        log.info("hello %s", "there")
        log.debug("unseen")
        logging.getLogger("other").warning("two\nlines\r")
    found = lines(tmp_path / "logs")
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.fullmatch(f"{stamp} INFO web: hello there", found[0])
    assert re.fullmatch(rf"{stamp} WARNING other: two\\nlines\\r", found[1])
    assert len(found) == 2
    assert capsys.readouterr().err.splitlines() == found


def test_a_traceback_stands_once_below_its_line(tmp_path):
    with logging_to(tmp_path, "info", Redaction()):
        try:
            raise KeyError("oops")
        except KeyError:
            log.exception("it failed")
    found = lines(tmp_path)
    assert found[0].endswith("ERROR web: it failed")
    assert found[-1] == "KeyError: 'oops'"
    assert found.count("Traceback (most recent call last):") == 1


def test_the_level_comes_from_the_settings_and_libraries_are_quiet(tmp_path):
    with logging_to(tmp_path, "debug", Redaction()):
        log.debug("seen")
        logging.getLogger("httpx").info("GET https://host/?password=x")
    with logging_to(tmp_path, "error", Redaction()):
        log.warning("unseen")
    assert [line.split(": ")[-1] for line in lines(tmp_path)] == ["seen"]


def test_no_secret_reaches_a_line_however_it_is_spelled(tmp_path, capsys):
    secrets = {"correct horse/1", "ab"}
    with logging_to(tmp_path, "info", Redaction(secrets)):
        log.info("password=%s, quoted correct%%20horse%%2F1, %r; about ab.", "correct horse/1", "correct horse/1")
        secrets.add("learnt later")
        try:
            raise ValueError("learnt later")
        except ValueError:
            log.exception("failed")
    said = "\n".join(lines(tmp_path))
    assert "password=***, quoted ***, '***'; about ***." in said
    assert "ValueError: ***" in said
    assert "correct" not in said + capsys.readouterr().err


class _Stuck(logging.Handler):
    """A disk that does not answer."""

    def __init__(self, until: threading.Event) -> None:
        super().__init__()
        self.until = until

    def emit(self, record: logging.LogRecord) -> None:
        self.until.wait(10)


@pytest.mark.slow
def test_a_disk_that_hangs_for_ever_does_not_hold_up_the_end(tmp_path, monkeypatch, capsys):
    answers = threading.Event()
    monkeypatch.setattr("amutorrent.logs._file", lambda folder: _Stuck(answers))
    threads = set(threading.enumerate())
    with logging_to(tmp_path, "info", Redaction()):
        for number in range(QUEUE_LENGTH + 100):
            log.info("line %d", number)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    answers.set()
    for writer in set(threading.enumerate()) - threads:
        writer.join(10)


@pytest.mark.slow
def test_a_disk_that_hangs_holds_nobody_up(tmp_path, monkeypatch, capsys):
    answers = threading.Event()
    monkeypatch.setattr("amutorrent.logs._file", lambda folder: _Stuck(answers))
    with logging_to(tmp_path, "info", Redaction()):
        began = time.monotonic()
        for number in range(QUEUE_LENGTH + 100):
            log.info("line %d", number)
        assert time.monotonic() - began < 5
        answers.set()
    assert "Traceback" not in capsys.readouterr().err


def test_the_file_turns_over(tmp_path, monkeypatch):
    monkeypatch.setattr("amutorrent.logs.FILE_BYTES", 200)
    with logging_to(tmp_path, "info", Redaction()):
        for number in range(20):
            log.info("line %d", number)
    assert {path.name for path in tmp_path.iterdir()} == {f"amutorrent.log{each}" for each in ("", ".1", ".2", ".3")}


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="Cannot write the log"), logging_to(tmp_path / "file", "info", Redaction()):
        raise AssertionError("a file is no folder")


def test_a_short_command_tells_warnings_without_tracebacks(capsys):
    with quietly(Redaction({"hunter2"})):
        log.info("unseen")
        try:
            raise ValueError("x")
        except ValueError:
            log.exception("failed with hunter2")
    assert capsys.readouterr().err.splitlines()[0].endswith("ERROR web: failed with ***")


@pytest.mark.slow
def test_a_full_disk_is_said_once_and_costs_no_line_on_stderr(disk, capsys):
    with logging_to(disk.path / "logs", "info", Redaction()):
        disk.fill()
        for number in range(5000):
            log.info("line %d", number)
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if " INFO web: line " not in line] == [
        "The log file cannot be written: No space left on device"
    ]
    assert len(said) == 5001
    with logging_to(disk.path / "logs", "info", Redaction()):
        disk.free()
        log.info("room again")
    assert lines(disk.path / "logs")[-1].endswith("room again")
