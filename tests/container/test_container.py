"""The container, as far as it can be seen without an engine: its files, and its entrypoint run by root.

Docker's own part was checked step by step in a chroot: docs/container.md says how.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from lab.ports import free_port
from lab.waiting import wait_until

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "contrib" / "container"
SCRIPT = FOLDER / "amutorrent.sh"
DOCKERFILE = (FOLDER / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
TELL = """\
import os, sys
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
print(os.getuid(), os.getgid(), os.getgroups(), oct(os.umask(0)), status["CapEff"].strip(), sys.argv[1:])
print(os.environ.get("HOME", ""))
"""
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root becomes somebody else")
needs_setpriv = pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not there")


def run(*args, program=None, **environ):
    """Run the entrypoint; its program tells who it is, unless another one is named."""
    given = {"PATH": os.environ["PATH"], **{name: str(value) for name, value in environ.items()}}
    given["AMUTORRENT_PROGRAM"] = str(program)
    return subprocess.run([SCRIPT, *args], env=given, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def place():
    """Give a folder that everybody can get to, with a program that tells who it is: pytest's own is for one user."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        program = folder / "tell"
        program.write_text(f"#!/usr/bin/env python3\n{TELL}")
        program.chmod(0o755)
        yield folder


@as_root
@needs_setpriv
def test_root_becomes_who_the_files_belong_to_with_nothing_left(place):
    data = place / "config"
    told = run(
        "serve", "--port", "5", program=place / "tell", AMUTORRENT_DATA_DIR=data, PUID=1234, PGID=1235, UMASK="027"
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines() == [
        f"1234 1235 [] 0o27 {'0' * 16} ['serve', '--port', '5']",
        str(data),
    ]
    assert (data.stat().st_uid, data.stat().st_gid) == (1234, 1235)


@as_root
@needs_setpriv
def test_what_another_user_has_left_in_the_data_directory_changes_hands_but_no_link_is_followed(place):
    data, elsewhere = place / "config", place / "elsewhere"
    (data / "logs").mkdir(parents=True)
    (data / "logs" / "a").touch()
    elsewhere.touch()
    (data / "link").symlink_to(elsewhere)
    assert run(program=place / "tell", AMUTORRENT_DATA_DIR=data).returncode == 0
    for each in (data, data / "logs", data / "logs" / "a", data / "link"):
        assert each.lstat().st_uid == 1000
    assert elsewhere.stat().st_uid == 0


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PUID": "me"}, "PUID is 'me'"),
        ({"PUID": "-1"}, "PUID is '-1'"),
        ({"PUID": "010"}, "PUID is '010'"),
        ({"PGID": "1000 0"}, "PGID is '1000 0'"),
        ({"PUID": "0"}, "aMuTorrent does not run as root"),
        ({"UMASK": "9"}, "UMASK is '9'"),
        ({"UMASK": "u=rwx"}, "UMASK is 'u=rwx'"),
    ],
)
@as_root
def test_what_is_wrong_is_named_and_nothing_runs(place, environ, named):
    told = run(program=place / "tell", AMUTORRENT_DATA_DIR=place / "config", **environ)
    assert (told.returncode, told.stdout) == (2, "")
    assert named in told.stderr
    assert not (place / "config").exists()


