"""HTTP in and out; one module per aggregate."""

from directory.routes import (
    agencies,
    audit,
    boards,
    calendars,
    delegations,
    imports,
    leftovers,
    people,
    positions,
    sites,
    units,
)

ROUTERS = (
    agencies.router,
    sites.router,
    people.router,
    positions.router,
    boards.router,
    delegations.router,
    units.router,
    calendars.router,
    imports.router,
    audit.router,
    leftovers.router,
)
