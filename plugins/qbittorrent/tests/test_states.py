"""The state table, against the API document's column."""

import pytest
from amutorrent_qbittorrent.states import STATUS, is_known, may_be_complete, status_of

ACTIVE = ["downloading", "stalledDL", "metaDL", "forcedMetaDL", "allocating", "queuedDL", "forcedDL"]
SEEDING = ["uploading", "stalledUP", "queuedUP", "forcedUP"]
STOPPED = ["pausedDL", "pausedUP", "stoppedDL", "stoppedUP"]
CHECKING = ["checkingDL", "checkingUP", "checkingResumeData"]


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (ACTIVE, "active"),
        (SEEDING, "seeding"),
        (STOPPED, "stopped"),
        (CHECKING, "checking"),
        (["moving"], "moving"),
        (["error", "missingFiles"], "error"),
    ],
)
def test_every_native_state_has_the_status_of_the_contract(states, status):
    assert {status_of(state) for state in states} == {status}
    assert all(is_known(state) for state in states)


def test_the_table_has_nothing_else():
    assert set(STATUS) == {*ACTIVE, *SEEDING, *STOPPED, *CHECKING, "moving", "error", "missingFiles"}


@pytest.mark.parametrize("state", ["", "unknown", "dreaming"])
def test_an_unknown_state_is_active(state):
    assert status_of(state) == "active"
    assert not is_known(state)


def test_an_unknown_kind_of_check_is_a_check():
    assert status_of("checkingQuantum") == "checking"
    assert not may_be_complete("checkingQuantum")


@pytest.mark.parametrize("state", [*CHECKING, "moving", "metaDL", "forcedMetaDL", "allocating"])
def test_nothing_is_complete_before_it_is_verified_in_its_place(state):
    assert not may_be_complete(state)


@pytest.mark.parametrize("state", [*SEEDING, *STOPPED, "error", "missingFiles", "stalledDL"])
def test_other_states_may_be_complete(state):
    assert may_be_complete(state)
