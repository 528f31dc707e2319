"""The sources of the front end: what was made from the daemon is current, and both sides name the same views."""

import importlib.util
import re
from pathlib import Path

from amutorrent_webui.views import VIEWS

FRONT_END = Path(__file__).parent.parent / "frontend"


def generator():
    spec = importlib.util.spec_from_file_location("generate_api", FRONT_END / "generate_api.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_types_are_those_of_this_daemon():
    made = generator()
    first_line = made.SCHEMA.read_text().partition("\n")[0]
    assert first_line.split()[-1] == made.digest(made.document()), "run python plugins/webui/frontend/generate_api.py"


def test_both_sides_name_the_same_views():
    source = (FRONT_END / "src" / "views" / "index.ts").read_text()
    named = re.findall(r'\bid: "(\w+)"', source)
    assert set(named) <= {"home", *VIEWS}


def test_the_lock_file_names_no_registry():
    lock = (FRONT_END / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
