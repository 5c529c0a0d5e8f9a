"""The audit of any item in one call: who, when, by which authority, what changed, which document, untouched or not."""

from typing import Any

import orjson
import pytest

from common.log.committer import COLLECTION as COMMITS

SNV = {
    "agency_id": "hanam.snv",
    "site": "hanam",
    "jurisdiction": "hanam",
    "name_vi": "Sở Nội vụ",
    "kind": "department",
    "valid_from": "2019-08-15",
}
RENAMED = {
    "valid_from": "2021-01-01",
    "changes": {"name_vi": "Sở Nội vụ và Tôn giáo"},
    "document": {"number": "7/QĐ-UBND", "issued_on": "2020-12-20"},
}
AUDIT = "/audit/agency/hanam.snv"


@pytest.fixture
async def agency(call: Any) -> Any:
    await call.post("/agencies", SNV)
    answer = await call.post("/agencies/hanam.snv/changes", RENAMED)
    assert answer.status_code == 200, answer.text
    return call


async def test_the_audit_tells_who_changed_what_on_which_document(agency: Any):
    found = (await agency.get(AUDIT, by="writer")).json()

    registered, renamed = found["decisions"]
    assert (renamed["actor"], renamed["site"]) == ("writer", "hanam")
    assert renamed["changed"] == [
        {"field": "name_vi", "before": "Sở Nội vụ", "after": "Sở Nội vụ và Tôn giáo"}
    ]
    assert renamed["documents"] == [{"number": "7/QĐ-UBND", "issued_on": "2020-12-20"}]
    assert (renamed["right"]["by"], renamed["right"]["rule"]) == ("token", "house.beginning")
    assert {"field": "name_vi", "before": None, "after": "Sở Nội vụ"} in registered["changed"]


async def test_an_untouched_chain_is_said_to_hold(agency: Any):
    chain = (await agency.get(AUDIT, by="writer")).json()["chain"]

    assert (chain["intact"], chain["versions"], chain["broken_at"]) == (True, 2, None)


def _other_name(commit: dict[str, Any]) -> None:
    fact = commit["parts"][0]["facts"][0]
    fact["data"] = fact["data"].replace("Tôn giáo", "Tôn  giáo")


def _other_actor(commit: dict[str, Any]) -> None:
    commit["actor"] = "somebody-else"


def _other_right(commit: dict[str, Any]) -> None:
    commit["proof"] = orjson.dumps(orjson.loads(commit["proof"]) | {"rule": "d1"}).decode()


def _other_past(commit: dict[str, Any]) -> None:
    commit["parts"][0]["prev"] = "0" * 64


@pytest.mark.parametrize(
    ("touch", "reason"),
    [
        pytest.param(_other_name, "hash", id="data"),
        pytest.param(_other_actor, "hash", id="actor"),
        pytest.param(_other_right, "hash", id="proof"),
        pytest.param(_other_past, "prev", id="past"),
    ],
)
async def test_a_touched_commit_is_named(agency: Any, touch: Any, reason: str):
    database = agency.app.state.service.database
    where = {"parts": {"$elemMatch": {"stream": "/directory/agency/hanam.snv", "version": 2}}}
    commit = (await database.find(COMMITS, where))[0]
    touch(commit)
    await database.delete(COMMITS, {"_id": commit["_id"]})
    await database.insert(COMMITS, [commit])

    chain = (await agency.get(AUDIT, by="writer")).json()["chain"]

    assert (chain["intact"], chain["broken_at"], chain["reason"]) == (False, 2, reason)


async def test_a_lost_commit_is_named(agency: Any):
    database = agency.app.state.service.database
    where = {"parts": {"$elemMatch": {"stream": "/directory/agency/hanam.snv", "version": 1}}}
    await database.delete(COMMITS, where)

    answer = await agency.get(AUDIT, by="writer")

    assert answer.json()["chain"]["reason"] == "version"


async def test_an_end_is_told_with_the_streams_it_went_with(agency: Any):
    other = SNV | {"agency_id": "hanam.stc", "name_vi": "Sở Tài chính"}
    await agency.post("/agencies", other)
    succession = {
        "kind": "merge",
        "predecessors": ["hanam.snv"],
        "successors": ["hanam.stc"],
        "effective_on": "2025-07-01",
        "document": {"number": "202/2025/QH15"},
    }
    await agency.post("/successions", succession)

    last = (await agency.get(AUDIT, by="writer")).json()["decisions"][-1]

    assert last["together_with"] == ["/directory/agency/hanam.stc"]
    assert {"field": "valid_to", "before": None, "after": "2025-07-01"} in last["changed"]
    assert last["documents"] == [{"number": "202/2025/QH15"}]


async def test_a_code_and_its_unit_are_audited_too(call: Any):
    unit = {
        "unit_id": "province.35.2013",
        "level": "province",
        "kind": "province",
        "code": "35",
        "name_vi": "Tỉnh Hà Nam",
        "valid_from": "2013-01-01",
    }
    await call.post("/administrative-units", unit)

    found = (await call.get("/audit/administrative-unit/province.35.2013", by="writer")).json()
    code = (await call.get("/audit/administrative-code/province-35", by="writer")).json()

    assert found["decisions"][0]["together_with"] == ["/directory/administrative_code/province-35"]
    assert code["decisions"][0]["facts"][0]["data"]["unit_id"] == "province.35.2013"


async def test_only_who_may_audit_the_site_sees_it(agency: Any):
    stranger = await agency.get(AUDIT, by="reader")
    nobody = await agency.get(AUDIT)

    assert (stranger.status_code, nobody.status_code) == (403, 401)


async def test_a_guessed_id_is_answered_like_any_other(agency: Any):
    there = await agency.get(AUDIT, by="reader")
    not_there = await agency.get("/audit/agency/hanam.khong-co", by="reader")
    administrator = await agency.get("/audit/agency/hanam.khong-co", by="writer")

    assert there.status_code == not_there.status_code == 403
    assert there.json()["code"] == not_there.json()["code"]
    assert administrator.status_code == 404


@pytest.mark.parametrize(
    "path", ["/audit/commit/x", "/audit/agency/..%2Fperson", "/audit/agency/A"]
)
async def test_what_is_no_item_is_refused(agency: Any, path: str):
    answer = await agency.get(path, by="writer")

    assert answer.status_code in {404, 422}
