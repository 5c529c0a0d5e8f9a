"""Sites, people and positions imported: each row takes the right it would take by hand, at the site it names."""

import asyncio
from typing import Any

import pytest

from common.settings import ServiceSettings

ISSUER = ServiceSettings(service="directory").oidc_issuer
DECISION = {"number": "1592/QĐ-UBND"}
PEOPLE = "person_id,site,name,kind,email,agency,valid_from\n"
POSITIONS = "person_id,site,role,valid_from,document.number,sections\n"
SITES = "site,agency,kind,profile,name_vi,domain,parent,valid_from,document.number\n"


async def _imported(call: Any, kind: str, content: str, by: str = "root", **form: str) -> list[Any]:
    answer = await call.http.post(
        "/imports",
        data={"kind": kind} | form,
        files={"file": ("x.csv", content.encode())},
        headers={"Authorization": f"Bearer {by}"},
    )
    assert answer.status_code == 202, answer.text
    async with asyncio.timeout(60):
        await call.app.state.deps.imports.idle()
    path = f"/imports/{answer.json()['import_id']}/rows"
    return (await call.get(path, by=by)).json()["items"]


def _outcomes(rows: list[Any]) -> list[tuple[str, str | None]]:
    return [(row["outcome"], row["problem"] and row["problem"]["code"]) for row in rows]


async def _done(call: Any, path: str, body: Any, by: str = "root", **headers: str) -> Any:
    answer = await call.post(path, body, by=by, **headers)
    assert answer.is_success, answer.text
    return answer


@pytest.fixture
async def house(call: Any) -> Any:
    """Two sites; Bình keeps the staff of Hà Nam."""
    for site in ("hanam", "langson"):
        agency = {
            "agency_id": f"{site}.vp",
            "site": site,
            "jurisdiction": site,
            "name_vi": "Văn phòng UBND tỉnh",
            "kind": "office",
            "valid_from": "2010-01-01",
        }
        await _done(call, "/agencies", agency)
    sites = SITES + "".join(
        f"{site},{site}.vp,province,{site}@1,Cổng tỉnh,,,2015-01-01,1/QĐ-UBND\n"
        for site in ("hanam", "langson")
    )
    assert _outcomes(await _imported(call, "sites", sites)) == [("created", None)] * 2
    people = PEOPLE + "binh,hanam,Trần Bình,,,,2019-01-01\nquan,hanam,Lê Quản,,,,2019-01-01\n"
    assert _outcomes(await _imported(call, "people", people)) == [("created", None)] * 2
    for who in ("binh", "quan"):
        identity = {"issuer": ISSUER, "subject": who}
        linked = await _done(call, f"/people/{who}/identities", identity)
    for who, role, site in (
        ("binh", "site_administrator", "hanam"),
        ("quan", "administrator", "installation"),
    ):
        body = {"role": role, "site": site, "valid_from": "2020-01-01", "document": DECISION}
        given = await _done(call, f"/people/{who}/positions", body)
    seen = f"{linked.headers['Position']},{given.headers['Position']}"
    await call.http.get("/people?site=hanam", headers=call.headers("root") | {"After-Position": seen})  # fmt: skip
    return call


async def test_an_administrator_of_a_site_imports_the_staff_of_that_site_only(house: Any):
    content = PEOPLE + "an,hanam,Nguyễn An,,,,2020-01-01\nla,langson,Hoàng La,,,,2020-01-01\n"

    rows = await _imported(house, "people", content, by="binh")
    audit = (await house.get("/audit/person/an", by="binh")).json()

    assert _outcomes(rows) == [("created", None), ("refused", "may-not-act")]
    assert audit["decisions"][0]["right"]["rule"] == "house.site-administrator"
    assert audit["decisions"][0]["right"]["article"]["instrument"].startswith("Quy tắc vận hành")
    assert audit["decisions"][0]["cause"].startswith("import:")


async def test_a_file_with_no_row_within_ones_rights_is_refused_whole(house: Any):
    content = PEOPLE + "la,langson,Hoàng La,,,,2020-01-01\n"
    headers = {"Authorization": "Bearer binh"}
    files = {"file": ("x.csv", content.encode())}

    answer = await house.http.post(
        "/imports", data={"kind": "people"}, files=files, headers=headers
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "may-not-act")


async def test_nobody_gives_power_to_themselves_by_a_file(house: Any):
    content = POSITIONS + (
        "binh,hanam,site_administrator,2021-01-01,2/QĐ-UBND,\n"
        "binh,installation,administrator,2021-01-01,2/QĐ-UBND,\n"
        "quan,hanam,site_administrator,2021-01-01,2/QĐ-UBND,\n"
    )

    rows = await _imported(house, "positions", content, by="binh")

    assert _outcomes(rows)[:2] == [("refused", "not-for-oneself")] * 2
    assert rows[2]["outcome"] == "created"


