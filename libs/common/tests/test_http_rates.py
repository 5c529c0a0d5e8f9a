"""Rate limits count the right caller, tell what is left, and cost the same with many callers."""

import asyncio

import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st

from common.http.rates import address_of
from common.http.signed_in import FromToken
from common.http.windows import COLLECTION, MOST_CALLERS, Rate, Windows, exchange, keep_exchanging
from common.mongo import ANY, Transient
from common.testing.http import an_app, client_of
from common.testing.issuer import MemoryIssuer
from common.testing.mongo import MemoryDatabase


class Clock:
    def __init__(self):
        self.now = 600_000.0

    def __call__(self):
        return self.now


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/agencies")
    async def agencies() -> str:
        return "ok"

    @router.get("/mine")
    async def mine(who: FromToken) -> str:
        return who.subject

    return router


@pytest.fixture
def clock():
    return Clock()


def scope(forwarded="", client=("10.0.0.9", 1)):
    return {"headers": [(b"x-forwarded-for", forwarded.encode("latin-1"))], "client": client}


async def test_the_quota_is_told_and_its_end_is_429_until_the_window_ends():
    async with client_of(an_app([routes()], rate_limit="2/day")) as client:
        answers = [await client.get("/agencies") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"default";q=2;w=86400'
    assert answers[0].headers["ratelimit"].startswith('"default";r=1;t=')
    refused = answers[2]
    assert refused.json()["code"] == "too-many-requests"
    assert 0 < int(refused.headers["retry-after"]) <= 86_400


async def test_probes_and_metrics_are_never_refused():
    async with client_of(an_app([routes()], rate_limit="1/day")) as client:
        answers = [await client.get("/health/live") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}


async def test_people_behind_one_address_are_counted_apart_once_verified():
    issuer = MemoryIssuer()
    app = an_app([routes()], rate_limit="4/day", around={"verifier": issuer.verifier()})
    async with client_of(app) as client:
        an, binh = issuer.bearer("an"), issuer.bearer("binh")
        for who in (an, binh):  # the first request of each is counted by address
            await client.get("/mine", headers=who)
        of_an = [(await client.get("/mine", headers=an)).status_code for _ in range(5)]
        of_binh = (await client.get("/mine", headers=binh)).status_code

    assert of_an == [200, 200, 200, 200, 429]
    assert of_binh == 200


async def test_made_up_tokens_buy_nothing():
    app = an_app([routes()], rate_limit="3/day", around={"verifier": MemoryIssuer().verifier()})
    async with client_of(app) as client:
        statuses = [
            (await client.get("/mine", headers={"Authorization": f"Bearer x{n}"})).status_code
            for n in range(5)
        ]

    assert statuses == [401, 401, 401, 429, 429]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "10.0.0.9"),
        ("1.1.1.1", 0, "10.0.0.9"),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1, 10.0.0.2", 2, "1.1.1.1"),
        ("1.1.1.1", 2, "10.0.0.9"),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(forwarded, proxies, address):
    assert address_of(scope(forwarded), proxies) == address


@given(st.text(st.characters(max_codepoint=255)), st.integers(0, 5))
def test_no_forwarded_header_breaks_it(forwarded, proxies):
    assert address_of(scope(forwarded), proxies)


def test_a_new_window_begins_with_the_whole_quota(clock):
    windows = Windows(Rate.parse("2/minute"), now=clock)
    spent = [windows.hit("a").granted for _ in range(3)]

    clock.now += 60

    assert spent == [True, True, False]
    assert windows.hit("a") == windows.hit("b")


def test_the_window_says_when_it_ends(clock):
    windows = Windows(Rate(10, 60), now=clock)
    clock.now += 42.5

    assert windows.hit("a").seconds_left == 18


def test_callers_beyond_the_most_share_one_count(clock):
    windows = Windows(Rate(2, 60), now=clock)
    for number in range(MOST_CALLERS):
        windows.hit(str(number))

    granted = [windows.hit(f"new {number}").granted for number in range(3)]

    assert granted == [True, True, False]
    assert windows.hit("1").granted


async def test_processes_tell_each_other_who_is_near_the_quota(clock):
    database, rate = MemoryDatabase(), Rate(20, 60)
    one, other = Windows(rate, now=clock), Windows(rate, now=clock)
    for _ in range(11):
        one.hit("a")
        other.hit("a")
    one.hit("quiet")

    for windows, name in ((one, "p1"), (other, "p2"), (one, "p1")):
        await exchange(windows, database, name)

    assert not one.hit("a").granted
    assert not other.hit("a").granted
    assert other.hit("quiet").remaining == 19


class Away(MemoryDatabase):
    """Fails its first write, then works; tells when it was asked again."""

    def __init__(self):
        super().__init__()
        self.failed = False
        self.worked = asyncio.Event()

    async def write(self, writes):
        if not self.failed:
            self.failed = True
            raise Transient("away")
        await super().write(writes)
        self.worked.set()


async def test_an_app_shares_its_counts_when_it_is_told_where():
    database = Away()
    app = an_app([routes()], around={"rates_in": database})

    async with client_of(app), asyncio.timeout(5):
        await database.worked.wait()

    assert await database.count(COLLECTION, ANY) == 1


async def test_a_database_that_is_away_stops_nobody_and_is_asked_again(clock):
    database, windows = Away(), Windows(Rate(2, 60), now=clock)
    windows.hit("a")
    sharing = asyncio.create_task(keep_exchanging(windows, database, "p1", every=0.001))

    async with asyncio.timeout(5):
        await database.worked.wait()
    sharing.cancel()

    assert windows.hit("a").granted
    assert not windows.hit("a").granted


async def test_counts_of_an_old_window_are_not_heard(clock):
    database, rate = MemoryDatabase(), Rate(2, 60)
    one, other = Windows(rate, now=clock), Windows(rate, now=clock)
    one.hit("a")
    one.hit("a")
    await exchange(one, database, "p1")

    clock.now += 60
    await exchange(other, database, "p2")

    assert other.hit("a").granted
    assert await database.count(COLLECTION, ANY) == 1


@pytest.mark.parametrize("text", ["", "600", "0/minute", "5/year", "-1/day", "1/minute/day"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match="not a rate"):
        Rate.parse(text)
