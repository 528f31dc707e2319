"""Speed limits and settings."""

import pytest
from amutorrent_amule import AMule
from amutorrent_amule.limits import MOST, whole
from pydantic import ValidationError


@pytest.mark.parametrize(
    ("limit", "kept"), [(0, 0), (-5, 0), (1, 1), (1023, 1), (1024, 1), (2047, 1), (1 << 20, 1024), (1 << 40, MOST)]
)
def test_limits_are_whole_kilobytes_and_never_become_none(limit, kept):
    assert whole(limit) == kept


def test_settings():
    settings = AMule.Settings.model_validate({"host": "[::1]", "password": "x"})
    assert (settings.host, settings.port, settings.where) == ("::1", 4712, "[::1]:4712")
    assert settings.address() == "::1-4712"
    assert "x" not in repr(settings.password)


@pytest.mark.parametrize(
    "wrong",
    [{"host": "http://a"}, {"host": ""}, {"host": "a b"}, {"port": 0}, {"password": ""}, {"nonsense": 1},
     {"sharedFilesReloadIntervalHours": -1}],
)  # fmt: skip
def test_wrong_settings(wrong):
    with pytest.raises(ValidationError):
        AMule.Settings.model_validate({"host": "a", "password": "x", **wrong})
