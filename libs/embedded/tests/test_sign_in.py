"""A person signs in by code and PKCE; what is replayed, redirected or proved wrongly gets nothing."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.routing import Mount

from common.errors import Unauthenticated
from common.identity import TokenVerifier
from common.issuer import Issuer
from embedded.issuer import create_issuer
from embedded.issuer_clients import CLIENTS
from embedded.people import PEOPLE

URL = "http://127.0.0.1:8000/dev-issuer"
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
CALLBACK = "http://127.0.0.1:39211/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
ASKED = {
    "response_type": "code",
    "client_id": "nhipcau-console",
    "redirect_uri": CALLBACK,
    "scope": "openid",
    "state": "s-1",
    "nonce": "n-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Clock:
    def __init__(self):
        self.at = NOON

    def now(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def issuer(clock):
    app = create_issuer(URL, environment="development", now=clock.now)
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/dev-issuer", app)]))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


def verifier_for(issuer, clock) -> TokenVerifier:
    return TokenVerifier(Issuer(URL, issuer), "nhipcau", clock=clock.now)


async def code_of(issuer, person="hanam.truong-ban", **changes) -> str:
    answer = await issuer.post("authorize", data=ASKED | {"person": person} | changes)
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def exchange(issuer, code, /, **changes) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": "nhipcau-console",
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return await issuer.post("token", data=form | changes)


async def refresh(issuer, token, client="nhipcau-console") -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client}
    return await issuer.post("token", data=form)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


async def test_a_person_chooses_themselves_and_gets_tokens_that_services_take(issuer, clock):
    page = await issuer.get("authorize", params=ASKED)
    assert page.status_code == 200
    assert "Trần Thị Bích Hạnh" in page.text

    answer = await exchange(issuer, await code_of(issuer))

    tokens = answer.json()
    who = await verifier_for(issuer, clock).verify(tokens["access_token"])
    assert (who.subject, who.issuer, who.client) == ("hanam.truong-ban", URL, "nhipcau-console")
    assert (who.name, who.kind) == ("Trần Thị Bích Hạnh", "person")
    keys = KeySet.import_key_set((await issuer.get("jwks")).json())
    identity = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
    assert identity.claims["nonce"] == "n-1"
    assert identity.claims["aud"] == "nhipcau-console"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_answer_carries_state_and_issuer(issuer):
    answer = await issuer.post("authorize", data=ASKED | {"person": "hanam.truong-ban"})

    found = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (found["state"], found["iss"]) == (["s-1"], [URL])


async def test_an_id_token_is_no_access_token(issuer, clock):
    tokens = (await exchange(issuer, await code_of(issuer))).json()

    with pytest.raises(Unauthenticated):
        await verifier_for(issuer, clock).verify(tokens["id_token"])


async def test_a_replayed_code_gets_nothing_and_takes_back_what_it_gave(issuer):
    code = await code_of(issuer)
    first = (await exchange(issuer, code)).json()

    assert refusal(await exchange(issuer, code)) == (400, "invalid_grant")
    assert refusal(await refresh(issuer, first["refresh_token"])) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": ""},
        {"code_verifier": CHALLENGE},
        {"redirect_uri": "http://127.0.0.1:39212/callback"},
        {"redirect_uri": ""},
        {"code": "made-up"},
    ],
    ids=["wrong verifier", "no verifier", "the challenge", "redirect", "no redirect", "code"],
)
async def test_a_wrong_exchange_is_refused_and_spends_the_code(issuer, changes):
    code = await code_of(issuer)

    assert refusal(await exchange(issuer, code, **changes)) == (400, "invalid_grant")
    if "code" not in changes:
        assert refusal(await exchange(issuer, code)) == (400, "invalid_grant")


async def test_a_code_is_no_use_to_another_program(issuer):
    code = await code_of(issuer)

    answer = await exchange(
        issuer, code, client_id="nhipcau-demo", client_secret=CLIENTS["nhipcau-demo"].secret
    )

    assert refusal(answer) == (400, "invalid_grant")


async def test_a_code_is_good_for_a_minute(issuer, clock):
    code = await code_of(issuer)
    clock.at += timedelta(seconds=60)

    assert refusal(await exchange(issuer, code)) == (400, "invalid_grant")


async def test_a_refresh_token_is_exchanged_once_and_its_replay_ends_the_sign_in(issuer):
    first = (await exchange(issuer, await code_of(issuer))).json()["refresh_token"]
    second = (await refresh(issuer, first)).json()["refresh_token"]

    assert refusal(await refresh(issuer, first)) == (400, "invalid_grant")
    assert refusal(await refresh(issuer, second)) == (400, "invalid_grant")


async def test_a_refresh_token_is_no_use_to_another_program(issuer):
    token = (await exchange(issuer, await code_of(issuer))).json()["refresh_token"]

    form = {"grant_type": "refresh_token", "refresh_token": token}
    answer = await issuer.post("token", data=form, auth=("nhipcau-demo", "demo-secret"))

    assert refusal(answer) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1:39211/other"},
        {"redirect_uri": "http://127.0.0.1:39211@evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1.evil.example:80/callback"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": CALLBACK + "#fragment"},
        {"redirect_uri": CALLBACK + "?more=1"},
        {"redirect_uri": "http://127.0.0.1:99999999/callback"},
        {"client_id": "unknown"},
        {"client_id": "nhipcau-demo"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_is_sent_to_an_address_that_is_not_the_programs(issuer, changes, method):
    values = ASKED | {"person": "hanam.truong-ban"} | changes
    where = {"params": values} if method == "GET" else {"data": values}

    answer = await issuer.request(method, "authorize", **where)

    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"state": "x" * 3000}, "invalid_request"),
        ({"person": "nobody"}, "access_denied"),
        ({"person": "mot-cua"}, "access_denied"),
    ],
)
async def test_a_program_is_told_what_it_asked_wrongly(issuer, changes, error):
    answer = await issuer.post("authorize", data=ASKED | {"person": "hanam.thu-ky"} | changes)

    found = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (found["error"], "code" in found) == ([error], False)


async def test_a_public_client_has_no_account_of_its_own(issuer):
    form = {"grant_type": "client_credentials", "client_id": "nhipcau-console"}

    assert refusal(await issuer.post("token", data=form)) == (400, "unauthorized_client")


async def test_a_system_signs_in_with_its_secret_and_is_a_system(issuer, clock):
    form = {"grant_type": "client_credentials"}
    answer = await issuer.post("token", data=form, auth=("mot-cua", "mot-cua-secret"))

    who = await verifier_for(issuer, clock).verify(answer.json()["access_token"])
    assert (who.subject, who.kind, who.scopes) == ("mot-cua", "system", {"dossiers:write"})


async def test_a_rotated_key_is_found_by_services_without_a_restart(issuer, clock):
    verifier = verifier_for(issuer, clock)
    await verifier.verify((await exchange(issuer, await code_of(issuer))).json()["access_token"])
    verifier.issuer._tried_at = float("-inf")  # ten seconds later

    await issuer.post("rotation")

    tokens = (await exchange(issuer, await code_of(issuer))).json()
    assert (await verifier.verify(tokens["access_token"])).subject == "hanam.truong-ban"


@pytest.mark.parametrize("path", ["authorize", "people"])
async def test_pages_need_no_script_and_nothing_from_elsewhere(issuer, path):
    answer = await issuer.get(path, params=ASKED, headers={"Accept": "text/html"})

    assert "<script" not in answer.text
    assert not re.search(r"\son\w+=|javascript:|style=", answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    addresses = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
    assert all("//" not in address.partition("?")[0] for address in addresses)


async def test_the_page_speaks_vietnamese_and_english(issuer):
    english = await issuer.get("authorize", params=ASKED, headers={"Accept-Language": "en"})
    asked = await issuer.get("authorize", params=ASKED | {"ui_locales": "en"})
    vietnamese = await issuer.get("authorize", params=ASKED, headers={"Accept-Language": "fr"})

    assert 'lang="en"' in english.text
    assert "Who do you want to be?" in english.text
    assert "Who do you want to be?" in asked.text
    assert "Bạn muốn vào với tư cách ai?" in vietnamese.text


async def test_what_a_program_sends_is_shown_as_text(issuer):
    answer = await issuer.get("authorize", params=ASKED | {"state": '"><script>alert(1)</script>'})

    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_every_person_can_be_reached_by_keyboard_as_a_button(issuer):
    answer = await issuer.get("authorize", params=ASKED)

    choices = re.findall(r'<button class="person" name="person" value="([^"]+)">', answer.text)
    assert sorted(choices) == sorted(person.id for person in PEOPLE if not person.is_system)


async def test_the_page_of_people_gives_a_token_to_copy(issuer, clock):
    answer = await issuer.post("people/hanam.thu-ky/token")

    token = re.search(r"<textarea[^>]*>([^<]+)<", answer.text)
    assert token is not None
    assert (await verifier_for(issuer, clock).verify(token[1])).subject == "hanam.thu-ky"
    assert (await issuer.post("people/nobody/token")).status_code == 404


def test_the_challenge_of_the_standard_is_the_one_of_its_verifier():
    digest = hashlib.sha256(VERIFIER.encode()).digest()

    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == CHALLENGE
