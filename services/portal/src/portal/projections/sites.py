"""Facts about sites become one document each, its facts in order: any day can be asked for."""

from collections.abc import Iterable

from common.consumer import Seen
from common.mongo import Index, Patch, Put, Write
from contracts.events.directory import SiteChangedV1, SiteClosedV1, SiteInheritedV1, SiteOpenedV1
from rulebook.agency import as_stored

SITES = "sites"
INDEXES = (Index(SITES, (("version", 1),)),)


def when_site_opened_show_it(fact: SiteOpenedV1, seen: Seen) -> Iterable[Write]:
    yield Put(SITES, fact.site, {"facts": [as_stored(fact)], "version": seen.sequence})


def when_site_goes_on_show_it(
    fact: SiteChangedV1 | SiteClosedV1 | SiteInheritedV1, seen: Seen
) -> Iterable[Write]:
    yield Patch(
        SITES, fact.site, values={"version": seen.sequence}, push={"facts": as_stored(fact)}
    )


HANDLERS = {
    SiteOpenedV1: when_site_opened_show_it,
    SiteChangedV1: when_site_goes_on_show_it,
    SiteClosedV1: when_site_goes_on_show_it,
    SiteInheritedV1: when_site_goes_on_show_it,
}
