"""Shared directories over REST, seen by the real amuled."""

import pytest
from lab.amutorrent import amutorrent
from lab.waiting import wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
ROUTE = "/api/amule/shared-dirs"


@pytest.fixture
def ours(tmp_path, amule):
    with amutorrent(tmp_path / "data", [{**amule.settings, "id": "mule"}]) as running:
        wait_until(lambda: running.state("mule") == "online", 20)
        yield running


def test_shared_directories_are_changed_and_seen_by_the_daemon(ours, amule, tmp_path):
    for name in ("one/a.bin", "one/below ü/b.bin", "two/c.bin"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode() * 100)
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    file = amule.root / "shareddir.dat"
    file.write_bytes(b"# mine\n\xff\xfe\n")
    file.chmod(0o444)

    def shown(*names):
        wait_until(lambda: {each["name"] for each in ours.items().values()} == set(names), 20, lambda: ours.items())

    nothing = ours.get(ROUTE, instanceId="mule")
    assert (nothing["configured"], nothing["path"], nothing["instanceId"]) == (False, None, "mule")
    assert ours.http.put(ROUTE, json={"directories": [one]}).status_code == 400
    for wrong in ("/not/there.dat", "shareddir.dat", one):
        answer = ours.http.put(f"{ROUTE}/config", json={"sharedDirDatPath": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")
    told = ours.put(f"{ROUTE}/config", sharedDirDatPath=str(file), instanceId="mule")
    assert told == {"success": True, "path": str(file), "exists": True, "instanceId": "mule"}

    saved = ours.put(ROUTE, directories=[one, "/mnt/away"])
    assert (saved["roots"], saved["totalDirs"], saved["warnings"]) == (2, 3, ["Cannot scan /mnt/away"])
    assert file.read_bytes() == f"# mine\n\xff\xfe\n{one}\n{one}/below ü\n/mnt/away\n".encode().replace(
        "\xff\xfe".encode(), b"\xff\xfe"
    )
    shown("a.bin", "b.bin")
    seen = ours.get(ROUTE)
    assert (seen["roots"], seen["inaccessibleRoots"]) == (sorted([one, "/mnt/away"]), ["/mnt/away"])
    assert (seen["exists"], seen["canWrite"]) == (True, True)

    (tmp_path / "one" / "new").mkdir()
    (tmp_path / "one" / "new" / "d.bin").write_bytes(b"d" * 1000)
    reloaded = ours.http.post(f"{ROUTE}/reload", params={"instanceId": "mule"}).json()
    assert (reloaded["added"], reloaded["removed"], reloaded["totalDirs"]) == (1, 0, 4)
    shown("a.bin", "b.bin", "d.bin")

    assert ours.http.put(ROUTE, params={"instanceId": "mule"}, json={"directories": [two]}).json()["totalDirs"] == 1
    assert file.read_bytes() == f"# mine\n\xff\xfe\n{two}\n".encode().replace("\xff\xfe".encode(), b"\xff\xfe")
    shown("c.bin")
    ended = ours.put(f"{ROUTE}/config", sharedDirDatPath="")
    assert (ended["path"], ended["exists"]) == (None, False)
    assert two.encode() in file.read_bytes()
    assert ours.get(ROUTE)["configured"] is False


def test_another_instance_than_amule_is_refused(ours):
    answer = ours.http.get(ROUTE, params={"instanceId": "nobody"})
    assert (answer.status_code, answer.json()["code"]) == (404, "instance_not_found")
