"""The console whole: sign-in at an issuer in memory, pages over services that answer from a table."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

import console
from common.settings import SettingsError, load
from common.testing.issuer import URL, MemoryIssuer
from common.world import World
from console.main import create_app
from console.settings import Settings
from pages.catalogue import faults

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
HOME = "http://house/console"
AGENCY = {
    "agency_id": "hanam.snv",
    "site": "hanam",
    "jurisdiction": "hanam",
    "valid_from": "2019-01-01",
    "valid_to": None,
    "as_of": None,
    "attributes": {"name_vi": "Sở Nội vụ <b>", "kind": "department", "supplies": []},
    "successions": [],
}
SITE = {"site": "hanam", "attributes": {"name_vi": "Cổng Hà Nam", "name_en": "Hà Nam portal"}}
ENTRY = {
    "version": 1,
    "at": "2026-11-23T05:00:00.000Z",
    "actor": "an",
    "proof": {
        "rule": "house.administrator",
        "by": "position",
        "person": "hanam.an",
        "site": "installation",
        "role": "administrator",
        "profile": "house@1",
        "act": "register_agency",
        "at": "2026-11-23T12:00:00.000+07:00",
        "explanation": {},
        "delegations": [],
    },
    "hash": "ab" * 32,
    "facts": [{"type": "directory.agency_registered.v1"}],
}
STATE = {
    "service": "portal",
    "outbox": 2,
    "seals": 7,
    "unsealed": 3,
    "consumers": [
        {"name": "portal@1", "lag": {"directory.agency": 4}, "held": 1, "held_since": "2026-11-23T05:00:00Z", "parked": 2}
    ],
    "parked": [
        {"consumer": "portal@1", "topic": "directory.agency", "stream": "/directory/agency/x", "sequence": 3, "code": "bug",
         "detail": "KeyError", "at": "2026-11-23T05:00:00Z", "behind": 1}
    ],
}  # fmt: skip
NEED = {"vi": "Giao trang cho cơ quan khác.", "en": "Give the site to another agency.", "acts": []}
LEFT = {
    "kind": "agency",
    "id": "hanam.duytien",
    "on": "2025-07-01",
    "ended": True,
    "heirs": [],
    "follows": False,
    "complete": True,
    "items": [
        {"kind": "site", "id": "hanam-duytien", "name": "Trang <i>Duy Tiên", "site": "hanam-duytien", "by": "agency",
         "since": "2025-07-01", "holder": None, "need": NEED},
        {"kind": "position", "id": "an.1", "name": "Trần Văn An", "site": "hanam", "by": "agency",
         "since": "2025-07-01", "holder": "hanam.an", "need": NEED},
    ],
}  # fmt: skip
DECISION = ENTRY | {
    "site": "hanam",
    "cause": "key",
    "right": {
        "by": "authority",
        "rule": "hanam.d13.k1",
        "article": {
            "instrument": "Quyết định 19/2019/QĐ-UBND",
            "part": "regulation",
            "article": "13",
            "clause": "1",
            "point": None,
            "item": None,
        },
        "position": "hanam.chu-tich.1",
        "delegations": ["uq.1"],
        "proof": {"person": "hanam.an", "rule": "hanam.d13.k1"},
    },
    "changed": [
        {"field": "name_vi", "before": None, "after": "Sở <b> mới"},
        {"field": "competence_keywords", "before": [], "after": ["công báo", "biên chế"]},
    ],
    "documents": [{"number": "12/QĐ-UBND"}],
    "together_with": ["/directory/agency/hanam.x"],
}
AUDIT = {
    "stream": "/directory/agency/hanam.snv",
    "chain": {"intact": True, "versions": 1, "broken_at": None, "reason": None, "sealed_to": 1},
    "decisions": [DECISION],
}
UNIT = {
    "unit_id": "province-35",
    "site": "national",
    "level": "province",
    "valid_from": "2013-01-01",
    "valid_to": "2025-07-01",
    "as_of": None,
    "attributes": {"name_vi": "Tỉnh Hà Nam", "code": "35", "kind": "province"},
    "successions": [
        {"kind": "merge", "effective_on": "2025-07-01", "predecessors": ["province-35"], "successors": ["province-37-2025"],
         "document": "202/2025/QH15", "note": "Chưa kiểm chứng."}
    ],
}  # fmt: skip
HEIR = UNIT | {
    "unit_id": "province-37-2025",
    "attributes": {"name_vi": "Tỉnh Ninh Bình", "code": "37"},
}
UNITS = "/api/directory/administrative-units"
HEALTH = {"service": "portal", "status": "ok", "checks": []}


@dataclass
class House:
    """Everything the console calls: the issuer's token endpoint and the services' APIs."""

    issuer: MemoryIssuer
    now: datetime = NOON
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    refused: bool = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.host == urlsplit(URL).hostname:
            return self._issuer(request)
        known = self.answers.get(request.url.path)
        if known is None:
            problem = {"title": "Không có", "detail": "Không có địa chỉ này.", "status": 404}
            return httpx.Response(404, json=problem)
        status, body = known if isinstance(known, tuple) else (200, known)
        return httpx.Response(status, json=body)

    def _issuer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/openid-configuration"):
            return httpx.Response(
                200,
                json={
                    "issuer": URL,
                    "jwks_uri": f"{URL}/keys",
                    "authorization_endpoint": f"{URL}/auth",
                    "token_endpoint": f"{URL}/token",
                },
            )
        if request.url.path.endswith("/token"):
            return self._tokens(parse_qs(request.content.decode()))
        keys = [key.as_dict(private=False) for key in self.issuer.keys.values()]
        return httpx.Response(200, json={"keys": keys})

    def _tokens(self, form: dict[str, list[str]]) -> httpx.Response:
        if self.refused:
            return httpx.Response(400, json={"error": "invalid_grant"})
        usual = {"aud": "nhipcau-console", "nonce": self.nonce, "name": "Trần Văn An"}
        return httpx.Response(
            200,
            json={
                "access_token": f"access-{form['grant_type'][0]}",
                "refresh_token": "refresh",
                "expires_in": 600,
                "scope": "openid operations",
                "id_token": self.issuer.token("an", **usual | self.claims),
            },
        )


@pytest.fixture
def house() -> House:
    house = House(MemoryIssuer(clock=lambda: NOON))
    house.answers = {
        "/api/portal/health/ready": HEALTH,
        "/api/directory/agencies": {"items": [AGENCY], "next": "abc"},
        "/api/directory/agencies/hanam.snv": AGENCY,
        "/api/directory/people/hanam.an": {"attributes": {"full_name": "Trần Văn An"}},
        "/api/directory/sites": {"items": [SITE]},
        "/api/directory/agencies/hanam.snv/history": [ENTRY],
        "/api/portal/authority/mine": {"person": None, "may": []},
        "/api/portal/operations": STATE,
        "/api/portal/operations/replays": (202, {}),
    }
    return house


@pytest.fixture
async def browser(house: House) -> AsyncGenerator[httpx.AsyncClient]:
    settings = Settings(
        service="console", public_url="http://house", oidc_issuer=URL, api_url="http://services"
    )
    world = World(lambda: house.now, lambda: "id", Random(1))
    services = httpx.AsyncClient(transport=httpx.MockTransport(house.answer))
    app = create_app(settings, services, world)
    transport = httpx.ASGITransport(app, root_path="/console")
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as browser:
        yield browser


async def sign_in(browser: httpx.AsyncClient, house: House, then: str = "/") -> httpx.Response:
    begun = await browser.get("/console/sign-in", params={"then": then})
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    house.nonce = asked["nonce"][0]
    return await browser.get(
        "/console/callback", params={"state": asked["state"][0], "code": "c", "iss": URL}
    )


def form_token(page: httpx.Response) -> str:
    return re.findall(r'name="form_token" value="([^"]+)"', page.text)[0]


async def test_a_stranger_is_welcomed_and_sent_to_sign_in_for_anything_else(browser):
    welcome = await browser.get("/console/")
    asked = await browser.get("/console/agencies?q=n%E1%BB%99i")

    assert (welcome.status_code, "/console/sign-in" in welcome.text) == (200, True)
    assert asked.status_code == 303
    assert asked.headers["location"] == "/console/sign-in?then=%2Fagencies%3Fq%3Dn%25E1%25BB%2599i"


async def test_signing_in_asks_with_pkce_state_and_nonce_and_comes_back_to_the_page(browser, house):
    begun = await browser.get("/console/sign-in", params={"then": "/agencies"})
    address = urlsplit(begun.headers["location"])
    asked = {key: values[0] for key, values in parse_qs(address.query).items()}
    done = await sign_in(browser, house, "/agencies")
    page = await browser.get("/console/agencies")

    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{URL}/auth"
    assert asked["redirect_uri"] == f"{HOME}/callback"
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert (done.status_code, done.headers["location"]) == (303, "/console/agencies")
    assert "Trần Văn An" in page.text
    sent = next(r for r in house.asked if r.url.path == "/api/directory/agencies")
    assert sent.headers["authorization"] == "Bearer access-authorization_code"


async def test_cookies_are_out_of_the_reach_of_scripts_and_hold_nothing_readable(browser, house):
    done = await sign_in(browser, house)
    cookies = done.headers.get_list("set-cookie")

    (session,) = [each for each in cookies if each.startswith("session=") and "Max-Age=0" not in each]  # fmt: skip
    assert all(word in session for word in ("HttpOnly", "SameSite=lax", "Path=/console"))
    assert "access-" not in session


@pytest.mark.parametrize(
    ("claims", "refused"),
    [
        pytest.param({"nonce": "another"}, False, id="another sign-in's token"),
        pytest.param({"aud": "nhipcau"}, False, id="another program's token"),
        pytest.param({"azp": "mot-cua"}, False, id="given to another program"),
        pytest.param({"iss": "https://evil.example"}, False, id="another issuer's token"),
        pytest.param({"exp": 1}, False, id="an expired token"),
        pytest.param({}, True, id="a code used before"),
    ],
)
async def test_an_answer_that_is_not_for_this_sign_in_signs_nobody_in(
    browser, house, claims, refused
):
    house.claims, house.refused = claims, refused

    answer = await sign_in(browser, house)
    after = await browser.get("/console/agencies")

    assert answer.status_code == 401
    assert after.status_code == 303


async def test_a_callback_nobody_began_is_refused(browser, house):
    answer = await browser.get("/console/callback", params={"state": "x", "code": "c"})

    assert answer.status_code == 401
    assert not [request for request in house.asked if request.url.path.endswith("/token")]


@pytest.mark.parametrize(
    ("state", "late"),
    [
        pytest.param("another", timedelta(0), id="somebody else's answer"),
        pytest.param("", timedelta(0), id="no state"),
        pytest.param(None, timedelta(minutes=11), id="an answer that comes too late"),
    ],
)
async def test_an_answer_that_the_browser_did_not_ask_for_is_not_exchanged(
    browser, house, state, late
):
    """Another's code must not sign this browser in as them, whatever the issuer would say to it."""
    begun = await browser.get("/console/sign-in")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    house.nonce = asked["nonce"][0]
    house.now = NOON + late
    back = {"state": asked["state"][0] if state is None else state, "code": "c"}

    answer = await browser.get("/console/callback", params=back)

    assert answer.status_code == 401
    assert not [request for request in house.asked if request.url.path.endswith("/token")]


