"""The last log records in memory: which are kept, what they say, and what they never say."""

import logging

import pytest

from amutorrent import log_ring
from amutorrent.log_ring import GAP, LogRing
from amutorrent.logs import QUIET, Redaction, logging_to

log = logging.getLogger("amutorrent.web")


@pytest.fixture(autouse=True)
def no_secret_is_logged():
    """Listen to nothing: the secrets of these tests are for being logged, and the levels are what is tested."""


@pytest.fixture(autouse=True)
def _levels():
    """Leave the levels as they were."""
    before = {name: logging.getLogger(name).level for name in ["", *QUIET]}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def secrets():
    return {"correct horse/1"}


@pytest.fixture
def ring(secrets):
    return LogRing(Redaction(secrets))


def record(message, *args, level=logging.INFO, name="amutorrent.web", exc_info=None):
    return logging.LogRecord(name, level, "", 0, message, args, exc_info)


def said(ring, *args, **kwargs):
    return [each.message for each in ring.read(*args, **kwargs)]


def test_what_is_logged_is_kept_with_its_time_level_and_source(tmp_path, ring):
    with logging_to(tmp_path, "debug", Redaction(), ring):
        log.error("one %d", 1)
        logging.getLogger("other.library").warning("two")
        log.info("three\nlines")
        log.debug("four")
        log.critical("five")
    found = ring.read()
    assert [(each.level, each.source, each.message) for each in found] == [
        ("error", "web", "one 1"),
        ("warn", "other.library", "two"),
        ("info", "web", "three\nlines"),
        ("debug", "web", "four"),
        ("error", "web", "five"),
    ]
    assert ring.sources() == ["other.library", "web"]
    assert [each.ts for each in found] == sorted(each.ts for each in found)
    assert found[0].ts > 1_500_000_000_000


def test_what_is_below_the_level_of_the_settings_is_not_kept(tmp_path, ring):
    with logging_to(tmp_path, "warn", Redaction(), ring):
        log.info("unseen")
        log.warning("seen")
    assert said(ring) == ["seen"]


def test_no_secret_is_kept_however_it_is_spelled(tmp_path, ring, secrets):
    with logging_to(tmp_path, "info", Redaction(secrets), ring):
        log.info("password=%s, quoted correct%%20horse%%2F1", "correct horse/1")
        secrets.add("learnt later")
        try:
            raise ValueError("learnt later")
        except ValueError:
            log.exception("failed")
    first, second = said(ring)
    assert first == "password=***, quoted ***"
    assert second.startswith("failed\nTraceback")
    assert second.endswith("ValueError: ***")


def test_a_secret_in_the_middle_of_a_long_message_is_not_kept_in_part(ring):
    secret = "correct horse/1"
    half = (log_ring.LONGEST - len(GAP)) // 2
    ring.emit(record("x" * (half - 5) + secret + "y" * 9000 + secret + "z" * (half - 5)))
    (message,) = said(ring)
    assert len(message) <= log_ring.LONGEST
    assert GAP in message
    assert "corr" not in message
    assert "rse/1" not in message


def test_the_filters_and_the_limit_choose_the_newest(ring):
    for number in range(10):
        level = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)[number % 4]
        ring.emit(record(str(number), level=level, name="amutorrent.web" if number < 5 else "amutorrent.store"))
    assert said(ring) == [str(number) for number in range(10)]
    assert said(ring, "error") == ["3", "7"]
    assert said(ring, "warn") == ["2", "3", "6", "7"]
    assert said(ring, "info", limit=3) == ["6", "7", "9"]
    assert said(ring, sources=["store"]) == ["5", "6", "7", "8", "9"]
    assert said(ring, "error", ["web", "store"]) == ["3", "7"]
    assert said(ring, sources=["nobody"]) == []
    number, found = ring.since(7, 100)
    assert (number, [each.message for each in found]) == (10, ["7", "8", "9"])
    number, found = ring.since(0, 2)
    assert (number, [each.message for each in found]) == (10, ["8", "9"])
    assert ring.since(ring.count, 100) == (10, [])


def test_chatter_does_not_push_out_errors_and_every_level_is_bounded(ring, monkeypatch):
    monkeypatch.setattr(log_ring, "KEPT", 5)
    ring = LogRing(Redaction())
    ring.emit(record("bad", level=logging.ERROR))
    for number in range(20):
        ring.emit(record(str(number)))
    assert said(ring) == ["bad", "15", "16", "17", "18", "19"]
    assert ring.count == 21


def test_whatever_is_logged_can_be_sent(ring, capsys):
    ring.emit(record("bad name \udce9", name="amutorrent.\udce9"))
    ring.emit(record("%d", "no number"))
    ring.emit(record("after"))
    assert said(ring) == ["bad name \\udce9", "after"]
    assert ring.sources() == ["\\udce9", "web"]
    assert "--- Logging error ---" in capsys.readouterr().err


def test_listeners_are_told_after_each_record(ring):
    seen = []
    ring.on_record.append(lambda: seen.append(ring.count))
    ring.emit(record("a"))
    ring.emit(record("b"))
    assert seen == [1, 2]
