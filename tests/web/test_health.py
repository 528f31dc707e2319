"""`/health`: for people, supervisors and load balancers."""

import json

from amutorrent.web import ClientHealth, HealthReport, Problem


async def test_health_tells_problems_clients_and_connections(web):
    answer = await web.get("/health")
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "status": "degraded",
        "problems": [{"code": "instance_rejected", "message": "demo: wrong password"}],
        "clients": {"demo-local-1": {"type": "demo", "connected": False}},
        "connections": 0,
    }
    async with web.socket() as reader:
        await reader.greeting()
        assert json.loads((await web.get("/health")).body)["connections"] == 1
    await web.wait_for_sockets(0)


async def test_without_problems_it_is_ok(make_web):
    report = HealthReport(clients={"a": ClientHealth("example", connected=True)})
    async with make_web(health=lambda: report) as web:
        body = json.loads((await web.get("/health")).body)
    assert (body["status"], body["problems"]) == ("ok", [])
    assert body["clients"]["a"]["connected"] is True


async def test_ready_is_503_until_everything_has_started_and_live_never(make_web):
    reports = [HealthReport(ready=False, problems=(Problem("plugin_quarantined", "x"),))]
    async with make_web(health=lambda: reports[-1]) as web:
        ready, live = await web.get("/health/ready"), await web.get("/health/live")
        assert (ready.status, json.loads(ready.body)) == (503, {"status": "starting"})
        assert (live.status, json.loads(live.body)) == (200, {"status": "ok"})
        assert (await web.get("/health")).status == 200
        reports.append(HealthReport())
        ready = await web.get("/health/ready")
        assert (ready.status, json.loads(ready.body)) == (200, {"status": "ok"})
