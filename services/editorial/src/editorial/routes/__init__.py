"""HTTP in and out: the acts of the board, and what is asked about articles."""

from editorial.routes import acts, publishing, reading

ROUTERS = (reading.router, acts.router, publishing.router)
