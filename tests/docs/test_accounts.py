"""The page about accounts says what the code says."""

import json

from docs.markdown import DOCS, rows

from amutorrent.model.permissions import FULL, PERMISSIONS, PRESETS
from amutorrent.settings import Settings

PAGE = (DOCS / "accounts.md").read_text()


def section(heading):
    return PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def test_every_permission_with_what_it_lets_a_user_do():
    assert {row[0].strip("`"): row[1] for row in rows(section("Permissions"))} == PERMISSIONS


def test_what_the_sets_leave_out():
    text = section("Permissions").partition("`sso`, which is everything but")[2].partition("\n\n")[0]
    assert {word.strip("`.,\n") for word in text.split() if word.startswith("`")} == FULL - PRESETS["sso"]


def test_the_settings_are_taken(tmp_path):
    blocks = [each for each in section("Behind a reverse proxy").split("\n\n") if each.startswith("    {")]
    assert len(blocks) == 2
    for block in blocks:
        (tmp_path / "config.json").write_text(block)
        assert Settings(tmp_path, environ={}).server.trusted_proxies == ("172.18.0.2",)
        json.loads(block)
