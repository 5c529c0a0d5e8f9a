"""Read your own writes: an answer waits until what the caller has done is visible, or says so."""

import asyncio
import base64
import json
import time

import pytest
from fastapi import APIRouter, Response
from hypothesis import given
from hypothesis import strategies as st

from common.consumer.reached import FRESH_SECONDS, Reached
from common.consumer.views import LOOK_SECONDS, Views
from common.errors import DomainError, Unavailable
from common.http.positions import (
    HIGHEST,
    AfterPosition,
    AfterPositionOrStale,
    Position,
    answer_with,
    decode,
    encode,
    merged,
    wait_for,
)
from common.testing.http import an_app, client_of
from common.testing.loop import VirtualLoop, elapse, run_virtually
from common.testing.mongo import MemoryDatabase, MemoryServer
from common.testing.troubles import Troubles

HANAM = Position("directory.agency", "agency/H42", 3)
SHORT = 0.3


class Projection:
    """How far a service is; hears one topic only."""

    def __init__(self):
        self.reached = {}
        self.asked = asyncio.Event()

    async def position(self, topic, stream, wanted):
        assert wanted
        self.asked.set()
        return self.reached.get(stream, 0) if topic == "directory.agency" else None

    async def news(self, seconds):
        await Reached().news(seconds)


def routes() -> APIRouter:
    router = APIRouter()

    @router.post("/agencies")
    async def create(response: Response) -> str:
        answer_with(response, [HANAM])
        return "created"

    @router.get("/agencies")
    async def search(_: AfterPositionOrStale) -> str:
        return "found"

    @router.put("/agencies")
    async def change(_: AfterPosition) -> str:
        return "changed"

    return router


@pytest.fixture
def projection():
    return Projection()


@pytest.fixture
async def client(projection):
    async with client_of(an_app([routes()], around={"positions": projection})) as client:
        yield client


async def token(client):
    return (await client.post("/agencies")).headers["position"]


async def test_a_query_waits_until_the_write_is_visible(client, projection):
    after = {"After-Position": await token(client)}
    asking = asyncio.create_task(client.get("/agencies", headers=after))
    await projection.asked.wait()
    waiting = not asking.done()

    projection.reached["agency/H42"] = 3
    answer = await asking

    assert waiting
    assert (answer.status_code, answer.json()) == (200, "found")


async def test_a_command_waits_as_well(client, projection):
    projection.reached["agency/H42"] = 4
    after = {"After-Position": await token(client)}

    assert (await client.put("/agencies", headers=after)).json() == "changed"


async def test_who_does_not_want_to_wait_is_told_that_the_answer_is_old(client, projection):
    after = {"After-Position": await token(client)}

    behind = await client.get("/agencies?stale=ok", headers=after)
    projection.reached["agency/H42"] = 3
    level = await client.get("/agencies?stale=ok", headers=after)

    assert (behind.json(), behind.headers["position-stale"]) == ("found", "?1")
    assert "position-stale" not in level.headers


async def test_a_projection_that_stays_behind_is_503_after_a_while(projection):
    with pytest.raises(Unavailable) as refusal:
        await wait_for([HANAM], projection, patience=0.02)

    assert (refusal.value.code, refusal.value.retry_after) == ("projection-behind", 1)


class StandsStill(Projection):
    """A process that stops for longer than anybody's patience, then waits once more for the fact."""

    looks = 0

    async def news(self, seconds):
        self.looks += 1
        if self.looks == 1:
            until = time.monotonic() + max(seconds, SHORT * 1.5)
            while time.monotonic() < until:
                pass
        else:
            self.reached[HANAM.stream] = HANAM.sequence
        await asyncio.sleep(0)


async def test_a_process_that_stands_still_does_not_say_that_the_projection_is_behind():
    projection = StandsStill()

    await wait_for([HANAM], projection, patience=SHORT)

    assert projection.looks == 2


async def test_a_look_that_hangs_is_given_up(projection):
    async def hangs(*_):
        await asyncio.Event().wait()

    projection.position = hangs

    with pytest.raises(Unavailable):
        await wait_for([HANAM], projection, patience=0.02)


