"""The development issuer gives tokens that its published keys verify, and none in production."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import KeySet

from embedded.issuer import DEMO_GRANT, create_issuer
from embedded.trouble import Trouble

URL = "http://127.0.0.1:8000/dev-issuer"
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def client_of(app) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://issuer")


@pytest.fixture
async def issuer():
    app = create_issuer(URL, environment="development", now=lambda: NOON)
    async with client_of(app) as client:
        yield client


async def keys_of(issuer) -> KeySet:
    return KeySet.import_key_set((await issuer.get("/jwks")).json())


async def token_of(issuer, person="quan-tri", **more) -> str:
    answer = await issuer.post("/token", data={"grant_type": DEMO_GRANT, "person": person, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


async def test_discovery_names_this_issuer_and_its_keys(issuer):
    found = (await issuer.get("/.well-known/openid-configuration")).json()

    assert found["issuer"] == URL
    assert found["jwks_uri"] == f"{URL}/jwks"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
async def test_a_demo_person_gets_a_token_that_the_published_keys_verify(issuer, algorithm):
    token = await token_of(issuer, algorithm=algorithm)

    found = jwt.decode(token, await keys_of(issuer), algorithms=[algorithm])
    assert found.claims["sub"] == "quan-tri"
    assert found.claims["iss"] == URL
    assert found.claims["aud"] == "nhipcau"
    assert found.claims["exp"] - found.claims["iat"] == timedelta(hours=1).total_seconds()
    assert "directory:write" in found.claims["scope"].split()


async def test_a_client_proves_itself_in_the_form_or_in_the_header(issuer):
    form = {"grant_type": "client_credentials"}
    by_form = await issuer.post(
        "/token", data=form | {"client_id": "nhipcau-demo", "client_secret": "demo-secret"}
    )
    by_header = await issuer.post("/token", data=form, auth=("nhipcau-demo", "demo-secret"))

    assert (by_form.status_code, by_header.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": DEMO_GRANT, "person": "nobody"}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_id": "nhipcau-demo", "client_secret": "x"},
            401,
            "invalid_client",
        ),
    ],
)
async def test_a_wrong_request_is_refused_in_the_words_of_oauth(issuer, form, status, error):
    answer = await issuer.post("/token", data=form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_an_unreadable_header_is_refused(issuer):
    answer = await issuer.post(
        "/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": "Basic not-base64!"},
    )

    assert answer.status_code == 401


async def test_after_a_rotation_old_tokens_verify_and_new_ones_carry_the_new_key(issuer):
    before = await token_of(issuer)
    kid = (await issuer.post("/rotation")).json()["kid"]

    after = await token_of(issuer)

    keys = await keys_of(issuer)
    assert jwt.decode(before, keys).header["kid"] != kid
    assert jwt.decode(after, keys).header["kid"] == kid


async def test_a_key_is_gone_after_three_rotations(issuer):
    token = await token_of(issuer)
    for _ in range(3):
        await issuer.post("/rotation")

    keys = await keys_of(issuer)
    with pytest.raises(InvalidKeyIdError):
        jwt.decode(token, keys)


async def test_kept_keys_verify_tokens_from_before_a_restart_and_are_private(tmp_path):
    file = tmp_path / "keys.json"
    async with client_of(create_issuer(URL, environment="development", keys_file=file)) as first:
        token = await token_of(first)

    async with client_of(create_issuer(URL, environment="development", keys_file=file)) as second:
        assert jwt.decode(token, await keys_of(second)).claims["sub"] == "quan-tri"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_published_keys_hold_no_private_part(issuer):
    for key in (await issuer.get("/jwks")).json()["keys"]:
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)


def test_it_does_not_start_in_production():
    with pytest.raises(Trouble, match="does not start in production"):
        create_issuer(URL, environment="production")


def test_it_cannot_even_be_imported_in_production():
    ended = subprocess.run(
        [sys.executable, "-c", "import embedded.issuer"],
        env=os.environ | {"NHIPCAU_ENVIRONMENT": "production"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode != 0
    assert "does not start in production" in ended.stderr
