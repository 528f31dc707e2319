"""The client contract against libtorrent itself."""

from pathlib import Path

import pytest
from amutorrent_libtorrent import Libtorrent

from amutorrent.testing import ClientContract

pytestmark = pytest.mark.slow


class TestLibtorrent(ClientContract):
    client = Libtorrent

    @pytest.fixture
    def settings(self, tmp_path, quiet_settings):
        return quiet_settings(tmp_path)

    @pytest.fixture
    def downloads(self, settings):
        folder = Path(settings.download_dir)
        folder.mkdir(exist_ok=True)
        return folder
