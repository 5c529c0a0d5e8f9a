"""HTTP in and out; one module per aggregate."""

from directory.routes import agencies, boards, delegations, people, positions, sites

ROUTERS = (
    agencies.router,
    sites.router,
    people.router,
    positions.router,
    boards.router,
    delegations.router,
)
