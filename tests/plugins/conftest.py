"""Plugins made for a test, out of functions or of source text; nothing of them stays imported."""

import sys
from contextlib import ExitStack
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from amutorrent import PLUGIN_API, hookimpl

pytest.register_assert_rewrite(f"{__package__}.makers")  # so that failures say what was there


@pytest.fixture
def plugin():
    """Makes plugins: a module with these functions as its hooks, behind an entry point."""
    with ExitStack() as stack:

        def make(name, *hooks, api=PLUGIN_API):
            module = ModuleType(f"made_for_a_test_{name}")
            if api is not None:
                module.PLUGIN_API = api
            for hook in hooks:
                setattr(module, hook.__name__, hookimpl(hook))
            sys.modules[module.__name__] = module
            stack.callback(sys.modules.pop, module.__name__)
            return EntryPoint(name, module.__name__, "amutorrent")

        yield make


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Makes plugins out of source text."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name, text):
        module = f"written_for_a_test_{name}"
        (tmp_path / f"{module}.py").write_text(text)
        return EntryPoint(name, module, "amutorrent")

    yield make
    for module in [each for each in sys.modules if each.startswith("written_for_a_test_")]:
        del sys.modules[module]
