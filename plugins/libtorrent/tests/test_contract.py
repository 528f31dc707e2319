"""The client contract against libtorrent itself."""

import gc
from pathlib import Path

import pytest
from amutorrent_libtorrent import Libtorrent
from lab.many import keep_many

from amutorrent.testing import ClientContract
from amutorrent.testing.session import folder_of_plugins

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

    @pytest.fixture
    def scale(self, tmp_path, quiet_settings):
        def of(count):
            settings = quiet_settings(tmp_path)
            keep_many(folder_of_plugins() / "libtorrent" / settings.profile, count)
            gc.collect()
            gc.freeze()  # as the daemon does at its start: what pytest has is none of the engine's
            return settings

        yield of
        gc.unfreeze()
