"""The client contract against the real amuled; thousands of files by replaying its answers."""

import pytest
from amutorrent_amule import AMule
from amutorrent_amule.codes import T
from lab.ec import look, value
from lab.ec_replay import answers, replaying

from amutorrent.testing import ClientContract, Seen

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


class TestAMule(ClientContract):
    client = AMule
    login = bytes.fromhex("50 0001 0002 09 00000010")

    @pytest.fixture
    def settings(self, amule):
        return settings_of(amule)

    @pytest.fixture
    def wrong_settings(self, amule):
        return settings_of(amule, password="not the password")

    @pytest.fixture
    def downloads(self, amule):
        return amule.incoming

    @pytest.fixture
    def oracle(self, amule):
        def seen(hash):
            with look(amule.port, amule.password) as other:
                found, categories = other.files().get(hash), other.categories()
            if found is None:
                return None
            part = found.name == T.PARTFILE
            return Seen(
                name=value(found, T.PARTFILE_NAME),
                held=part and value(found, T.PARTFILE_STATUS) == 7,
                category=categories.get(value(found, T.PARTFILE_CAT) or -1, "") if part else None,
            )

        return seen

    @pytest.fixture
    def scale(self):
        with replaying() as port_of:
            yield lambda count: AMule.Settings(host="127.0.0.1", port=port_of(answers(count)), password="secret")


def settings_of(daemon, **other):
    keys = {key: value for key, value in daemon.settings.items() if key != "type"}
    return AMule.Settings.model_validate({**keys, **other})