async def test_positions_sent_twice_in_two_files_are_given_once(house: Any):
    await _imported(house, "people", PEOPLE + "an,hanam,Nguyễn An,,,,2020-01-01\n", by="quan")
    row = "an,hanam,site_administrator,2021-01-01,2/QĐ-UBND,Tin tức; Văn bản\n"

    first = await _imported(house, "positions", POSITIONS + row, by="quan")
    again = await _imported(house, "positions", POSITIONS + "\n" + row, by="quan")
    person = (await house.get("/people/an", by="quan")).json()

    assert [_outcomes(first), _outcomes(again)] == [[("created", None)], [("unchanged", None)]]
    assert len(person["positions"]) == 1


async def test_a_rehearsal_of_a_tree_of_sites_keeps_none(house: Any):
    content = SITES + (
        "hanam-snv,hanam.vp,department,hanam@1,Trang Sở Nội vụ,,hanam,2020-01-01,1/QĐ-UBND\n"
        "hanam-snv-vt,hanam.vp,unit,hanam@1,Trang Văn thư,,hanam-snv,2020-01-01,1/QĐ-UBND\n"
        "hanam-x,hanam.vp,unit,hanam@1,Trang X,,khong-co,2020-01-01,1/QĐ-UBND\n"
    )

    rows = await _imported(house, "sites", content, by="quan", dry_run="true")
    kept = await house.get("/sites/hanam-snv", by="quan")

    assert [row["outcome"] for row in rows] == ["created", "created", "refused"]
    assert kept.status_code == 404


async def test_who_lost_their_position_imports_nothing_more(house: Any):
    await _imported(house, "people", PEOPLE + "an,hanam,Nguyễn An,,,,2020-01-01\n", by="binh")
    posts = (await house.get("/people/binh", by="quan")).json()["positions"]
    body = {"ends_on": "2026-11-23", "document": DECISION}
    path = f"/people/binh/positions/{posts[0]['position_id']}/end"
    await _done(house, path, body, by="quan")
    content = PEOPLE + "cuc,hanam,Đỗ Cúc,,,,2020-01-01\n"

    answer = await house.http.post(
        "/imports",
        data={"kind": "people"},
        files={"file": ("x.csv", content.encode())},
        headers={"Authorization": "Bearer binh"},
    )

    assert answer.status_code == 403


async def test_a_closure_is_declared_for_ones_own_site_only(house: Any):
    closure = {
        "place": "hanam",
        "closure_id": "bao-so-13",
        "start": "2026-12-07",
        "end": "2026-12-09",
        "reason": "Bão số 13",
        "source": "Công điện",
    }
    days = [
        {"date": f"2026-01-{d:02}", "kind": "holiday", "name_vi": "Lễ", "status": "confirmed", "source": "Luật"}
        for d in range(1, 12)
    ]  # fmt: skip
    await _done(house, "/calendars", {"calendar_id": "vn", "years": [2026], "days": days}, "quan")

    own = await house.post("/closures", closure, by="binh")
    other = await house.post("/closures", closure | {"place": "langson"}, by="binh")
    calendar = await house.post(
        "/calendars", {"calendar_id": "x", "years": [2026], "days": days}, by="binh"
    )

    assert (own.status_code, other.status_code, calendar.status_code) == (201, 403, 403)


async def test_a_closure_of_a_province_holds_at_the_sites_under_it(house: Any):
    unit = "hanam-snv,hanam.vp,department,hanam@1,Trang Sở,,hanam,2020-01-01,1/QĐ-UBND\n"
    await _imported(house, "sites", SITES + unit, by="quan")
    days = [
        {"date": f"2026-01-{d:02}", "kind": "holiday", "name_vi": "Lễ", "status": "confirmed", "source": "Luật"}
        for d in range(1, 12)
    ]  # fmt: skip
    await _done(house, "/calendars", {"calendar_id": "vn", "years": [2026], "days": days}, "quan")
    closure = {"place": "hanam", "closure_id": "bao", "start": "2026-12-07", "end": "2026-12-09"}
    await _done(house, "/closures", closure | {"reason": "Bão", "source": "Công điện"}, "quan")
    week = {"start": "2026-12-07", "end": "2026-12-12"}

    below = (await house.get("/calendars/vn/days", place="hanam-snv", **week)).json()
    beside = (await house.get("/calendars/vn/days", place="langson", **week)).json()

    assert (below["working_days"], beside["working_days"]) == (3, 5)
