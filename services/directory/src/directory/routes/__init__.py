"""HTTP in and out; one module per aggregate."""

from directory.routes import agencies, calendars, units

ROUTERS = (agencies.router, calendars.router, units.router)
