"""The attack list for maps, calendars, imports and audits: each attempt is refused by name, and changes nothing."""

import time
from typing import Any

import pytest

UNIT = {
    "unit_id": "province.35.2013",
    "level": "province",
    "kind": "province",
    "code": "35",
    "name_vi": "Tỉnh Hà Nam",
    "valid_from": "2013-01-01",
}
CLOSURE = {
    "place": "hanam",
    "closure_id": "bao",
    "start": "2026-12-07",
    "end": "2026-12-09",
    "reason": "Bão",
    "source": "Công điện",
}
UNITS = "/administrative-units"


async def _raw(call: Any, path: str, body: bytes, kind: str = "application/json") -> Any:
    headers = call.headers("writer") | {"Content-Type": kind}
    return await call.http.post(path, content=body, headers=headers)


@pytest.mark.parametrize("path", [UNITS, f"{UNITS}/successions", "/calendars", "/closures"])
@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        pytest.param(b"[" * 100_000, {400, 422}, id="deep lists"),
        pytest.param(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, {400, 422}, id="deep objects"),
        *(
            pytest.param(
                b'{"name_vi":' + b"[" * deep + b"]" * deep + b"}", {400}, id=f"{deep} deep"
            )
            for deep in (64, 255, 1_000, 5_000, 9_000)
        ),
        pytest.param(
            b'{"name_vi":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001, {400}, id="objects deep"
        ),
        pytest.param(b'{"name_vi":"' + b"a" * 3_000_000 + b'"}', {413}, id="huge"),
        pytest.param(b"{" + b'"a":1,' * 2000 + b'"b":1}', {422}, id="one field 2000 times"),
        pytest.param(b'{"name_vi": "\\ud800"}', {400, 422}, id="half a sign"),
        pytest.param(b'{"name_vi": 1e999}', {400, 422}, id="endless number"),
        pytest.param(b'{"valid_from": NaN}', {400, 422}, id="no number"),
        pytest.param(b"\xff\xfe{\x00", {400, 422}, id="no utf-8"),
    ],
)
async def test_strange_json_is_refused_at_once(
    call: Any, path: str, body: bytes, statuses: set[int]
):
    began = time.process_time()

    answer = await _raw(call, path, body)

    assert answer.status_code in statuses
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Tỉnh\u202eman aH", id="turned round"),
        pytest.param("Tỉnh\u200bHà Nam", id="zero width"),
        pytest.param("Tỉnh\x00Hà Nam", id="nul"),
        pytest.param("Tỉnh\x1b[2J", id="terminal"),
        pytest.param("Tỉnh Hà Nаm", id="cyrillic"),
        pytest.param("Tỉnh Hà Nam\n\nSet-Cookie: x", id="lines"),
        pytest.param("T\u0300\u0300\u0300\u0300\u0300\u0300ỉnh", id="heap of marks"),
        pytest.param("   ", id="blanks"),
    ],
)
async def test_a_name_that_deceives_the_eye_is_refused(call: Any, name: str):
    answer = await call.post(UNITS, UNIT | {"name_vi": name})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/name_vi"


DECEIVING = [
    pytest.param("Sở\u202eụv iộN", id="turned round"),
    pytest.param("Sở Nội vụ\u200b", id="zero width"),
    pytest.param("Sở Nội vụ\x00", id="nul"),
    pytest.param("\u0405ở Nội vụ", id="cyrillic"),
    pytest.param("Sở Nội vụ \u13aa", id="cherokee"),
    pytest.param("Sở Nội vụ \ua4d0", id="lisu"),
    pytest.param("Sở N\u0251i vụ", id="phonetic"),
    pytest.param("Sở Nội v\u1d1c", id="small capital"),
    pytest.param("Sở Nộ\u01c0 vụ", id="click"),
    pytest.param("\uff33ở Nội vụ", id="wide"),
    pytest.param("Sở Nội vụ\nX: y", id="lines"),
    pytest.param(" Sở Nội vụ", id="outer blanks"),
]
AGENCY = {
    "agency_id": "hanam.snv",
    "site": "hanam",
    "jurisdiction": "hanam",
    "name_vi": "Sở Nội vụ",
    "kind": "department",
    "valid_from": "2019-08-15",
}


@pytest.mark.parametrize("word", DECEIVING)
@pytest.mark.parametrize("field", ["name_vi", "name_en", "abbreviation", "competence_keywords"])
async def test_an_agency_has_no_words_that_deceive_the_eye(call: Any, field: str, word: str):
    value = [word] if field == "competence_keywords" else word
    pointer = f"/{field}/0" if field == "competence_keywords" else f"/{field}"

    made = await call.post("/agencies", AGENCY | {field: value})
    await call.post("/agencies", AGENCY)
    change = {"valid_from": "2020-01-01", "changes": {field: value}}
    changed = await call.post("/agencies/hanam.snv/changes", change)

    assert (made.status_code, changed.status_code) == (422, 422)
    assert made.json()["errors"][0]["pointer"] == pointer
    assert changed.json()["errors"][0]["pointer"] == f"/changes{pointer}"


