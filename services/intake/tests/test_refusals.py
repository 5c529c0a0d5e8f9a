"""Bad input gets a clear problem that names field and rule, and leaves no trace."""

import asyncio
import base64
import json

import pytest

from common.counters import Series

TCVN3 = "SOlpIG5naN4gdHJp024ga2hhaSBuaGnWbSB29CBjaHV5024gruZpIHPoIHa1IGO2aSBjuGNoIGi1bmggY2jdbmgu"
"""“Hội nghị triển khai nhiệm vụ …” as an old typewriter program saved it."""


async def traces(town) -> dict[str, int]:
    """How much there is of everything that a submission leaves, heartbeats and seals aside."""
    database, service = town.service.database, town.service
    commits = await database.find("commits", {})
    beside = {name: await place.count("entries", {}) for name, place in _beside(service)}
    return {
        "commits": sum(commit["site"] in ("hanam", "langson") for commit in commits),
        "numbers": await database.count("numbers", {}),
        "uploads": await database.count("uploads", {}),
        **beside,
    }


def _beside(service):
    for beside, place in service.stores.items():
        yield beside.name_of(service.settings), place


REFUSED = [
    ({"site": "nowhere"}, "site-unknown", "/site"),
    ({"category": "gossip"}, "category-unknown", "/category"),
    ({"language": "tlh"}, "language-not-served", "/language"),
    ({"title": ""}, "content-invalid", "/title"),
    ({"title": "x" * 501}, "content-invalid", "/title"),
    ({"body": "<p>Xin chào<script>alert(1)</script></p>"}, "active-content", "/body"),
    ({"body": '<p onclick="x()">Xin chào</p>'}, "active-content", "/body"),
    ({"body": '<a href="java\tscript:x()">Xin chào</a>'}, "active-content", "/body"),
    (
        {"body": None, "body_base64": base64.b64encode(b"<p>x</p><script>a()</script>").decode()},
        "active-content",
        "/body_base64",
    ),
    ({"body": "<svg/onload=alert(1)>"}, "active-content", "/body"),
    ({"body": "<iframe src=https://x.example></iframe>"}, "active-content", "/body"),
    ({"body": None, "body_base64": TCVN3}, "encoding-wrong", "/body_base64"),
    ({"body": base64.b64decode(TCVN3).decode("latin-1")}, "encoding-wrong", "/body"),
    ({"body": "Há»™i nghá»‹ chuyá»ƒn Ä‘á»•i sá»‘"}, "encoding-wrong", "/body"),
    ({"body_base64": "%%%", "body": None}, "content-invalid", "/body_base64"),
    ({"body_base64": TCVN3}, "content-invalid", "/body_base64"),
    ({"attachments": [{"digest": "a" * 64}]}, "file-unknown", "/attachments/0/digest"),
    ({"attachments": [{"digest": "nonsense"}]}, "content-invalid", "/attachments/0/digest"),
    ({"fields": {"a b": 1}}, "content-invalid", None),
    ({"fields": {"note": {"deep": {"er": 1}}}}, "content-invalid", "/fields/note"),
    ({"fields": {"note": "x" * 20_000}}, "content-invalid", "/fields/note"),
    ({"fields": {f"n{n}": 1 for n in range(61)}}, "content-invalid", "/fields"),
    ({"section": "two  blanks"}, "pattern", "/section"),
    ({"submitted_at": "2026-11-20T05:00:00Z"}, "systems-only", "/submitted_at"),
    ({"similarity_to_source": 7}, "content-invalid", "/similarity_to_source"),
    ({"event": {"type": "issued", "date": "2026-02-30"}}, "content-invalid", "/event/date"),
    ({"event": {"type": "issued", "date": "9999-12-31"}}, "content-invalid", "/event/date"),
    ({"submitted_at": "0001-01-01T00:00:00+14:00"}, "content-invalid", "/submitted_at"),
    ({"fields": {"note": 10**400}}, "content-invalid", "/fields/note"),
    ({"body": "<div>" * 5_000 + "x"}, "markup-too-deep", "/body"),
    ({"links": ["javascript://%0aalert(1)"]}, "content-invalid", "/links/0"),
    (
        {"source": {"name": "Báo", "url": "javascript://%0aalert(1)"}},
        "content-invalid",
        "/source/url",
    ),
    ({"channel": "pigeon"}, "content-invalid", "/channel"),
    ({"unheard_of": 1}, "content-invalid", "/unheard_of"),
]


