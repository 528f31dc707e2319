"""Categories by name and ending."""

import pytest
from amutorrent_torznab.categories import CATEGORIES, categories_of, kind_of, offered_in, with_parents
from hypothesis import given
from hypothesis import strategies as st

KNOWN = {*CATEGORIES} | {child for _, children in CATEGORIES.values() for child in children}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Some.Show.S01E05.1080p.WEB.x264-GRP.mkv", (5000, 5040)),
        ("Some Show 1x05.avi", (5000, 5030)),
        ("Some Show Season 2.mp4", (5000, 5030)),
        ("Daily.Show.2024.05.21.720p.mkv", (5000, 5040)),
        ("Some.Show.S01E05.2160p.mkv", (5000, 5045)),
        ("A Movie (2019) 4K.mkv", (2000, 2045)),
        ("A Movie 2019 BluRay.mkv", (2000, 2040)),
        ("A Movie.AVI", (2000, 2030)),
        ("Words1x05inside.avi", (2000, 2030)),
        ("song.mp3", (3000, 3010)),
        ("song.flac", (3000, 3040)),
        ("tale.m4b", (3000, 3030)),
        ("song.ogg", (3000, 3050)),
        ("novel.epub", (7000, 7020)),
        ("comic.cbz", (7000, 7030)),
        ("setup.exe", (4000, 4010)),
        ("app.apk", (4000, 4070)),
        ("disc.iso", (4000, 4020)),
        ("Some.Show.S01.1080p.rar", (5000, 5040)),
        ("thing.rar", (8000, 8010)),
        ("thing", (8000, 8010)),
        ("", (8000, 8010)),
    ],
)
def test_a_file_is_in_the_categories_that_its_name_promises(name, expected):
    assert categories_of(name) == expected


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("Show.S01E01.720p.mkv", (), (5000, 5040)),
        ("Show.S01E01.720p.mkv", (5030, 5040), (5000, 5040, 5030)),
        ("Movie.mkv", (5030,), (2000, 2030, 5000, 5030)),
        ("Movie.mkv", (3000, 7020), None),
        ("Movie.mkv", (3000, 2000), (2000, 2030)),
        ("Clip.mkv", (3020,), (2000, 2030, 3000, 3020)),
        ("song.mp3", (5030, 5040), None),
        ("thing.rar", (7020,), (8000, 8010, 7000, 7020)),
        ("song.mp3", (100_123,), (3000, 3010, 100_123)),
    ],
)
def test_trap_36_what_fits_the_asked_categories_says_so_and_the_rest_is_left_out(name, asked, expected):
    assert offered_in(name, asked) == expected


@given(st.text(max_size=80), st.lists(st.sampled_from(sorted(KNOWN)), max_size=5))
def test_trap_36_every_item_has_a_known_category_with_its_parent(name, asked):
    found = offered_in(name, asked)
    if found is None:
        assert kind_of(name) is not None
        return
    assert {*categories_of(name)} <= {*found} <= KNOWN
    assert with_parents(found) == found
    assert not asked or {*asked} & {*found}
