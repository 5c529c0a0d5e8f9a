"""What every route of the public side works with, and the filters that they share."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from common.blobs import Blobs
from common.errors import FieldProblem, Said, Unprocessable
from common.http.positions import AFTER, AfterPositionOrStale
from common.http.wiring import around_of, deps_of
from contracts.categories import load_categories
from pages import words
from pages.assets import Assets
from pages.language import Language
from pages.render import Pages
from portal.domain.article import LAW_ZONE, law_day
from portal.domain.telling import say
from portal.queries.agencies import Agencies
from portal.queries.articles import Articles, Listed
from portal.queries.following import Indexing
from portal.queries.places import KnownPlaces, Places
from portal.queries.search import Search
from portal.routes.kept import Answers
from rulebook.profiles.said import regulation_text

KEPT_BYTES = 24 * 1024 * 1024
FRESH = "public, max-age=0, s-maxage=10, must-revalidate"
"""Who reads again asks again (304 while nothing changed); a cache for many may keep it ten seconds.

What was corrected or withdrawn is not to be read on anywhere."""

ArticleId = Annotated[
    str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", max_length=36)
]
SiteId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", max_length=64)]
Site = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Category = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Section = Annotated[str | None, Query(min_length=1, max_length=80)]
Tongue = Annotated[str | None, Query(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,4})?$", max_length=8)]
FirstDay = Annotated[date | None, Query(alias="from", description="First day, in Vietnam")]
LastDay = Annotated[date | None, Query(alias="to", description="Last day, in Vietnam")]
LATEST = date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """The read side of the portal; `home` is its public address without a slash at its end."""

    agencies: Agencies
    articles: Articles
    places: KnownPlaces
    indexing: Indexing
    search: Search
    blobs: Blobs
    pages: Pages
    assets: Assets
    home: str
    answers: Answers = field(default_factory=lambda: Answers(KEPT_BYTES))


async def _reading(request: Request) -> Reading:
    return deps_of(request)


def today(request: Request) -> date:
    """Today where the law counts days."""
    return around_of(request).world.now().astimezone(LAW_ZONE).date()


async def places_for(request: Request, _: AfterPositionOrStale) -> Places:
    """Sites and agencies; read anew for a caller that waits for what it did, once it is here."""
    reading: Reading = deps_of(request)
    return await reading.places.now(fresh=AFTER in request.headers)


async def _listed(
    category: Category = None,
    section: Section = None,
    language: Tongue = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
) -> Listed:
    return checked(Listed(None, category, section, language, first_day, last_day))


def checked(wanted: Listed) -> Listed:
    """Raises Unprocessable for days that no calendar of ours has, and for an end before a beginning."""
    for name, day in (("from", wanted.first_day), ("to", wanted.last_day)):
        if day is not None and not date(1900, 1, 1) <= day <= LATEST:
            raise _wrong(name, say("day-out-of-range"))
    if wanted.first_day and wanted.last_day and wanted.last_day < wanted.first_day:
        raise _wrong("to", say("end-before-beginning"))
    return wanted


def _wrong(name: str, detail: Said) -> Unprocessable:
    return Unprocessable(
        "days-wrong", detail, errors=[FieldProblem(f"query:{name}", "day-in-range", detail)]
    )


def label(category: str, language: Language) -> str:
    """What readers call a category; its id where the contract has none."""
    found = load_categories().get(category)
    return category if found is None else getattr(found.label, "en" if language == "en" else "vi")


def date_or_text(value: str, language: Language) -> str:
    """A day as readers write it; any other text as it is."""
    if len(value) != len("2026-11-23"):
        return value
    try:
        return words.day(value, language)
    except ValueError:
        return value


def day_of(moment: str, _: Language) -> str:
    """The day in Vietnam of a moment on the wire."""
    return law_day(moment).isoformat()


FILTERS = {
    "shelf": label,
    "regulation": regulation_text,
    "date_or_text": date_or_text,
    "law_day": day_of,
}
FromApp = Annotated[Reading, Depends(_reading)]
FromPlaces = Annotated[Places, Depends(places_for)]
FromFilters = Annotated[Listed, Depends(_listed)]