async def test_a_callback_cannot_be_played_again(browser, house):
    begun = await browser.get("/console/sign-in")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    house.nonce = asked["nonce"][0]
    back = {"state": asked["state"][0], "code": "c"}

    first = await browser.get("/console/callback", params=back)
    again = await browser.get("/console/callback", params=back)

    assert (first.status_code, again.status_code) == (303, 401)


async def test_a_token_is_renewed_before_it_ends_and_the_person_notices_nothing(browser, house):
    await sign_in(browser, house)
    house.now = NOON + timedelta(seconds=545)

    page = await browser.get("/console/agencies")

    assert page.status_code == 200
    sent = [r for r in house.asked if r.url.path == "/api/directory/agencies"]
    assert sent[-1].headers["authorization"] == "Bearer access-refresh_token"


async def test_an_ended_sign_in_leads_back_to_signing_in(browser, house):
    await sign_in(browser, house)
    house.now, house.refused = NOON + timedelta(hours=1), True

    page = await browser.get("/console/agencies")

    assert page.status_code == 303


async def test_names_from_services_are_escaped(browser, house):
    await sign_in(browser, house)

    listed = await browser.get("/console/agencies")
    one = await browser.get("/console/agencies/hanam.snv", params={"lang": "en"})

    assert "Sở Nội vụ &lt;b&gt;" in listed.text
    assert "Sở Nội vụ &lt;b&gt;" in one.text
    assert ">Cổng Hà Nam</a>" in listed.text
    assert ">Hà Nam portal</a>" in one.text
    assert "cursor=abc" in listed.text
    assert "Registered" in one.text