@pytest.mark.parametrize(("change", "code", "pointer"), REFUSED)
async def test_bad_input_names_the_field_and_leaves_no_trace(
    town, a_news_item, change, code, pointer
):
    before = await traces(town)

    answer = await town.post("/submissions", a_news_item(**change))

    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if pointer is not None:
        assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.text
    assert await traces(town) == before


@pytest.mark.parametrize(
    ("category", "fields", "pointer"),
    [
        ("legal_document", {"issue_date": "24/11/2026"}, "/fields/issue_date"),
        ("legal_document", {"recipients": {"a": "b"}}, "/fields/recipients"),
        ("legal_document", {"number": "x" * 61}, "/fields/number"),
        ("project", {"budget_vnd": "many"}, "/fields/budget_vnd"),
        ("officials_contact", {"entries": "everybody"}, "/fields/entries"),
        ("officials_contact", {"entries": [{"name": 7}]}, "/fields/entries/0/name"),
        ("work_schedule", {"entries": [{"day": "Monday"}]}, "/fields/entries/0/day"),
        ("consultation", {"full_text": 12}, "/fields/full_text"),
    ],
)
async def test_a_field_has_the_form_its_category_gives_it(
    town, a_news_item, category, fields, pointer
):
    answer = await town.post("/submissions", a_news_item(category=category, fields=fields))

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
@pytest.mark.parametrize("path", ["/submissions", "/checks"])
async def test_a_number_without_an_end_is_refused_at_its_field_and_not_kept_as_nothing(
    town, a_news_item, path, number
):
    before = await traces(town)
    sent = a_news_item(category="project", fields={"budget_vnd": 17})
    body = json.dumps(sent).replace("17", number)
    key = {"Idempotency-Key": "a-number-without-an-end", "Content-Type": "application/json"}

    answer = await town.http.post(path, content=body, headers=town.headers("an", **key))

    (error,) = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"]) == (422, "content-invalid"), answer.text
    assert (error["pointer"], error["rule"]) == ("/fields/budget_vnd", "finite_number")
    assert await traces(town) == before


async def test_thirty_megabytes_are_refused_with_the_limit(town, a_news_item):
    answer = await town.post("/submissions", a_news_item(body="x" * 30_000_000))

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert answer.json()["limit"] == 8 * 1024 * 1024


async def test_a_text_in_tcvn3_is_refused_with_its_law_and_the_repaired_text(town, a_news_item):
    answer = await town.post("/submissions", a_news_item(body=None, body_base64=TCVN3))

    (finding,) = answer.json()["findings"]
    assert finding["code"] == "encoding:TCVN3"
    assert "Điều 6" in finding["article"]
    assert answer.json()["proposal"].startswith("Hội nghị triển khai")


async def test_who_may_not_hand_in_is_told_why(town, a_news_item):
    nobody = await town.http.post("/submissions", json=a_news_item())
    stranger = await town.post("/submissions", a_news_item(), "khach")
    elsewhere = await town.post("/submissions", a_news_item(site="langson"), "binh")

    assert nobody.status_code == 401
    assert (stranger.status_code, stranger.json()["code"]) == (403, "person-unknown")
    assert elsewhere.status_code == 403
    assert elsewhere.json()["rule"] == "langson.d7.k2.submission-channels"
    assert elsewhere.json()["nearest"]


async def test_findings_are_registered_or_refused_as_the_sender_prefers(town, a_news_item):
    unsound = a_news_item(author=None, source=None)

    strict = await town.post("/submissions", unsound, Prefer="handling=strict")
    lenient = await town.post("/submissions", unsound)

    assert (strict.status_code, strict.json()["code"]) == (422, "findings-stand")
    assert [e["pointer"] for e in strict.json()["errors"]] == ["/author", "/source"]
    finding = strict.json()["findings"][0]
    assert (finding["rule"], finding["way"][:9]) == ("hanam.d8.k4.author-and-source", "Cách gần ")
    assert finding["quotation"]
    assert (lenient.status_code, lenient.json()["errors"]) == (
        201,
        ["missing_author", "missing_source"],
    )


