"""For operators: is anything lost, late, stuck. A parked stream can be tried again from here."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from console.queries import part
from console.routes.visiting import AVisitor

router = APIRouter(prefix="/operations", include_in_schema=False)


@router.get("")
async def seen(visitor: AVisitor, asked: str = "") -> Response:
    """Every service with its checks, its outbox, consumers, seals and what is set aside."""
    states = [await _state(visitor, name) for name in visitor.desk.services]
    return visitor.show("operations.html", states=states, asked=asked)


@router.post("/replays")
async def replay(visitor: AVisitor) -> Response:
    """Ask a service to try a parked stream again."""
    form = await visitor.form()
    service = str(form.get("service", ""))
    body = {name: str(form.get(name, "")) for name in ("consumer", "topic", "stream")}
    await visitor.desk.api.post(visitor.asker, f"{part(service)}/operations/replays", body, "")
    return visitor.go("/operations?asked=1")


async def _state(visitor: AVisitor, service: str) -> dict[str, Any]:
    """What a service says of itself; no state where it is away."""
    report = await visitor.desk.api.health(visitor.asker, service)
    state = None
    if report["status"] != "away":
        state = await visitor.desk.api.get(visitor.asker, f"{part(service)}/operations")
    return {"name": service, "status": report["status"], "checks": report["checks"], "state": state}
