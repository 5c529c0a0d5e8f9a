"""All pages of the console."""

from fastapi import APIRouter

from console.routes import (
    acting,
    agencies,
    articles,
    audits,
    boards,
    calendars,
    deadlines,
    delegations,
    ends,
    home,
    imports,
    keeping,
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
    boards.router,
    calendars.router,
    imports.router,
    keeping.router,
    operations.router,
)
