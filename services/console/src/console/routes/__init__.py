"""All pages of the console."""

from fastapi import APIRouter

from console.routes import (
    agencies,
    deadlines,
    delegations,
    home,
    operations,
    people,
    sign_in,
    sites,
    submissions,
    submitting,
)

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    home.router,
    submitting.router,
    submissions.router,
    deadlines.router,
    agencies.router,
    sites.router,
    people.router,
    delegations.router,
    operations.router,
)
