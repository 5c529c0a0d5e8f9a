"""The directory's own facts as lists, searches and the check of authority need them."""

from common.consumer import consumer
from directory.projections import (
    agencies,
    boards,
    closures,
    delegations,
    people,
    sites,
    units,
)

HEARS = consumer(
    "directory",
    {
        **agencies.HANDLERS,
        **sites.HANDLERS,
        **people.HANDLERS,
        **boards.HANDLERS,
        **delegations.HANDLERS,
        **units.HANDLERS,
        **closures.HANDLERS,
    },
    indexes=(
        *agencies.INDEXES,
        *sites.INDEXES,
        *people.INDEXES,
        *boards.INDEXES,
        *delegations.INDEXES,
        *units.INDEXES,
        *closures.INDEXES,
    ),
)
