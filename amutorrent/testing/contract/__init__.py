"""The executable meaning of the Client interface. Source: design 8, stack-notes 7."""

import pytest

from .adding import AddingTests
from .control import ControlTests
from .details import DetailTests
from .ed2k import Ed2kTests
from .network import NetworkTests
from .opening import OpeningTests
from .polling import PollingTests

__all__ = ["ClientContract"]


@pytest.mark.contract
class ClientContract(OpeningTests, PollingTests, AddingTests, ControlTests, DetailTests, Ed2kTests, NetworkTests):
    """Every test that a client plugin has to pass, to be run against its real client.

    Subclass it as `Test...`, set `client`, and override the fixture `settings`. That is enough. Each of the others
    that you override too lets it look deeper: `wrong_settings` and `login`, `oracle`, `downloads`, `scale`. What
    your client does not declare as a capability skips its tests.

    Where it is neither a BitTorrent nor an ED2K client, `make_sample` and `make_hollow_sample` say what to add.

    The tests add made-up downloads to the client and take them away again: run it on one that is there for that.
    """
