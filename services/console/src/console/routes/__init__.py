"""All pages of the console."""

from fastapi import APIRouter

from console.routes import agencies, delegations, home, operations, people, sign_in, sites

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    home.router,
    agencies.router,
    sites.router,
    people.router,
    delegations.router,
    operations.router,
)
