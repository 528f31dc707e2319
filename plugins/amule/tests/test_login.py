"""Logging in."""

import pytest
from amutorrent_amule import AMule
from amutorrent_amule.login import password_hash

from amutorrent import AuthRejected, ProtocolError, Unreachable
from amutorrent.testing import FaultProxy, open_session


def test_the_captured_hash():
    assert password_hash("secret", 0x61595930E98E5F6E) == "5212e203e85547af23e8501ca11032ba"


def test_a_salt_is_not_padded():
    assert password_hash("secret", 0x1) != password_hash("secret", 0x10)
    assert password_hash("secret", 0x0ABC) == password_hash("secret", 0xABC)


@pytest.mark.daemon
async def test_a_wrong_password_is_tried_once(amule):
    settings = {**amule.settings, "password": "wrong"}
    settings.pop("type")
    async with FaultProxy.open((amule.host, amule.port)) as proxy:
        wrong = AMule.Settings.model_validate({**settings, "host": proxy.host, "port": proxy.port})
        with pytest.raises(AuthRejected, match="password"):
            async with open_session(AMule, wrong):
                pass
        assert proxy.statistics().accepted == 1


@pytest.mark.daemon
@pytest.mark.slow
async def test_a_hundred_logins_none_of_which_fails(amule):
    """One salt in sixteen begins with a zero."""
    settings = AMule.Settings.model_validate({key: value for key, value in amule.settings.items() if key != "type"})
    for _ in range(50):
        async with open_session(AMule, settings) as session:
            assert (await session.client.probe()).version == "2.3.3"


@pytest.mark.daemon
async def test_something_else_that_answers(qbittorrent):
    settings = AMule.Settings(host=qbittorrent.host, port=qbittorrent.port, password="secret")
    with pytest.raises((ProtocolError, Unreachable)):
        async with open_session(AMule, settings):
            pass
