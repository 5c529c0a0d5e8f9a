"""The attack list of sign-in, each through the whole HTTP side of a service: none gets further than 401 or 403."""

import base64
import hmac
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from authority.testing import NOON, Told
from common.settings import ServiceSettings
from common.testing.issuer import AUDIENCE, URL, MemoryIssuer
from common.testing.kafka import MemoryCluster
from common.testing.service import memory_service
from common.world import real_world
from portal.main import PARTS, create_app

SECONDS = int(NOON.timestamp())
HEAD = {"iss": URL, "aud": AUDIENCE, "sub": "thu-truong", "iat": SECONDS, "exp": SECONDS + 300}


class House:
    """A portal that knows who may answer, and an issuer it trusts."""

    def __init__(self, issuer: MemoryIssuer, http: httpx.AsyncClient) -> None:
        self.issuer = issuer
        self.http = http

    async def ask(
        self, token: str, path: str = "/authority/hanam/answer", **more
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
        return await self.http.get(path, headers=headers, **more)


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    world = replace(real_world(), now=lambda: NOON)
    issuer = MemoryIssuer(clock=world.now)
    settings = ServiceSettings(service="portal")
    service = memory_service(settings, PARTS, MemoryCluster(), world)
    app = create_app(settings, service, issuer.verifier())
    told = Told()
    told.site()
    for name, role in (("thu-truong", "agency_head"), ("can-bo", "staff")):
        told.person(name)
        told.link(name, name, issuer=URL)
        told.position(name, role)
    followed = app.state.authority.followed
    followed.known, followed.loaded, followed.heard = told.known(), True, NOON
    async with AsyncExitStack() as stack:
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal")
        house = House(issuer, await stack.enter_async_context(http))
        assert (await house.ask(issuer.sign(HEAD))).status_code == 200
        yield house


def unsigned(claims, **header) -> str:
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part(header)}.{part(claims)}"


def is_refused(answer: httpx.Response, code: str = "token-invalid") -> None:
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "thu-truong" not in answer.text


async def test_a_forged_token(house):
    forger = ECKey.generate_key("P-256", {"kid": "key-1"})

    is_refused(await house.ask(jwt.encode({"alg": "ES256", "kid": "key-1"}, HEAD, forger)))


async def test_an_expired_token(house):
    old = HEAD | {"iat": SECONDS - 900, "exp": SECONDS - 300}

    is_refused(await house.ask(house.issuer.sign(old)), "token-expired")


async def test_a_token_for_another_audience(house):
    is_refused(await house.ask(house.issuer.sign(HEAD | {"aud": "another-house"})))


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", ""])
async def test_an_unsigned_token(house, algorithm):
    is_refused(await house.ask(unsigned(HEAD, alg=algorithm, kid="key-1") + "."))


async def test_the_public_key_as_a_secret(house):
    secret = house.issuer.keys["key-1"].as_pem(private=False)
    head = unsigned(HEAD, alg="HS256", kid="key-1")
    mark = base64.urlsafe_b64encode(hmac.digest(secret, head.encode(), "sha256")).decode()

    is_refused(await house.ask(f"{head}.{mark.rstrip('=')}"))


@pytest.mark.parametrize("place", ["jku", "x5u", "jwk"])
async def test_a_key_of_the_attackers_own_place(house, place):
    forger = ECKey.generate_key("P-256", {"kid": "key-1"})
    value = forger.as_dict(private=False) if place == "jwk" else "https://evil.example/keys"
    header = {"alg": "ES256", "kid": "key-1", place: value}
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    _, claims, mark = jwt.encode({"alg": "ES256"}, HEAD, forger).split(".")

    is_refused(await house.ask(f"{head}.{claims}.{mark}"))


@pytest.mark.parametrize("key_id", ["../key-1", "key-1' OR '1'='1", "key-1\x00", "KEY-1"])
async def test_a_key_id_that_tries_to_be_more_than_a_name(house, key_id):
    is_refused(await house.ask(house.issuer.sign(HEAD, kid=key_id)))


@pytest.mark.parametrize("kind", ["ID", "Refresh", "Offline", "Logout"])
async def test_a_token_made_for_something_else(house, kind):
    is_refused(await house.ask(house.issuer.sign(HEAD | {"typ": kind})))


async def test_a_payload_that_was_edited_to_be_somebody_else(house):
    mine = house.issuer.token("can-bo")
    assert (await house.ask(mine)).status_code == 403
    head, claims, mark = mine.split(".")
    edited = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"sub": "thu-truong"}
    body = base64.urlsafe_b64encode(json.dumps(edited).encode()).decode().rstrip("=")

    is_refused(await house.ask(f"{head}.{body}.{mark}"))


async def test_a_name_a_scope_or_a_claim_in_the_token_gives_no_power(house):
    """Tokens say who somebody is; what they may do, the directory says."""
    token = house.issuer.token(
        "can-bo",
        name="thu-truong",
        preferred_username="thu-truong",
        scope="admin directory:write answer",
        person="thu-truong",
        roles=["agency_head"],
    )

    answer = await house.ask(token)

    assert (answer.status_code, answer.json()["code"]) == (403, "not-authorised")


@pytest.mark.parametrize(
    "name", ["X-Forwarded-User", "X-Remote-User", "X-Original-User", "Forwarded", "Cookie"]
)
async def test_a_header_that_claims_to_be_somebody(house, name):
    answer = await house.http.get("/authority/hanam/answer", headers={name: "thu-truong"})

    assert (answer.status_code, answer.json()["code"]) == (401, "token-missing")


async def test_two_sign_ins_at_once(house):
    good, mine = house.issuer.token("thu-truong"), house.issuer.token("can-bo")
    both = [("Authorization", f"Bearer {mine}"), ("Authorization", f"Bearer {good}")]

    answer = await house.http.get("/authority/hanam/answer", headers=both)

    assert answer.status_code == 403


async def test_the_token_of_another_house_with_the_same_subject(house):
    other = MemoryIssuer(clock=lambda: NOON)
    is_refused(await house.ask(other.sign(HEAD)))
    is_refused(
        await house.ask(house.issuer.sign(HEAD | {"iss": "https://id.example/realms/nhipcaU"}))
    )


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "..", "x" * 9000, "null", "é.é.é"])
async def test_what_is_no_token_at_all(house, token):
    answer = await house.http.get(
        "/authority/hanam/answer", headers={"Authorization": f"Bearer {token}".encode()}
    )

    assert answer.status_code == 401
