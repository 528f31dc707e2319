"""Logging in."""

import pytest
import trio
from amutorrent_amule import AMule
from amutorrent_amule.login import password_hash

from amutorrent import AuthRejected, ProtocolError, Unreachable
from amutorrent.testing import PASS, FaultProxy, cut, open_session


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


SALT_BYTES = 25


@pytest.mark.daemon
async def test_a_daemon_that_hangs_up_on_the_password_is_asked_again(amule, settings_of):
    """As 2.3.3 does now and then; a refusal has words, and is not asked again."""
    async with FaultProxy.open((amule.host, amule.port)) as proxy, trio.open_nursery() as nursery:

        async def mend_after_the_salt():
            with trio.fail_after(10):
                while proxy.statistics().from_daemon < SALT_BYTES:  # noqa: ASYNC110  # the proxy tells nobody
                    await trio.sleep(0.001)
            proxy.fault = PASS

        proxy.fault = cut(SALT_BYTES + 1)
        nursery.start_soon(mend_after_the_salt)
        async with open_session(AMule, settings_of(amule, host=proxy.host, port=proxy.port)) as session:
            assert (await session.client.probe()).version == "2.3.3"
        assert proxy.statistics().accepted == 3


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
