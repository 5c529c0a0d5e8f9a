"""All pages of the console."""

from fastapi import APIRouter

from console.routes import (
    acting,
    agencies,
    articles,
    audits,
    deadlines,
    delegations,
    ends,
    home,
    operations,
    people,
    sign_in,
    sites,
    submissions,
    submitting,
    units,
    writing,
)

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    home.router,
    writing.router,
    acting.router,
    articles.router,
    submitting.router,
    submissions.router,
    deadlines.router,
    agencies.router,
    units.router,
    ends.router,
    audits.router,
    sites.router,
    people.router,
    delegations.router,
    operations.router,
)
