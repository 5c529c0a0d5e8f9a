"""Facts of agencies, sites and articles become what the public sees."""

from common.consumer import consumer
from portal.projections import agencies, articles, sites

HEARS = consumer(
    "portal",
    {**agencies.HANDLERS, **sites.HANDLERS, **articles.HANDLERS},
    indexes=(*agencies.INDEXES, *sites.INDEXES, *articles.INDEXES),
)