async def test_topics_that_nobody_hears_here_are_not_waited_for(projection):
    await wait_for([Position("editorial.article", "article/1", 9)], projection, patience=0.5)


@pytest.mark.parametrize("wrong", ["x", "e30", "W10x", "____", "!!", "a" * 4097, "W1siYSJdXQ"])
async def test_a_token_that_is_none_of_ours_is_a_clear_problem(client, wrong):
    answer = await client.get("/agencies", headers={"After-Position": wrong})

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_several_tokens_become_the_furthest_of_each():
    other = Position("directory.agency", "agency/H43", 1)
    tokens = ", ".join([encode([HANAM]), encode([HANAM._replace(sequence=5), other])])

    assert decode(tokens) == [HANAM._replace(sequence=5), other]


def test_a_decision_without_facts_has_no_token():
    response = Response()
    answer_with(response, [])
    assert "position" not in response.headers


names = st.text(min_size=1, max_size=40)
positions = st.builds(Position, names, names, st.integers(1, HIGHEST))


@given(st.lists(positions, max_size=10))
def test_every_token_survives_the_way_out_and_back(places):
    text = encode(places)
    if len(text) <= 4096:
        assert decode(text) == merged(places)
        assert text.isascii()


def code_of(read, text):
    try:
        read(text)
    except DomainError as refusal:
        return refusal.code
    return ""


@given(st.text())
def test_no_text_breaks_the_reader(text):
    assert code_of(decode, text) in ("", "position-malformed")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=12,
)


@given(json_values)
def test_no_other_json_passes_for_a_token(value):
    text = base64.urlsafe_b64encode(json.dumps([value]).encode()).decode().rstrip("=")
    try:
        places = decode(text)
    except DomainError:
        return
    assert [list(place) for place in places] == [value]


async def test_what_this_process_has_committed_is_known_without_a_look():
    reached = Reached()
    reached.note({"portal@1|directory.agency|agency/H42": 3})
    views = Views(MemoryDatabase(), "portal", reached)

    known = [await views.position("directory.agency", "agency/H42", wanted) for wanted in (2, 3, 4)]

    assert known == [3, 3, 0]


def test_what_another_process_commits_is_looked_for_together_and_not_at_every_bell():
    """In virtual time: five who ask at each of twenty bells cost one look at the database."""
    server, troubles = MemoryServer(), Troubles()
    views = Views(MemoryDatabase(server, troubles), "portal", Reached())
    places = [f"agency/H{number}" for number in range(5)]

    async def look():
        return await asyncio.gather(
            *(views.position("directory.agency", place, 1) for place in places)
        )

    async def story(_: VirtualLoop):
        await look()
        asked = troubles.asked["find"]
        position = {"topic": "directory.agency", "stream": "agency/H0", "sequence": 1}
        other = {"_id": "portal@1|directory.agency|agency/H0", **position}
        server.collections["positions"] = {other["_id"]: other}
        seen = []
        for _ in range(22):
            await elapse(LOOK_SECONDS / 20)
            seen.append(await look())
        return seen, troubles.asked["find"] - asked

    seen, asked = run_virtually(story)

    assert seen[0] == [0, 0, 0, 0, 0]
    assert seen[-1] == [1, 0, 0, 0, 0]
    assert asked == 1


async def test_whoever_waits_is_woken_by_what_is_committed():
    reached = Reached()
    waiting = asyncio.create_task(reached.news(30))
    await asyncio.sleep(0)

    reached.note({"portal@1|directory.agency|agency/H42": 3})

    await asyncio.wait_for(waiting, 20)


def test_what_was_committed_long_ago_is_looked_up_again():
    times = iter([0.0, 1.0, FRESH_SECONDS + 1, 3 * FRESH_SECONDS + 1])
    reached = Reached(lambda: next(times))
    reached.note({"place": 3})

    assert [reached.of("place") for _ in range(3)] == [3, 3, 0]
