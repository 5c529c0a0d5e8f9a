"""HTTP in and out; one module per aggregate."""

from fastapi import APIRouter

from directory.routes import agencies

router = APIRouter()
for part in (agencies.router,):
    router.include_router(part)
