"""Runs of clients that tell for how long they have counted, over set clocks, sleep, and restarts of both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import Totals
from amutorrent.history.runs import NEAR_S, Runs
from amutorrent.model.metrics import Counted

A = "mule"
START = 1_700_000_000.0


class Life:
    """A client, the two clocks of this machine, and what we know of the runs of the client."""

    def __init__(self):
        self.real, self.set_by, self.slept, self.began = 0.0, 0.0, 0.0, 0.0
        self.saved = None
        self.restart_ours()

    def wall(self):
        return START + self.real + self.set_by

    def steady(self):
        return self.real - self.slept

    def restart_ours(self):
        self.runs = Runs(self.wall, self.steady)

    def restart_client(self):
        self.began = self.real

    def ask(self, late=0.0):
        """Ask whether it has begun anew; the answer is `late` when it comes, and tells whole seconds."""
        totals = Totals(downloaded=0, uploaded=0, uptime=float(int(max(0.0, self.real - late - self.began))))
        session, anew = self.runs.session_of(A, totals, self.saved)
        self.saved = Counted(instance_id=A, session=session, uploaded=0, downloaded=0)
        return anew


STEPS = st.lists(
    st.tuples(st.sampled_from(["poll", "client", "ours", "set", "sleep"]), st.integers(100, 100_000), st.booleans()),
    max_size=30,
)


@given(STEPS, st.floats(0, 20))
def test_a_new_session_is_a_new_run_whatever_the_clocks_do(steps, late):
    life = Life()
    life.ask(late)
    for step, seconds, back in steps:
        life.real += seconds
        if step == "client":
            life.restart_client()
            life.real += NEAR_S + 1
        elif step == "ours":
            life.restart_ours()
        elif step == "set":
            life.set_by += -seconds if back else seconds
        elif step == "sleep":
            life.real += seconds
            life.slept += seconds
        assert life.ask(late) == (step == "client")
        assert not life.ask()


@pytest.mark.parametrize(
    ("totals", "session"),
    [
        (Totals(downloaded=1, uploaded=1), ""),
        (Totals(downloaded=1, uploaded=1, session="4711"), "4711"),
        (Totals(downloaded=1, uploaded=1, session="4711", uptime=None), "4711"),
    ],
)
def test_what_a_client_names_itself_stays(totals, session):
    runs = Runs()
    assert runs.session_of(A, totals, None) == (session, False)
    for before in ("", "4711", "other"):
        counted = Counted(instance_id=A, session=before, uploaded=0, downloaded=0)
        assert runs.session_of(A, totals, counted) == (session, session != before)


@pytest.mark.parametrize("before", ["", "[4711, 5]", str(START)])
def test_what_was_counted_under_another_name_is_another_session(before):
    life = Life()
    life.real = life.began = NEAR_S + 1
    life.saved = Counted(instance_id=A, session=before, uploaded=0, downloaded=0)
    assert life.ask()
    assert life.saved.session == f"{START + NEAR_S + 1:.0f}"
