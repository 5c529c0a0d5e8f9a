"""HTTP: the categories of a site, and the form of one, with the article that demands each field."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from common.errors import NotFound
from common.http.positions import AfterPositionOrStale
from intake.domain.words import say
from intake.queries.forms import Place, form, forms
from intake.routes.acting import FromApp, now_of
from intake.routes.shapes import SiteId
from rulebook.explanation import LOCAL

router = APIRouter(tags=["categories"])
OnSite = Annotated[SiteId, Query(description="The site whose regulation says what is required")]
On = Annotated[date | None, Query(description="As of this day; today in Vietnam when left out")]


@router.get("/categories")
async def listed(
    app: FromApp, request: Request, site: OnSite, _: AfterPositionOrStale, on: On = None
) -> list[dict[str, Any]]:
    """Every category, with the rules that oblige the site to keep it (danh mục chuyên mục)."""
    return list(forms(app.deps.categories, _place(app, request, site, on)))


@router.get("/categories/{category}")
async def see(
    category: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)],
    app: FromApp,
    request: Request,
    site: OnSite,
    _: AfterPositionOrStale,
    on: On = None,
) -> dict[str, Any]:
    """The form of a category: fields in order, labels, hints, widgets, what is required and by what words."""
    found = form(app.deps.categories, category, _place(app, request, site, on))
    if found is None:
        raise NotFound(
            "category-unknown",
            say("category-unknown", known=", ".join(sorted(app.deps.categories.by_id))),
        )
    return found


def _place(app: FromApp, request: Request, site: str, on: date | None) -> Place:
    day = on or now_of(request).astimezone(LOCAL).date()
    found = app.senders.site(site, day)
    return Place(app.deps.law_of(found.profile).profile, found.kind, day)
