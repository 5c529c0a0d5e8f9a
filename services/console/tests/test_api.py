"""The services' APIs over connections that may be closed at any moment."""

import httpx
import pytest

from common.errors import Unavailable
from console.queries import Api, Asker


class Closing(httpx.AsyncBaseTransport):
    """Closes the connection on the first requests, as a server does that has waited long enough."""

    def __init__(self, times: int) -> None:
        self.left, self.keys = times, []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("Idempotency-Key", ""))
        if self.left:
            self.left -= 1
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return httpx.Response(200, json={"done": True})


def an_api(closing: Closing) -> Api:
    return Api(httpx.AsyncClient(transport=closing), "http://services")


ASKER = Asker("token", "vi")


async def test_an_act_on_a_closed_connection_is_sent_again_under_its_key():
    closing = Closing(1)

    done = await an_api(closing).act(ASKER, "editorial/articles/1/steps", {}, "once")

    assert done.body == {"done": True}
    assert closing.keys == ["once", "once"]


async def test_what_has_no_key_is_not_sent_again():
    closing = Closing(1)

    with pytest.raises(Unavailable):
        await an_api(closing).post(ASKER, "intake/checks", {}, "")

    assert closing.keys == [""]


async def test_a_service_that_never_answers_is_away():
    closing = Closing(2)

    with pytest.raises(Unavailable):
        await an_api(closing).get(ASKER, "portal/sites")

    assert len(closing.keys) == 2
