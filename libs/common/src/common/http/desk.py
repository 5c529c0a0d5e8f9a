"""What operators see of a service and may ask of it: outbox, lag, held, parked, seals; replay.

For people and systems whose token has the scope `operations`.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request

from common.errors import Forbidden, spoken
from common.http.asgi import language
from common.http.signed_in import FromToken
from common.http.words import Language
from common.state import Operating, ServiceState
from common.words import say

SCOPE = "operations"
Name = Annotated[str, Field(min_length=1, max_length=200)]


class ConsumerView(BaseModel):
    """A consumer: records not yet read by topic, held behind a gap, set aside."""

    name: str
    lag: dict[str, int]
    held: int
    held_since: AwareDatetime | None
    parked: int


class ParkedView(BaseModel):
    """The record that stopped a stream; `behind` wait for it."""

    consumer: str
    topic: str
    stream: str
    sequence: int
    code: str
    detail: str
    at: AwareDatetime
    behind: int


class StateView(BaseModel):
    """How a service stands; `outbox` counts commits that Kafka has not acknowledged (at most 500)."""

    service: str
    outbox: int
    seals: int
    unsealed: int
    consumers: tuple[ConsumerView, ...]
    parked: tuple[ParkedView, ...]


class ReplayBody(BaseModel):
    """The stream to try again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    consumer: Name
    topic: Name
    stream: Name


async def _operator(principal: FromToken) -> None:
    if SCOPE not in principal.scopes:
        raise Forbidden(
            "scope-missing",
            say("scope-missing", scope=SCOPE),
        )


def routes(operating: Operating) -> APIRouter:
    """GET /operations and POST /operations/replays."""
    router = APIRouter(tags=["operations"], dependencies=[Depends(_operator)])

    @router.get("/operations")
    async def state(request: Request) -> StateView:
        """How this service stands: is anything lost, late, stuck."""
        return _view(await operating.state(), language(request.scope))

    @router.post("/operations/replays", status_code=202)
    async def replay(body: ReplayBody) -> ReplayBody:
        """Try a parked stream again; it shows here as parked until it has passed."""
        await operating.replay(body.consumer, body.topic, body.stream)
        return body

    return router


def _view(state: ServiceState, wanted: Language) -> StateView:
    parked = tuple(replace(each, detail=spoken(each.detail, wanted)) for each in state.parked)
    return StateView.model_validate(replace(state, parked=parked), from_attributes=True)
