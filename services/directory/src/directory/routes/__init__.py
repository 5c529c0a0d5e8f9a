"""HTTP in and out; one module per aggregate."""

from directory.routes import agencies, calendars, imports, units

ROUTERS = (agencies.router, calendars.router, imports.router, units.router)