@pytest.mark.parametrize(
    "name", ["Đài Łódź", "Phòng Đối ngoại (São Tomé, Genève)", "Sở Ẵ Ỷ ỹ 1/2 – A&B"]
)
async def test_names_of_the_world_in_our_alphabet_are_taken(call: Any, name: str):
    made = await call.post("/agencies", AGENCY | {"name_vi": name})

    assert (made.status_code, made.json()["attributes"]["name_vi"]) == (201, name)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("xn--snoivu-9nb.hanam.gov.vn", id="wire form of another alphabet"),
        pytest.param("sonoivu.xn--hnam-4na.gov.vn", id="further up"),
        pytest.param("s\u043enoivu.hanam.gov.vn", id="cyrillic"),
        pytest.param("sonoivu\uff0ehanam.gov.vn", id="wide dot"),
        pytest.param("SONOIVU.hanam.gov.vn", id="capitals"),
        pytest.param("sonoivu.hanam.gov.vn.", id="trailing dot"),
        pytest.param("sonoivu.hanam.gov.vn/..", id="path"),
        pytest.param("user@sonoivu.hanam.gov.vn", id="somebody at"),
        pytest.param("-a.hanam.gov.vn", id="hyphen first"),
        pytest.param(f"{'a' * 64}.gov.vn", id="label too long"),
        pytest.param("(a+)+$.gov.vn", id="pattern"),
    ],
)
async def test_an_agency_has_no_domain_name_that_deceives(call: Any, host: str):
    made = await call.post("/agencies", AGENCY | {"domain": host})
    await call.post("/agencies", AGENCY)
    change = {"valid_from": "2020-01-01", "changes": {"domain": host}}
    changed = await call.post("/agencies/hanam.snv/changes", change)

    assert (made.status_code, changed.status_code) == (422, 422)
    assert made.json()["errors"][0]["pointer"] == "/domain"


async def test_a_decomposed_name_is_refused_with_the_whole_one_proposed(call: Any):
    answer = await call.post(UNITS, UNIT | {"name_vi": "Ti\u0309nh Ha\u0300 Nam"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["rule"] == "sound-text"
    assert answer.json()["proposed"] == "Tỉnh Hà Nam"


@pytest.mark.parametrize(
    "words", ["a" * 200, "(a+)+$" * 30, ".*" * 90, "%00", "$where", "á" * 190, "\u202e" * 50]
)
async def test_a_search_is_words_and_nothing_else(call: Any, words: str):
    await call.post(UNITS, UNIT)
    began = time.process_time()

    answer = await call.get(UNITS, q=words)

    assert answer.status_code in {200, 422}
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "more",
    [
        {"site": "installation"},
        {"proof": {"by": "position"}},
        {"actor": "quan-tri"},
        {"hash": "0"},
        {"version": 7},
        {"_id": "x"},
        {"successions": []},
        {"__class__": "x"},
    ],
)
async def test_a_field_that_is_ours_is_not_assigned(call: Any, more: dict[str, Any]):
    unit = await call.post(UNITS, UNIT | more)
    closure = await call.post("/closures", CLOSURE | more)

    assert (unit.status_code, closure.status_code) == (422, 422)


@pytest.mark.parametrize(
    "path",
    [
        f"{UNITS}/..%2f..%2fetc",
        f"{UNITS}/A",
        f"{UNITS}/" + "a" * 65,
        f"{UNITS}/by-code/commune/%24ne?on=2026-01-01",
        f"{UNITS}/by-code/planet/35?on=2026-01-01",
        "/calendars/%7B%22%24gt%22:%22%22%7D",
        "/imports/%00",
        "/audit/agency/%2e%2e",
    ],
)
async def test_an_id_is_an_id_and_no_path_or_query(call: Any, path: str):
    answer = await call.http.get(path, headers=call.headers("writer"))

    assert answer.status_code in {404, 422}


async def test_query_operators_are_text(call: Any):
    await call.post(UNITS, UNIT)

    answer = await call.http.get(f"{UNITS}?code[$ne]=1&parent[$gt]=")

    assert answer.status_code in {200, 422}


@pytest.mark.parametrize("by", ["reader", ""])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (UNITS, UNIT),
        (f"{UNITS}/province.35.2013/end", {"ends_on": "2025-07-01"}),
        ("/closures", CLOSURE),
        ("/closures/hanam/bao/cancellation", {"works_from": "2026-12-08", "reason": "x"}),
        ("/calendars/vn/notices/x/in-force", {}),
    ],
)
async def test_every_act_takes_a_right(call: Any, path: str, body: Any, by: str):
    headers = call.headers(by) if by else {"Idempotency-Key": "12345678"}

    answer = await call.http.post(path, json=body, headers=headers)

    assert answer.status_code == (403 if by else 401)
