"""The directory's own facts as lists, searches and the check of authority need them."""

from common.consumer import consumer
from directory.projections import agencies, closures, units

HEARS = consumer(
    "directory",
    {**agencies.HANDLERS, **closures.HANDLERS, **units.HANDLERS},
    indexes=(*agencies.INDEXES, *closures.INDEXES, *units.INDEXES),
)