async def test_the_same_request_twice_is_one_and_another_under_its_key_is_refused(
    town, a_news_item
):
    first = await town.post("/submissions", a_news_item(), key="a-key-of-mine")
    again = await town.post("/submissions", a_news_item(), key="a-key-of-mine")
    other = await town.post("/submissions", a_news_item(title="Khác"), key="a-key-of-mine")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len((await town.get("/submissions")).json()["items"]) == 1


async def test_the_same_content_under_another_key_is_the_one_that_stands(town, a_news_item):
    first = (await town.post("/submissions", a_news_item())).json()
    await town.get("/submissions")

    again = await town.post(
        "/submissions", a_news_item(body=f" {a_news_item()['body']} \n"), "binh"
    )
    elsewhere = await town.post("/submissions", a_news_item(site="binhduong"))

    assert (again.status_code, again.json()["code"]) == (409, "submitted-already")
    assert again.json()["submission_id"] == first["submission_id"]
    assert again.json()["receipt"] == first["receipt"]
    assert elsewhere.status_code == 201


async def test_the_same_content_at_the_same_moment_is_one_and_the_number_is_explained(
    town, a_news_item
):
    body = a_news_item(contact={"phone": "0912 345 678"})

    answers = await asyncio.gather(*(town.post("/submissions", body) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    (made,) = (answer.json() for answer in answers if answer.status_code == 201)
    used = int(made["receipt"].rpartition("-")[2])
    numbers = await town.service.database.find("numbers", {})
    assert {n["number"]: n["state"] for n in numbers} == {
        n["number"]: "used" if n["number"] == used else "void" for n in numbers
    }
    gaps = await town.app.state.deps.deps.stores.counters.gaps(
        Series("submission", "hanam", 2026), town.clock.at.replace(year=2027)
    )
    assert all(gap.reason for gap in gaps)


async def test_receipt_numbers_are_dense_for_each_site_and_year(town, a_news_item):
    made = [await town.post("/submissions", a_news_item(title=f"Tin {n}")) for n in range(3)]
    other = await town.post("/submissions", a_news_item(site="langson"))
    last_year = await town.post(
        "/submissions", a_news_item(title="Cũ", submitted_at="2025-12-31T16:59:00Z"), "he-thong"
    )

    assert [each.json()["receipt"] for each in made] == [f"hanam-2026-00000{n}" for n in (1, 2, 3)]
    assert other.json()["receipt"] == "langson-2026-000001"
    assert last_year.json()["receipt"] == "hanam-2025-000001"


async def test_a_check_gives_the_answer_that_handing_in_would(town, a_news_item):
    for body in (
        "<p>x</p><script>a()</script>",
        "Địa chỉ javascript:void(0) là gì?",
        "<a href='javascript:a()'>x</a>",
    ):
        sent = {"body": None, "body_base64": base64.b64encode(body.encode()).decode()}
        checked = await town.post("/checks", a_news_item(**sent))
        handed_in = await town.post("/submissions", a_news_item(**sent))

        taken = "void" in body
        assert (checked.status_code, handed_in.status_code) == (
            (200, 201) if taken else (422, 422)
        ), body
        assert taken or checked.json()["errors"] == handed_in.json()["errors"]


async def test_a_token_for_another_site_hands_in_and_reads_nothing_here(town, a_news_item):
    id = (await town.post("/submissions", a_news_item())).json()["submission_id"]
    elsewhere = town.issuer.bearer("id-of-an", lasts=100_000, nhipcau_site="langson")

    refused = [await town.post("/submissions", a_news_item(title="Tin khác"), **elsewhere)]
    refused += [
        await town.http.get(path, headers=town.headers("an", **elsewhere))
        for path in (
            f"/submissions/{id}",
            "/submissions?site=hanam",
            "/submissions?site=hanam&mine=true",
        )
    ]
    listed = await town.http.get("/submissions", headers=town.headers("an", **elsewhere))

    assert [each.json()["code"] for each in refused[:1] + refused[2:]] == ["other-site"] * 3
    assert refused[1].status_code == 403
    assert listed.json()["items"] == []
