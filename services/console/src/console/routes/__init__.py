"""All pages of the console."""

from fastapi import APIRouter

from console.routes import agencies, home, operations, sign_in

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    home.router,
    agencies.router,
    operations.router,
)
