"""Whatever the OpenAPI document allows, and what it does not: no server error, every answer as declared."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
import schemathesis
from fastapi import APIRouter, Path, Query, Response
from hypothesis import HealthCheck, settings
from pydantic import BaseModel, Field
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from common.errors import NotFound
from common.http.idempotency import FromRequest
from common.http.pages import FromPage, Page
from common.http.positions import AfterPosition, AfterPositionOrStale
from common.http.preconditions import DemandedVersion, ExpectedVersion, check_version, etag
from common.http.signed_in import FromTokenOrNobody
from common.testing.http import an_app
from common.testing.issuer import MemoryIssuer

Id = Annotated[str, Path(pattern=r"^[a-z0-9.-]{1,40}$")]


class AgencyBody(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    level: Literal["province", "commune"]
    valid_from: date
    extra: dict[str, Any] = Field(default_factory=dict)


class AgencyView(BaseModel):
    name: str
    cause: str


class NowherePositions:
    async def position(self, *_: str) -> int | None:
        return None


def routes() -> APIRouter:
    router = APIRouter()

    @router.post("/agencies", status_code=201)
    async def create(body: AgencyBody, cause: FromRequest, _: AfterPosition) -> AgencyView:
        return AgencyView(name=body.name, cause=cause.id)

    @router.put("/agencies/{agency_id}")
    async def change(
        agency_id: Id, body: AgencyBody, cause: FromRequest, expected: ExpectedVersion
    ) -> AgencyView:
        check_version(expected, 7)
        return AgencyView(name=body.name, cause=cause.id)

    @router.delete("/agencies/{agency_id}")
    async def end(agency_id: Id, cause: FromRequest, expected: DemandedVersion) -> AgencyView:
        check_version(expected, 7)
        return AgencyView(name=agency_id, cause=cause.id)

    @router.get("/agencies/{agency_id}")
    async def see(agency_id: Id, who: FromTokenOrNobody, response: Response) -> AgencyView:
        if agency_id.startswith("0"):
            raise NotFound("agency-unknown", "Nobody knows it.")
        response.headers["ETag"] = etag(7)
        return AgencyView(name=agency_id, cause="")

    @router.get("/agencies")
    async def search(
        asked: FromPage,
        _: AfterPositionOrStale,
        on: date | None = None,
        level: Annotated[Literal["province", "commune"] | None, Query()] = None,
    ) -> Page[str]:
        return asked.page(["a", "b"], view=str, key=lambda name: (name,))

    return router


def the_app():
    around = {"verifier": MemoryIssuer().verifier(), "positions": NowherePositions()}
    return an_app([routes()], around=around, rate_limit="100000000/day")


schema = schemathesis.openapi.from_asgi("/openapi.json", the_app())


@schema.parametrize()
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_answer_is_declared_and_none_is_our_fault(case):
    case.call_and_validate(
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ]
    )
