"""Who may change the directory: by position, by delegation, by the beginning; and why not."""

from typing import Any

import pytest

DECISION = {"number": "1592/QĐ-UBND"}


def board(**changes: Any) -> dict[str, Any]:
    body = {
        "board_id": "hanam.bbt",
        "site": "hanam",
        "name_vi": "Ban Biên tập",
        "valid_from": "2026-01-01",
        "document": DECISION,
    }
    return body | changes


@pytest.fixture(autouse=True)
async def people(town):
    """An administrator, a site administrator, the chair of the province, and an officer."""
    for id in ("admin", "keeper", "chair", "officer"):
        await town.person(id)
    await town.position("keeper", "site_administrator")
    await town.position("chair", "province_chair")
    await town.position("admin", "administrator", "installation")
    town.by = "admin"


async def proof_of(town, path: str) -> dict[str, Any]:
    return (await town.seen_json(f"{path}/history"))[-1]["proof"]


async def until_refused(town, body: dict[str, Any]) -> Any:
    for n in range(200):
        answer = await town.post("/people", body | {"person_id": f"x{n}"}, by="root")
        if answer.status_code == 403:
            return answer
    return answer


async def test_the_scope_of_a_token_counts_only_until_somebody_administers(town, people):
    body = {"site": "hanam", "full_name": "An", "valid_from": "2026-01-01"}

    answer = await until_refused(town, body)

    assert (answer.status_code, answer.json()["code"]) == (403, "nobody-of-the-directory")


async def test_where_the_regulation_speaks_it_alone_decides_and_is_cited_in_the_proof(town):
    refused = await town.post("/boards", board(), by="admin")
    done = await town.post("/boards", board(), by="chair")

    assert (refused.status_code, refused.json()["code"]) == (403, "may-not-act")
    assert "chair" in str(refused.json()["explanation"]["outcome"]["nearest"])
    assert refused.json()["explanation"]["basis"]["citation"]["article"] == "11"
    assert refused.json()["sentences"]["vi"]
    assert done.status_code == 201
    proof = await proof_of(town, "/boards/hanam.bbt")
    assert proof["rule"] == "hanam.d11.k1a.establish-provincial-board"
    assert proof["person"] == "chair"
    assert proof["profile"] == "hanam@1"


async def test_an_administrator_enters_what_the_chair_decided_and_both_stand_in_the_proof(town):
    wrong = await town.post("/boards", board(decided_by="officer"), by="admin")
    stranger = await town.post("/boards", board(decided_by="chair"), by="officer")
    await town.done("/boards", board(decided_by="chair"), by="admin")

    assert (wrong.status_code, stranger.status_code) == (403, 403)
    proof = await proof_of(town, "/boards/hanam.bbt")
    assert (proof["person"], proof["act"]) == ("chair", "establish_board")
    assert proof["recorded_by"]["person"] == "admin"
    assert proof["recorded_by"]["rule"] == "house.administrator"


async def test_a_site_administrator_keeps_the_people_of_that_site_only(town):
    await town.agency("langson.snv")
    await town.site("langson", agency="langson.snv", profile="langson@1", kind="department")
    body = {"person_id": "new", "full_name": "An", "valid_from": "2026-01-01"}

    here = await town.post("/people", body | {"site": "hanam"}, by="keeper")
    there = await town.post("/people", body | {"site": "langson", "person_id": "n2"}, by="keeper")
    opening = await town.post("/sites/hanam/closing", {"closes_on": "2027-01-01", "document": DECISION}, by="keeper")  # fmt: skip

    assert here.status_code == 201
    assert (there.status_code, opening.status_code) == (403, 403)
    assert (await proof_of(town, "/people/new"))["rule"] == "house.site-administrator"


@pytest.mark.parametrize("path", ["/people/chair/identities", "/people/chair/history"])
async def test_whoever_guesses_an_id_sees_no_sign_ins_and_no_history_of_that_person(town, path):
    await town.agency("langson.snv")
    await town.site("langson", agency="langson.snv", profile="langson@1", kind="department")
    await town.person("outsider", site="langson")
    await town.position("outsider", "site_administrator", "langson")

    answers = {by: await town.get(path, by=by) for by in ("keeper", "admin", "officer", "outsider")}

    assert {by: each.status_code for by, each in answers.items()} == {
        "keeper": 200,
        "admin": 200,
        "officer": 403,
        "outsider": 403,
    }
    for by in ("officer", "outsider"):
        assert answers[by].json()["code"] == "may-not-act"
        assert "id-of" not in answers[by].text


async def test_nobody_gives_power_to_themselves(town):
    body = {
        "role": "province_chair",
        "site": "hanam",
        "valid_from": "2026-01-01",
        "document": DECISION,
    }

    own = await town.post("/people/keeper/positions", body, by="keeper")
    other = await town.post("/people/officer/positions", body, by="keeper")

    assert (own.status_code, own.json()["code"]) == (403, "not-for-oneself")
    assert other.status_code == 201


async def test_a_site_administrator_cannot_sign_in_as_the_administrator(town):
    identity = {"issuer": "http://127.0.0.1:8000/dev-issuer", "subject": "mine"}

    answer = await town.post("/people/admin/identities", identity, by="keeper")

    assert answer.status_code == 403


async def test_power_is_gone_from_the_day_it_is_taken(town):
    body = {"site": "hanam", "full_name": "An", "valid_from": "2026-01-01"}
    (post,) = (await town.seen_json("/people/keeper"))["positions"]
    await town.done(
        f"/people/keeper/positions/{post['position_id']}/end",
        {"ends_on": "2026-11-25", "document": DECISION},
    )

    today = await town.post("/people", body | {"person_id": "a"}, by="keeper")
    town.clock.at("2026-11-24T23:59")
    late = await town.post("/people", body | {"person_id": "b"}, by="keeper")
    town.clock.at("2026-11-25T00:00")
    gone = await town.post("/people", body | {"person_id": "c"}, by="keeper")

    assert [each.status_code for each in (today, late, gone)] == [201, 201, 403]
    assert "25/11/2026" in gone.text or "2026-11-25" in gone.text


async def test_a_token_for_one_site_does_nothing_elsewhere(town):
    body = {"person_id": "a", "site": "hanam", "full_name": "An", "valid_from": "2026-01-01"}

    answer = await town.post("/people", body, by="admin@langson")

    assert (answer.status_code, answer.json()["code"]) == (403, "other-site")


async def test_in_lang_son_the_director_composes_the_board(town):
    await town.agency("langson.sngv")
    await town.site("langson", agency="langson.sngv", profile="langson@1", kind="department")
    await town.person("director", "langson")
    await town.person("head", "langson")
    await town.position("director", "department_director", "langson")
    body = {"role": "board_head", "site": "langson", "valid_from": "2026-01-01"}

    alone = await town.post("/people/head/positions", body | {"document": DECISION})
    entered = await town.post(
        "/people/head/positions", body | {"document": DECISION, "decided_by": "director"}
    )

    assert alone.status_code == 403
    assert entered.status_code == 201
    proof = await proof_of(town, "/people/head")
    assert proof["rule"].startswith("langson.d10")
