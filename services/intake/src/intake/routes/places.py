"""HTTP: where the signed-in person may hand in, and why not elsewhere."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from common.http.positions import AfterPositionOrStale
from common.http.signed_in import FromToken
from intake.queries.senders import Door
from intake.routes.acting import FromApp, now_of

router = APIRouter(tags=["places"])


class PlaceView(BaseModel):
    """A site that is open today."""

    site: str
    name_vi: str
    name_en: str | None
    kind: str
    profile: str
    languages: tuple[str, ...]
    may: bool = Field(description="Whether the signed-in person may hand in there")
    agency: str | None = Field(default=None, description="Agency for which they would")
    refused: dict[str, Any] | None = Field(
        default=None,
        description="Why not: rule, article, words and sentences, as a problem has them",
    )

    @classmethod
    def of(cls, door: Door) -> "PlaceView":
        site, told = door.site, door.refused
        shown = ("rule", "article", "quote", "sentences", "nearest")
        return cls(
            site=site.id,
            name_vi=site.name_vi,
            name_en=site.name_en,
            kind=site.kind,
            profile=site.profile,
            languages=site.languages,
            may=told is None,
            agency=door.agency,
            refused=None if told is None else {name: told.get(name) for name in shown},
        )


@router.get("/places")
async def listed(
    app: FromApp, who: FromToken, request: Request, _: AfterPositionOrStale
) -> list[PlaceView]:
    """Every open site, those where the signed-in person may hand in first (nơi được gửi bài)."""
    return [PlaceView.of(door) for door in app.senders.doors(who, now_of(request))]
