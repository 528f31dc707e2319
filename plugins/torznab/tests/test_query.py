"""What is searched for in the client: within its limits, whatever an app asks."""

import re

import pytest
from amutorrent_torznab.query import MOST_OPERATORS, Wanted, expression, wanted_of, words_of
from hypothesis import given
from hypothesis import strategies as st

LONG = "one two three four five six seven eight nine ten eleven twelve"
texts = st.text(max_size=300) | st.lists(
    st.sampled_from(["and", "OR", "Not", "a", "Bora", "2024", '"', "(x)", "é"])
).map(" ".join)
numbers = st.none() | st.integers(0, 9999)
days = st.tuples(st.integers(1, 12), st.integers(1, 31))


@pytest.mark.parametrize(
    ("text", "season", "episode", "expected"),
    [
        ("Some Show", 1, 5, "some show AND (S01E05 OR 1x05 OR 05)"),
        ("Some Show", 1, None, "some show AND (S01 OR 1x)"),
        ("Some Show", 0, 0, "some show AND (S00E00 OR 0x00 OR 00)"),
        ("Some Show", 12, 123, "some show AND (S12E123 OR 12x123 OR 123)"),
        ("Some Show", None, 7, "some show AND (07 OR 007 OR E07)"),
        ("Some Show", 2024, (5, 21), "some show 2024 05 21"),
        ("Some Show", 2024, None, "some show 2024"),
        ("Some Show 2019", 1, None, "some show AND (S01 OR 1x)"),
        ("1923", 1, None, "1923 AND (S01 OR 1x)"),
        ("Some Movie 2019", None, None, "some movie 2019"),
        ("Title 07", None, None, "title 07"),
        ("Romeo and Juliet or not", None, None, "romeo juliet or not"),
        ("Bora Bora", None, None, "bora"),
        ('Spider-Man: "No" (Way)', None, None, "spider man no way"),
        ("Ame\u0301lie", None, None, "am\u00e9lie"),
        ("हिन्दी फ़िल्म", None, None, "हिन्दी फ़िल्म"),
        ("$#*!", None, None, ""),
        ("$#*!", 1, 2, ""),
    ],
)
def test_what_an_app_asks_becomes_an_expression(text, season, episode, expected):
    assert expression(wanted_of(text, season, episode)) == expected.replace("फ़", "फ\u093c")


def test_trap_32_a_query_that_is_too_complex_is_cut_or_quoted():
    assert expression(wanted_of(LONG)) == LONG.removesuffix(" twelve")
    assert expression(wanted_of(LONG, 1, 5)) == f'"{LONG}" AND (S01E05 OR 1x05 OR 05)'
    eight = " ".join(LONG.split()[:8])
    assert expression(wanted_of(eight, 1, 5)) == f"{eight} AND (S01E05 OR 1x05 OR 05)"
    assert expression(wanted_of(LONG, 2024, (5, 21))) == f'"{LONG}" 2024 05 21'


def test_trap_32_kad_looks_up_the_longest_word():
    assert expression(wanted_of("The Unforgettable Ox", 1, 2), kad=True) == (
        "unforgettable the ox AND (S01E02 OR 1x02 OR 02)"
    )


def operators_in(text):
    """Count the operators of an expression as aMule does: what stands between two of its terms is one."""
    bare = re.sub(r'"[^"]*"', "quoted", text).replace("(", " ").replace(")", " ")
    return max(0, sum(each not in ("AND", "OR") for each in bare.split()) - 1)


def test_trap_32_a_quote_is_not_taken_for_half_of_a_character():
    title = "一 二 三 四 五 六 七 八 九 十 零 電"
    assert expression(wanted_of(title, 1)) == f'"{title} " AND (S01 OR 1x)'
    assert expression(wanted_of(f"{title} x", 1)) == f'"{title} x" AND (S01 OR 1x)'


def test_operators_are_counted_as_the_client_does():
    assert [operators_in(text) for text in ("a", "a b", 'a "b c" AND (d OR e)', '"a b c" AND (d)')] == [0, 1, 3, 1]


@given(texts, numbers, numbers | days)
def test_every_expression_is_one_that_the_client_takes(text, season, episode):
    if isinstance(episode, tuple) and season is None:
        season = 2024
    wanted = wanted_of(text, season, episode)
    for kad in (False, True):
        written = expression(wanted, kad=kad)
        assert bool(written) == bool(wanted.words)
        assert operators_in(written) <= MOST_OPERATORS
        assert len(written) < 1000
        assert written.count('"') in (0, 2)
        assert written.count("(") == written.count(")") == bool(written and wanted.variants)
        bare = {"AND", "OR"} if wanted.variants else set()
        terms = {each.strip('"()') for each in written.split()} - bare - {""}
        assert terms <= {*wanted.words, *wanted.date, *wanted.variants}
        assert "and" not in terms
        assert not {"AND", "OR", "NOT"} & {*wanted.words}


@given(texts)
def test_words_are_the_same_however_they_are_written(text):
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert words_of(f"  {text} !") == words
    assert len({*words}) == len(words)
    assert wanted_of(text) == Wanted(words=words)
