"""What happens to an amuled happens to its own instance alone: killed, restarted, or answering with anything."""

import random
import time

import pytest
from lab.amutorrent import amutorrent
from lab.ec_replay import hostile_answers, replaying
from lab.reader import reader
from lab.waiting import wait_for, wait_until

from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
SHOWN = ("name", "size", "status", "category", "rating", "comment", "complete", "path", "downloadPriority")


def state(ours):
    """What is shown of each item, as far as it does not move by itself."""
    return {key: {name: item.get(name) for name in SHOWN} for key, item in ours.items().items()}


@pytest.mark.parametrize("end", ["kill9", "stop"])
async def test_a_restart_of_amuled(tmp_path, amule, end):
    """Its items stay, stale; when it is back, with new numbers for everything, the same list is there again."""
    clients = [{**amule.settings, "id": "mule", "name": "Mule"}]
    downloads = [make_ed2k_file(f"{end} {number}.bin", 3000) for number in range(12)]
    shared = make_ed2k_file(f"{end} shared.bin", 3000)
    with amutorrent(tmp_path, clients) as ours:
        wait_until(lambda: ours.state("mule") == "online", 20)
        links = [file.uri for file in downloads]
        ours.post("/api/v1/downloads/ed2k", links=links[:6], instanceId="mule", categoryName="tv")
        ours.post("/api/v1/downloads/ed2k", links=links[6:], instanceId="mule")
        shared.write(amule.incoming)
        ours.post("/api/v1/amule/refresh-shared", instanceId="mule")
        wait_until(lambda: ours.item("mule", shared.hash), 20)
        ours.post("/api/v1/downloads/rating-comment", fileHash=shared.hash, instanceId="mule", rating=3, comment="ok")
        wait_until(lambda: ours.item("mule", shared.hash)["rating"] == 3, 10)
        before = state(ours)
        assert len(before) >= 13
        async with reader(f"ws://127.0.0.1:{ours.port}/ws") as socket:
            await socket.until("batch-update")
            getattr(amule, end)()
            await wait_for(lambda: ours.state("mule") in ("degraded", "waiting"), 20)
            assert {item["stale"] for item in ours.items().values()} == {True}
            assert len(ours.items()) == len(before)
            amule.start()
            await wait_for(lambda: ours.state("mule") == "online", 40)
            if end == "stop":
                await wait_for(lambda: state(ours) == before, 6, lambda: f"{state(ours)} was {before}")
            else:  # what a killed daemon has not written down it has lost itself: a rating, for one
                await wait_for(lambda: state(ours).keys() == before.keys(), 6, lambda: f"{state(ours)} was {before}")
                assert all(state(ours)[key]["category"] == before[key]["category"] for key in before)
            await socket.ask(action="requestFullSnapshot")
            assert socket.replayed == socket.items
        items = [{"fileHash": file.hash, "instanceId": "mule"} for file in downloads]
        ours.post("/api/v1/downloads/delete", items=items)


def test_a_server_that_answers_with_anything_costs_its_own_instance_alone(tmp_path, amule):
    """Hundreds of random and cut answers: our daemon lives, the other instance stays online, no traceback is logged."""
    with replaying() as port_of:
        liars = [liar(f"liar{seed}", port_of(hostile_answers(random.Random(seed)))) for seed in range(6)]
        with amutorrent(tmp_path, [*liars, {**amule.settings, "id": "mule"}]) as ours:
            wait_until(lambda: ours.state("mule") == "online", 20)
            states = set()
            end = time.monotonic() + 10
            while time.monotonic() < end:
                for each in liars:
                    states.add(now := ours.state(each["id"]))
                    if now == "waiting":
                        ours.post(f"/api/v1/clients/instances/{each['id']}/connect")
                    ask(ours, each["id"])
                assert ours.state("mule") == "online"
            assert states & {"degraded", "waiting"}, states
            assert ours.http.get("/health/live").status_code == 200
            assert "Traceback" not in ours.log.read_text()


def liar(id, port):
    """Configure an aMule that is none."""
    return {"type": "amule", "host": "127.0.0.1", "port": port, "password": "secret", "id": id}


def ask(ours, instance_id):
    """Ask for all that can be asked; whatever the answer is, it is an answer."""
    for route in ("servers", "server-info", "stats-tree"):
        answer = ours.http.get(f"/api/v1/amule/{route}", params={"instanceId": instance_id})
        assert answer.status_code in (200, 502, 503, 504), answer.text
