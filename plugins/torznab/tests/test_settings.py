"""The settings, and that the README tells of all of them."""

import re
from pathlib import Path

import pytest
from amutorrent_torznab import TorznabSettings
from pydantic import ValidationError

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_every_key_stands_in_the_readme_with_its_default():
    written = dict(re.findall(r"^\| `(\w+)` \| (\d*) ?\|", README, re.MULTILINE))
    defaults = TorznabSettings().model_dump(by_alias=True)
    assert written == {key: "" if default is None else str(default) for key, default in defaults.items()}


@pytest.mark.parametrize(
    "wrong",
    [{"deadlineSeconds": 4}, {"deadlineSeconds": 96}, {"cacheSeconds": -1}, {"searchDelaySeconds": -1}, {"typo": 1}],
)
def test_wrong_values_are_refused(wrong):
    with pytest.raises(ValidationError):
        TorznabSettings.model_validate(wrong)
