"""Permissions, and the usual sets of them."""

import pytest

from amutorrent.accounts.permissions import check_permissions
from amutorrent.errors import InvalidRequest
from amutorrent.model.permissions import PERMISSIONS, PRESETS
from amutorrent.operations.declare import ADMIN, ANY_USER, PUBLIC, SETUP
from amutorrent.operations.host_operations import HOST_OPERATIONS

TABLE = """
search             x x x
add_downloads      x - x
remove_downloads   x - x
pause_resume       x - x
assign_categories  x - x
move_files         x - x
edit_downloads     x - -
rename_files       x - x
set_comment        x - x
manage_categories  x - -
view_history       x x x
clear_history      x - x
view_shared        x x x
view_uploads       x x x
view_statistics    x x x
view_logs          x x -
view_servers       x - -
view_all_downloads x x x
edit_all_downloads x - -
"""


def test_the_presets_are_those_of_the_contract():
    rows = [line.split() for line in TABLE.split("\n") if line]
    assert [row[0] for row in rows] == list(PERMISSIONS)
    for column, preset in enumerate(("full", "read-only", "sso"), start=1):
        assert PRESETS[preset] == {row[0] for row in rows if row[column] == "x"}
        assert check_permissions(PRESETS[preset]) == PRESETS[preset]


def test_every_operation_needs_a_permission_that_there_is():
    assert {each.needs for each in HOST_OPERATIONS} <= {*PERMISSIONS, ADMIN, ANY_USER, PUBLIC, SETUP}


@pytest.mark.parametrize(
    ("names", "said"),
    [(["search", "fly"], "There is no permission 'fly'"), (["edit_all_downloads"], "needs view_all_downloads")],
)
def test_what_makes_no_sense_is_refused(names, said):
    with pytest.raises(InvalidRequest, match=said) as caught:
        check_permissions(names)
    assert caught.value.details == {"field": "capabilities"}
