"""HTTP in and out; one module per aggregate."""

from directory.routes import agencies

ROUTERS = (agencies.router,)
