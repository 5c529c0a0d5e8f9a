"""A connection that a client keeps is not closed under its next request: both servers wait longer than clients do."""

import pytest

from common import serve
from common.settings import ServiceSettings
from embedded import run

A_GATEWAYS_SECONDS = 60


@pytest.mark.parametrize(
    "server",
    [
        lambda app: serve.Server(app, ServiceSettings(service="portal"), 0),
        run.Server,
    ],
    ids=["a service of its own", "the whole house"],
)
def test_an_idle_connection_outlives_the_clients_patience(server):
    async def app(scope, receive, send): ...

    assert server(app).config.timeout_keep_alive > A_GATEWAYS_SECONDS
