"""What the served description says, held against the live daemon by requests of every kind that it allows."""

import shutil
import subprocess

import pytest
from lab.stage import ADMIN, stage

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ELSEWHERE = r"^/api/(auth|users|config|v1/search$)"
"""What changes accounts and settings is asked by tables (test_access_table, test_bad_input); a search takes minutes."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with stage(tmp_path_factory.mktemp("stage")) as running:
        yield running


OUR_FAULT = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "4xx", "502", "503", "504"]
"""
"""An answer above 500 says that a client or the disk failed; only 500 is a fault of ours."""


def test_no_answer_is_undeclared(world, tmp_path):
    (tmp_path / "schemathesis.toml").write_text(OUR_FAULT)
    command = [
        *(shutil.which("schemathesis"), "run", f"{world.ours.url}/api/openapi.json"),
        *("-H", f"X-API-Key: {world.keys[ADMIN]}", "--checks", CHECKS, "--seed", "1", "--max-examples", "20"),
        *("--exclude-path-regex", ELSEWHERE, "--request-timeout", "60"),
        *("--phases", "examples,fuzzing,stateful", "--workers", "2"),
        *("--generation-database", "none", "--no-color"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=500, check=False)
    print(done.stdout[-20_000:])
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