async def test_what_an_end_leaves_is_listed_with_what_each_thing_needs(browser, house):
    house.answers["/api/directory/leftovers/agency/hanam.duytien"] = LEFT
    await sign_in(browser, house)

    page = await browser.get("/console/leftovers/agency/hanam.duytien")
    english = await browser.get("/console/leftovers/agency/hanam.duytien", params={"lang": "en"})

    assert "Trang &lt;i&gt;Duy Tiên" in page.text
    assert "2 mục còn lại" in page.text
    assert 'href="/console/people/hanam.an"' in page.text
    assert "Give the site to another agency." in english.text


async def test_what_follows_by_itself_says_so_and_nothing_left_is_said_too(browser, house):
    gone = LEFT | {"heirs": ["hanam.ubnd"], "follows": True, "items": []}
    house.answers["/api/directory/leftovers/agency/hanam.duytien"] = gone
    await sign_in(browser, house)

    page = await browser.get("/console/leftovers/agency/hanam.duytien")

    assert "Có đúng một nơi kế thừa: hanam.ubnd" in page.text
    assert "Không còn gì" in page.text


async def test_the_audit_of_an_item_says_who_by_what_right_and_what_changed(browser, house):
    house.answers["/api/directory/audit/agency/hanam.snv"] = AUDIT
    await sign_in(browser, house)

    page = (await browser.get("/console/audit/agency/hanam.snv")).text

    assert "Chuỗi nguyên vẹn" in page
    assert "khoản 1 Điều 13 Quy chế" in page
    assert "Trần Văn An" in page.partition("<main")[2]
    assert "công báo, biên chế" in page
    assert 'href="/console/delegations/uq.1"' in page
    assert "12/QĐ-UBND" in page
    assert "Sở &lt;b&gt; mới" in page


