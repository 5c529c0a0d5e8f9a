"""All pages of the console."""

from fastapi import APIRouter

from console.routes import (
    agencies,
    audits,
    delegations,
    ends,
    home,
    operations,
    people,
    sign_in,
    sites,
    units,
)

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    home.router,
    agencies.router,
    units.router,
    ends.router,
    audits.router,
    sites.router,
    people.router,
    delegations.router,
    operations.router,
)
