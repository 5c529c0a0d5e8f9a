"""The code that trusts the development issuer signs in against a real Keycloak, with nothing changed but an address."""

import base64
import hashlib
import json
import re
import secrets
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from common.errors import Unauthenticated
from common.identity import TokenVerifier
from common.issuer import BETWEEN_LOOKS, Issuer
from embedded.issuer_clients import CLIENTS
from embedded.jars import MIRROR
from embedded.keycloak import ADMIN, keycloak
from embedded.people import PEOPLE
from embedded.ports import free_port
from embedded.trouble import Trouble

REALM = Path(__file__).parents[3] / "deploy/compose/realm.json"
CALLBACK = "http://127.0.0.1:39211/callback"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    port = free_port()
    running = keycloak(tmp_path_factory.mktemp("keycloak"), port, REALM)
    running.start(within=90)
    yield f"http://127.0.0.1:{port}"
    running.stop()


@pytest.fixture
def url(address):
    return f"{address}/realms/nhipcau"


class Seconds:
    def __init__(self):
        self.now = 0.0


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
async def http():
    async with httpx.AsyncClient(timeout=20) as client:
        yield client


@pytest.fixture
def verifier(url, http, seconds):
    return TokenVerifier(Issuer(url, http, now=lambda: seconds.now), "nhipcau")


async def signed_in(http, url, person) -> dict:
    """Authorization code and PKCE, as a browser and a program do it together.

    Browsers send secure cookies to the loopback address without TLS; here that is done by hand.
    """
    proof = secrets.token_urlsafe(48)
    digest = hashlib.sha256(proof.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": "nhipcau-console",
        "redirect_uri": CALLBACK,
        "scope": "openid",
        "state": "s-1",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    page = await http.get(f"{url}/protocol/openid-connect/auth", params=asked)
    form = re.search(r'action="([^"]+)"', page.text)
    assert form is not None, page.text[:2000]
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in page.cookies.items())}
    who = {"username": person, "password": "demo"}
    answer = await http.post(unescape(form[1]), data=who, headers=cookies)
    assert answer.status_code == 302, answer.text[:2000]
    back = urlsplit(answer.headers["location"])
    assert answer.headers["location"].startswith(CALLBACK)
    exchange = {
        "grant_type": "authorization_code",
        "code": parse_qs(back.query)["code"][0],
        "client_id": "nhipcau-console",
        "redirect_uri": CALLBACK,
        "code_verifier": proof,
    }
    tokens = await http.post(f"{url}/protocol/openid-connect/token", data=exchange)
    replayed = await http.post(f"{url}/protocol/openid-connect/token", data=exchange)
    assert replayed.status_code == 400
    return tokens.raise_for_status().json()


async def system_token(http, url, client) -> str:
    answer = await http.post(
        f"{url}/protocol/openid-connect/token",
        data={"grant_type": "client_credentials"},
        auth=(client, CLIENTS[client].secret),
    )
    return answer.raise_for_status().json()["access_token"]


async def rotate(http, address) -> None:
    """A new signing key with precedence, as an operator makes one in the admin console."""
    form = {
        "grant_type": "password",
        "client_id": "admin-cli",
        "username": ADMIN,
        "password": ADMIN,
    }
    answer = await http.post(f"{address}/realms/master/protocol/openid-connect/token", data=form)
    bearer = {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}
    realm = (await http.get(f"{address}/admin/realms/nhipcau", headers=bearer)).json()["id"]
    key = {
        "name": "rotated",
        "providerId": "rsa-generated",
        "providerType": "org.keycloak.keys.KeyProvider",
        "parentId": realm,
        "config": {"priority": ["1000"], "enabled": ["true"], "active": ["true"]},
    }
    made = await http.post(f"{address}/admin/realms/nhipcau/components", json=key, headers=bearer)
    assert made.status_code == 201, made.text


def key_id(token) -> str:
    head = token.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]


@pytest.mark.engine
async def test_a_person_signs_in_with_a_code_and_is_the_subject_of_the_realm(http, url, verifier):
    tokens = await signed_in(http, url, "hanam.truong-ban")

    who = await verifier.verify(tokens["access_token"])

    assert (who.issuer, who.subject, who.kind) == (url, "hanam.truong-ban", "person")
    assert who.client == "nhipcau-console"
    assert who.scopes.isdisjoint({"directory:write", "operations"})
    for other in ("id_token", "refresh_token"):
        with pytest.raises(Unauthenticated):
            await verifier.verify(tokens[other])


@pytest.mark.engine
@pytest.mark.parametrize("client", ["nhipcau-demo", "mot-cua"])
async def test_a_system_signs_in_with_its_secret_and_is_a_system(http, url, verifier, client):
    who = await verifier.verify(await system_token(http, url, client))

    assert (who.kind, who.client) == ("system", client)
    assert set(CLIENTS[client].scopes) <= who.scopes


@pytest.mark.engine
async def test_a_token_for_another_audience_is_refused(http, url):
    verifier = TokenVerifier(Issuer(url, http), "another-house")

    with pytest.raises(Unauthenticated):
        await verifier.verify(await system_token(http, url, "mot-cua"))


@pytest.mark.engine
async def test_a_rotated_key_is_found_by_one_look(http, address, url, verifier, seconds):
    before = await system_token(http, url, "mot-cua")
    await verifier.verify(before)

    await rotate(http, address)
    after = await system_token(http, url, "mot-cua")
    assert key_id(after) != key_id(before)
    with pytest.raises(Unauthenticated):
        await verifier.verify(after)  # looked just now: made-up key ids must not flood it
    seconds.now = BETWEEN_LOOKS

    assert (await verifier.verify(after)).kind == "system"
    assert (await verifier.verify(before)).kind == "system"


def test_the_realm_of_compose_knows_the_programs_and_people_of_the_demo():
    realm = json.loads(REALM.read_text("utf-8"))

    clients = {client["clientId"]: client.get("secret") for client in realm["clients"]}
    users = {user["username"]: user["id"] for user in realm["users"]}
    assert clients == {client.id: client.secret for client in CLIENTS.values()}
    assert set(users) <= {person.id for person in PEOPLE}
    assert all(name == subject for name, subject in users.items())


def test_a_distribution_that_cannot_be_fetched_is_said_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv(MIRROR, "http://127.0.0.1:1/nothing")

    with pytest.raises(Trouble, match="could not be fetched"):
        keycloak(tmp_path / "home", 1, REALM, cache=tmp_path / "cache")