async def test_what_an_audit_tells_for_the_first_time_has_no_before_and_stands_once(browser, house):
    first = [
        {"field": field, "before": None, "after": "vn"} for field in ("adopted.calendar_id", "id")
    ]
    days = [{"date": f"2026-01-0{n}", "kind": "holiday"} for n in range(1, 10)]
    first.append({"field": "adopted.days", "before": None, "after": days})
    told = AUDIT | {"decisions": [AUDIT["decisions"][0] | {"changed": first}]}
    house.answers["/api/directory/audit/calendar/vn"] = told
    await sign_in(browser, house)

    page = (await browser.get("/console/audit/calendar/vn")).text

    assert "Kiểm tra: Lịch chung của cả nước" in page
    assert page.count("Mã trong hệ thống") == 1
    assert "<th" not in page.partition("<main")[2]
    assert "9 mục" in page
    assert "01/01/2026; Nghỉ lễ, tết" in page


async def test_a_refusal_names_the_people_and_sites_it_speaks_of(browser, house):
    said = {"vi": ["hanam.an không được gửi bài tại hanam; hỏi hanam.binh."], "en": ["No."]}
    problem = {"title": "Không được phép", "detail": "Việc này bị từ chối.", "sentences": said}
    house.answers["/api/directory/agencies/hanam.snv"] = (403, problem)
    await sign_in(browser, house)

    page = await browser.get("/console/agencies/hanam.snv")

    assert "Trần Văn An không được gửi bài tại Cổng Hà Nam; hỏi hanam.binh." in page.text