@as_root
@needs_setpriv
def test_who_is_no_root_stays_who_they_are(place):
    given = ["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups", SCRIPT, "check"]
    environ = {"PATH": os.environ["PATH"], "AMUTORRENT_PROGRAM": str(place / "tell"), "UMASK": "0002"}
    script = place / "entrypoint"
    shutil.copy(SCRIPT, script)
    told = subprocess.run([*given[:4], script, "check"], env=environ, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("4321 4321 [] 0o2 ")
    assert "['check']" in told.stdout


@as_root
@needs_setpriv
@pytest.mark.slow
def test_the_daemon_starts_is_healthy_and_ends_with_sigterm(place):
    port = free_port()
    environ = {
        **os.environ, "AMUTORRENT_PROGRAM": str(Path(sys.executable).with_name("amutorrent")),
        "AMUTORRENT_DATA_DIR": str(place / "config"), "AMUTORRENT_SERVER__PORT": str(port),
        "AMUTORRENT_SERVER__HOST": "0.0.0.0", "AMUTORRENT_SERVER__BASE_PATH": "/mules",
        "PUID": str(os.stat(ROOT).st_uid or 1000),
    }  # fmt: skip
    if not may_run(Path(sys.executable), environ["PUID"]):
        pytest.skip("nobody but root can read this checkout")
    health = [sys.executable, FOLDER / "healthcheck.py"]
    assert subprocess.run(health, env=environ, capture_output=True, check=False).returncode == 1
    with (place / "output.log").open("wb") as log:
        running = subprocess.Popen([SCRIPT, "serve"], env=environ, stdout=log, stderr=log)
    try:
        wait_until(lambda: subprocess.run(health, env=environ, capture_output=True, check=False).returncode == 0, 60)
        assert (place / "config" / "amutorrent.db").stat().st_uid == int(environ["PUID"])
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
    finally:
        running.kill()
        running.wait()
    broken = {**environ, "AMUTORRENT_SERVER__PORT": "no port"}
    told = subprocess.run(health, env=broken, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "Traceback" not in told.stderr


def may_run(program, uid):
    """Say whether this user can run a program."""
    command = ["setpriv", f"--reuid={uid}", "--clear-groups", program, "-c", "import amutorrent"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_shell_finds_nothing_wrong_with_the_entrypoint():
    subprocess.run(["sh", "-n", SCRIPT], check=True)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", SCRIPT], check=True)


def test_the_image_copies_only_what_is_there_and_let_in():
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for each in allowed:
        assert (ROOT / each).exists(), each
    copied = re.findall(r"^COPY (?!--from)(?:--\S+ )*(\S+) \S+$", DOCKERFILE, re.MULTILINE)
    assert "." in copied
    for each in copied:
        assert each == "." or any(each == name or each.startswith(f"{name}/") for name in allowed)
        assert (ROOT / each).exists()


def test_the_image_is_built_with_the_versions_of_this_project():
    wanted = re.search(r"UV_VERSION=(\S+)", (ROOT / "contrib" / "environment.sh").read_text())[1]
    assert f"uv=={wanted} " not in DOCKERFILE.replace(f"uv=={wanted}\n", "")
    assert f"uv=={wanted}\n" in DOCKERFILE
    assert "latest" not in DOCKERFILE
    assert DOCKERFILE.count("FROM ") == 2


def test_the_daemon_is_reached_checked_and_stopped():
    for each in ('ENTRYPOINT ["amutorrent"]', 'CMD ["serve"]', "HEALTHCHECK", "STOPSIGNAL SIGTERM", "EXPOSE 4000"):
        assert each in DOCKERFILE
    assert json.loads(re.search(r"VOLUME (.*)", DOCKERFILE)[1]) == ["/config", "/data"]


def test_every_service_that_touches_downloads_sees_one_tree_at_one_place():
    for name in ("amutorrent", "amule", "qbittorrent", "sonarr", "radarr"):
        mounts = dict(each.rpartition(":")[::2] for each in SERVICES[name]["volumes"])
        assert mounts["${DATA:-./data}"] == "/data", name
        assert [each for each in mounts.values() if each.startswith("/data")] == ["/data"], "one mount: hard links work"
    for folder in ("INCOMING_DIR", "TEMP_DIR"):
        assert SERVICES["amule"]["environment"][folder].startswith("/data/downloads/")


def test_the_services_know_each_other_by_their_names_and_share_one_user():
    ours = SERVICES["amutorrent"]["environment"]
    for number, name in ((0, "amule"), (1, "qbittorrent")):
        assert ours[f"AMUTORRENT_CLIENTS__{number}__HOST"] == name
        assert name in SERVICES["amutorrent"]["depends_on"]
    for name, service in SERVICES.items():
        assert service["environment"]["PUID"] == "${PUID:-1000}", name
        assert service["restart"] == "unless-stopped"
        assert "/" not in service["image"].partition("/")[2], "by the engine's own registry"
    assert set(SERVICES) == {"amutorrent", "amule", "qbittorrent", "sonarr", "radarr", "prowlarr"}


def test_the_sample_of_the_environment_names_every_variable_of_compose():
    used = set(re.findall(r"\$\{(\w+)", (FOLDER / "compose.yaml").read_text()))
    sample = (FOLDER / "env.sample").read_text()
    assert set(re.findall(r"^(\w+)=", sample, re.MULTILINE)) == used


@pytest.mark.slow
def test_our_settings_in_compose_are_settings(tmp_path):
    environ = {
        name: re.sub(r"\$\{\w+:\?.*\}", "secret", value)
        for name, value in SERVICES["amutorrent"]["environment"].items()
        if name.startswith("AMUTORRENT_")
    }
    command = [sys.executable, "-m", "amutorrent", "check", "--json", "--data-dir", str(tmp_path)]
    told = subprocess.run(
        command, env={**os.environ, **environ}, capture_output=True, text=True, check=False, timeout=120
    )
    tried = json.loads(told.stdout)["clients"]
    assert [(each["type"], each["result"]) for each in tried] == [("amule", "failed"), ("qbittorrent", "failed")]
    assert "names no setting" not in told.stderr