async def test_a_broken_chain_is_told_with_its_place(browser, house):
    broken = AUDIT | {"chain": AUDIT["chain"] | {"intact": False, "broken_at": 3}}
    house.answers["/api/directory/audit/agency/hanam.snv"] = broken
    await sign_in(browser, house)

    page = (await browser.get("/console/audit/agency/hanam.snv")).text

    assert "Chuỗi bị đứt ở bản 3" in page


async def test_a_unit_shows_who_stands_in_its_place_and_what_nobody_verified(browser, house):
    house.answers[UNITS] = {"items": [UNIT], "next": None}
    house.answers[f"{UNITS}/province-35"] = UNIT
    became = {"unit_id": "province-35", "on": "2026-11-23", "now": [HEIR], "path": [], "lost": []}
    house.answers[f"{UNITS}/province-35/became"] = became
    await sign_in(browser, house)

    listed = await browser.get("/console/administrative-units", params={"on": "2025-06-30"})
    one = await browser.get("/console/administrative-units/province-35")

    assert 'href="/console/administrative-units/province-35?on=2025-06-30"' in listed.text
    assert "Tỉnh Ninh Bình" in one.text
    assert "Chưa kiểm chứng." in one.text
    asked = next(each for each in house.asked if each.url.path.endswith("/became"))
    assert asked.url.params["on"] == NOON.date().isoformat()


async def test_a_day_that_does_not_exist_is_told_on_the_map_too(browser, house):
    await sign_in(browser, house)

    page = await browser.get("/console/administrative-units", params={"on": "2025-02-30"})

    assert "Lỗi (1):" in page.text
    assert 'value="2025-02-30"' in page.text


async def test_a_day_that_does_not_exist_is_told_and_what_was_typed_is_kept(browser, house):
    await sign_in(browser, house)

    page = await browser.get("/console/agencies", params={"q": "nội vụ", "on": "2026-02-31"})

    assert "<title>Lỗi (1):" in page.text
    assert 'value="nội vụ"' in page.text
    assert not [r for r in house.asked if r.url.path == "/api/directory/agencies"]


async def test_operators_see_what_waits_and_try_a_stream_again(browser, house):
    await sign_in(browser, house)
    page = await browser.get("/console/operations")
    form = {
        "form_token": form_token(page),
        "service": "portal",
        "consumer": "portal@1",
        "topic": "directory.agency",
        "stream": "/directory/agency/x",
    }

    answer = await browser.post("/console/operations/replays", data=form)

    assert "/directory/agency/x" in page.text
    assert page.text.count("Không trả lời") == 3  # those that have no answer in the table
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/operations?asked=1")
    assert house.asked[-1].url.path == "/api/portal/operations/replays"


@pytest.mark.parametrize(
    ("token", "origin"),
    [("", "http://house"), ("0" * 64, "http://house"), (None, "https://evil.example")],
)
async def test_a_form_of_another_site_does_nothing(browser, house, token, origin):
    await sign_in(browser, house)
    page = await browser.get("/console/operations")
    calls = len(house.asked)

    answer = await browser.post(
        "/console/operations/replays",
        data={"form_token": form_token(page) if token is None else token, "service": "portal"},
        headers={"Origin": origin},
    )

    assert answer.status_code == 403
    assert len(house.asked) == calls


async def test_a_refusal_shows_what_the_service_said_with_its_article(browser, house):
    house.answers["/api/directory/agencies/hanam.snv"] = (
        403,
        {
            "title": "Không được phép",
            "detail": "Chị không có chức vụ ở trang này.",
            "article": {"vi": "Điều 8", "en": "Article 8"},
            "quote": "Trưởng Ban Biên tập",
            "sentences": {"vi": ["Việc này thuộc Trưởng ban."], "en": ["The head may do this."]},
            "trace": "abc123",
        },
    )
    await sign_in(browser, house)

    page = await browser.get("/console/agencies/hanam.snv")

    assert page.status_code == 403
    for text in (
        "Việc này thuộc Trưởng ban.",
        "Chị không có chức vụ ở trang này.",
        "Điều 8",
        "Trưởng Ban Biên tập",
        "abc123",
    ):
        assert text in page.text


async def test_signing_out_ends_the_session_here(browser, house):
    await sign_in(browser, house)
    page = await browser.get("/console/")

    out = await browser.post("/console/sign-out", data={"form_token": form_token(page)})
    after = await browser.get("/console/agencies")

    assert (out.status_code, after.status_code) == (200, 303)


async def test_an_address_of_a_shape_that_nothing_has_is_no_page(browser, house):
    """People do not read the pattern of an id."""
    await sign_in(browser, house)
    wrong = {"pointer": "path:agency_id", "rule": "string_pattern_mismatch", "detail": "^[a-z]+$"}
    problem = {"title": "Sai", "detail": "Xem `errors`.", "status": 422, "errors": [wrong]}
    house.answers["/api/directory/agencies/X"] = (422, problem)

    page = await browser.get("/console/agencies/X")

    assert page.status_code == 404
    assert "Không có trang này" in page.text
    assert "^[a-z]+$" not in page.text


async def test_a_service_that_is_away_is_a_page_that_says_so(browser, house):
    await sign_in(browser, house)
    house.answers.pop("/api/directory/agencies")

    page = await browser.get("/console/agencies")
    nothing = await browser.get("/console/no/such/page")

    assert (page.status_code, "Không có địa chỉ này." in page.text) == (404, True)
    assert (nothing.status_code, "<h1" in nothing.text) == (404, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Biểu mẫu này không được mở"), ("en", "This form was not opened in this sign-in.")],
)
async def test_what_the_console_refuses_is_told_in_the_language_asked_for(
    browser, house, language, words
):
    await sign_in(browser, house)

    page = await browser.post(
        "/console/sign-out", data={"form_token": "x"}, headers={"Accept-Language": language}
    )

    assert (page.status_code, words in page.text) == (403, True)


async def test_a_form_asks_nobody_for_lists_that_it_does_not_show(browser, house):
    await sign_in(browser, house)
    house.asked.clear()

    end = await browser.get("/console/directory/agency-end", params={"of": "hanam.snv"})
    asked = [each.url.path for each in house.asked]
    new = await browser.get("/console/directory/agency-new")

    assert asked == ["/api/directory/agencies/hanam.snv"]
    assert "Sở Nội vụ &lt;b&gt;" in end.text
    assert '<option value="hanam">Cổng Hà Nam</option>' in new.text


async def test_pages_are_kept_by_nobody_else_and_framed_by_nobody(browser, house):
    await sign_in(browser, house)
    page = await browser.get("/console/")

    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"


def test_every_word_of_the_console_is_translated():
    assert faults(Path(console.__file__).parent) == []


def test_production_refuses_the_development_session_key():
    with pytest.raises(SettingsError, match="SESSION_KEY"):
        load(Settings, service="console", session_key="short")
