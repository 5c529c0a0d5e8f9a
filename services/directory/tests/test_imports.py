"""Imports over HTTP: a result per row, nothing twice, nothing kept in a rehearsal, no file believed."""

import asyncio
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from contracts.place import ROOT

HEADER = ("agency_id", "site", "name_vi", "kind", "valid_from", "parent")
COMMITTEE = ("hanam.ubnd", "hanam", "UBND tỉnh Hà Nam", "provincial_committee", "2019-01-01", "")
OFFICE = ("hanam.vp", "hanam", "Văn phòng UBND tỉnh", "office", "01/01/2019", "hanam.ubnd")
SAMPLE = Path(ROOT / "administrative" / "sample-maps.json").read_text(encoding="utf-8")


def csv_of(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, by: str = ",") -> str:
    return "\r\n".join(by.join(row) for row in (header, *rows)) + "\r\n"


def xlsx_of(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # pyright: ignore[reportOptionalMemberAccess]
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


async def _sent(
    call: Any, content: str | bytes, kind: str = "agencies", by: str = "writer", **form: str
) -> Any:
    given = content.encode() if isinstance(content, str) else content
    return await call.http.post(
        "/imports",
        data={"kind": kind} | form,
        files={"file": ("bảng.csv", given)},
        headers={"Authorization": f"Bearer {by}"},
    )


async def _ended(call: Any, answer: Any) -> tuple[Any, list[Any]]:
    assert answer.status_code == 202, answer.text
    path = f"/imports/{answer.json()['import_id']}"
    async with asyncio.timeout(60):
        await call.app.state.deps.imports.idle()
    job = (await call.get(path, by="writer")).json()
    assert job["state"] == "done", job
    rows = await call.get(f"{path}/rows", by="writer", limit=100)
    return job, rows.json()["items"]


async def _imported(call: Any, content: str | bytes, **form: str) -> tuple[Any, list[Any]]:
    return await _ended(call, await _sent(call, content, **form))


def _outcomes(rows: list[Any]) -> list[tuple[int, str, str | None]]:
    return [(r["number"], r["outcome"], r["problem"] and r["problem"]["code"]) for r in rows]


async def test_each_row_is_a_decision_with_the_file_and_row_as_its_cause(call: Any):
    job, rows = await _imported(call, csv_of(OFFICE, COMMITTEE))
    history = (await call.get("/agencies/hanam.vp/history", by="reader")).json()

    assert _outcomes(rows) == [(2, "created", None), (3, "created", None)]
    assert (job["total"], job["done"], job["created"]) == (2, 2, 2)
    assert history[0]["actor"] == "writer"


async def test_the_same_file_again_does_nothing_twice(call: Any):
    await _imported(call, csv_of(COMMITTEE, OFFICE))

    job, rows = await _imported(call, csv_of(COMMITTEE, OFFICE))
    history = (await call.get("/agencies/hanam.vp/history", by="reader")).json()

    assert {row["outcome"] for row in rows} == {"unchanged"}
    assert job["unchanged"] == 2
    assert len(history) == 1


async def test_rows_that_another_file_brought_before_are_unchanged(call: Any):
    await _imported(call, csv_of(COMMITTEE, OFFICE))

    _, rows = await _imported(call, csv_of(OFFICE, COMMITTEE))

    assert {row["outcome"] for row in rows} == {"unchanged"}


async def test_a_row_with_other_values_is_refused_not_overwritten(call: Any):
    await _imported(call, csv_of(COMMITTEE))
    other = (*COMMITTEE[:2], "UBND tỉnh khác", *COMMITTEE[3:])

    _, rows = await _imported(call, csv_of(other))
    kept = (await call.get("/agencies/hanam.ubnd")).json()

    assert _outcomes(rows) == [(2, "refused", "agency-exists")]
    assert kept["attributes"]["name_vi"] == "UBND tỉnh Hà Nam"


async def test_a_refused_row_is_tried_again_when_what_it_lacked_is_there(call: Any):
    _, first = await _imported(call, csv_of(OFFICE))
    await _imported(call, csv_of(COMMITTEE))

    _, again = await _imported(call, csv_of(OFFICE))

    assert [row["outcome"] for row in (*first, *again)] == ["refused", "created"]


async def test_a_rehearsal_shows_what_would_come_and_keeps_nothing(call: Any):
    _, rows = await _imported(call, csv_of(OFFICE, COMMITTEE, COMMITTEE), dry_run="true")
    missing = await call.get("/agencies/hanam.ubnd")

    assert _outcomes(rows) == [
        (2, "created", None),
        (3, "created", None),
        (4, "refused", "row-twice"),
    ]
    assert missing.status_code == 404


async def test_rows_that_name_each_other_in_a_circle_are_refused(call: Any):
    a = ("hanam.a", "hanam", "A", "department", "2019-01-01", "hanam.b")
    b = ("hanam.b", "hanam", "B", "department", "2019-01-01", "hanam.a")

    _, rows = await _imported(call, csv_of(a, b, COMMITTEE))

    assert _outcomes(rows) == [
        (2, "refused", "circular"),
        (3, "refused", "circular"),
        (4, "created", None),
    ]


async def test_a_chain_as_long_as_the_file_is_decided_in_its_order(call: Any):
    chain = [
        (f"hanam.d{i}", "hanam", f"Phòng {i}", "division", "2019-01-01", f"hanam.d{i - 1}" if i else "")
        for i in range(60)
    ]  # fmt: skip

    job, _ = await _imported(call, csv_of(*reversed(chain)))

    assert (job["created"], job["refused"]) == (60, 0)


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(lambda text: text.encode(), id="utf-8"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="utf-8 with mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="utf-16"),
        pytest.param(lambda text: b"\xfe\xff" + text.encode("utf-16-be"), id="utf-16 big"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_a_table_of_any_spreadsheet_is_read(call: Any, encoded: Any, delimiter: str):
    _, rows = await _imported(call, encoded(csv_of(COMMITTEE, OFFICE, by=delimiter)))

    assert {row["outcome"] for row in rows} == {"created"}


async def test_headers_may_be_vietnamese_with_or_without_diacritics(call: Any):
    header = ("Mã cơ quan", "CỔNG", "ten", "loại", "tu_ngay", "Cấp  trên")

    _, rows = await _imported(call, csv_of(COMMITTEE, header=header))

    assert rows[0]["outcome"] == "created"


async def test_a_workbook_is_read_with_its_dates_and_numbers(call: Any):
    content = xlsx_of(HEADER, (*COMMITTEE[:4], date(2019, 1, 1), None), (), OFFICE)

    _, rows = await _imported(call, content)
    made = (await call.get("/agencies/hanam.ubnd")).json()

    assert _outcomes(rows) == [(2, "created", None), (4, "created", None)]
    assert made["valid_from"] == "2019-01-01"


def _cell(column: int, value: str) -> tuple[str, ...]:
    return (*COMMITTEE[:column], value, *COMMITTEE[column + 1 :])


@pytest.mark.parametrize(
    ("row", "pointer", "rule"),
    [
        pytest.param(_cell(4, "32/01/2019"), "/valid_from", "date", id="no such day"),
        pytest.param(_cell(2, ""), "/name_vi", "required", id="empty"),
        pytest.param(_cell(2, "=1+1"), "/name_vi", "formula", id="formula"),
        pytest.param(_cell(2, "=cmd|' /C calc'!A0"), "/name_vi", "formula", id="injection"),
        pytest.param(_cell(2, "ñy ban nhân dân tØnh Hµ Nam"), "/name_vi", "damaged-text", id="tcvn3"),
        pytest.param(_cell(2, "Sở Nội vụ\u202egnouv"), "/name_vi", "hidden-signs", id="turned"),
        pytest.param(_cell(2, "Sở\u200b Nội vụ"), "/name_vi", "hidden-signs", id="zero width"),
        pytest.param(_cell(2, "x" * 5000), "/name_vi", "max-length", id="endless"),
        pytest.param(_cell(3, "ministry"), "/kind", "literal_error", id="no such kind"),
    ],
)  # fmt: skip
async def test_a_cell_that_does_not_fit_is_named(call: Any, row: Any, pointer: str, rule: str):
    _, rows = await _imported(call, csv_of(row))

    problem = rows[0]["problem"]
    assert rows[0]["outcome"] == "refused"
    assert (problem["errors"][0]["pointer"], problem["errors"][0]["rule"]) == (pointer, rule)


async def test_a_value_that_breaks_its_contract_is_named(call: Any):
    _, rows = await _imported(call, csv_of(_cell(0, "../etc/passwd"), _cell(0, "A" * 80)))

    assert {row["problem"]["code"] for row in rows} == {"breaks-its-schema"}
    assert rows[0]["problem"]["errors"][0]["pointer"] == "/agency_id"


async def test_a_formula_in_a_workbook_is_no_value(call: Any):
    content = xlsx_of(HEADER, _cell(2, '=HYPERLINK("http://x.example";"Sở")'))

    _, rows = await _imported(call, content)

    assert rows[0]["problem"]["errors"][0]["rule"] == "formula"


async def test_a_number_that_became_a_date_is_not_guessed_back(call: Any):
    content = xlsx_of(HEADER, (*COMMITTEE[:2], date(2019, 1, 1), *COMMITTEE[3:]))

    _, rows = await _imported(call, content)

    assert rows[0]["problem"]["errors"][0]["rule"] == "text"


def _bomb(part: int, packed: str = "xl/worksheets/sheet1.xml") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(packed, b"0" * part)
    return kept.getvalue()


def _with_entities() -> bytes:
    kept = io.BytesIO()
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(kept, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", laughs)
    return kept.getvalue()


def _far_row() -> bytes:
    """A sheet whose only row claims to be the millionth."""
    content, kept = io.BytesIO(xlsx_of(HEADER)), io.BytesIO()
    with zipfile.ZipFile(content) as given, zipfile.ZipFile(kept, "w") as package:
        for name in given.namelist():
            part = given.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b'r="1"', b'r="1048576"').replace(b'"A1', b'"A1048576')
            package.writestr(name, part)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "file-empty", id="nothing"),
        pytest.param(b"\x00" * 100, "file-empty", id="zeros"),
        pytest.param(csv_of().encode(), "file-empty", id="header only"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "file-type", id="old excel"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "file-encoding", id="picture"),
        pytest.param(b"%PDF-1.7\n\x00\x01", "file-type", id="pdf"),
        pytest.param(b"PK\x03\x04rest", "file-broken", id="torn zip"),
        pytest.param(_bomb(50, "a.txt"), "file-type", id="another zip"),
        pytest.param(_bomb(20 * 2**20), "file-too-large", id="zip bomb"),
        pytest.param(_with_entities(), "file-type", id="entities"),
        pytest.param(_far_row(), "file-empty", id="millionth row"),
        pytest.param("tên;loại\r\nSở;x".encode("utf-16-le"), "file-encoding", id="utf-16, no mark"),
        pytest.param("tªn,lo¹i\nSë,x".encode("latin-1"), "file-encoding", id="tcvn3"),
        pytest.param(b"a,b\n1,2", "columns-unknown", id="other columns"),
        pytest.param(csv_of(COMMITTEE, header=(*HEADER[:5], "site")).encode(), "columns-unknown", id="twice"),
        pytest.param(csv_of(COMMITTEE, header=(*HEADER[:5], "proof")).encode(), "columns-unknown", id="mass assignment"),
        pytest.param(("x," * 70 + "\n" + "1," * 70).encode(), "too-many-columns", id="wide"),
        pytest.param(b'agency_id,site\n"a,b\n', "file-broken", id="open quotation"),
    ],
)  # fmt: skip
async def test_a_file_that_is_no_table_is_refused(call: Any, content: bytes, code: str):
    answer = await _sent(call, content)

    assert answer.json()["code"] == code
    assert answer.status_code in {413, 422}


async def test_a_huge_upload_is_refused_before_it_is_read(call: Any):
    answer = await _sent(call, b"a" * (11 * 2**20))

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


async def test_too_many_rows_are_refused(call: Any):
    answer = await _sent(call, "site\n" + "x\n" * 20_001)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-many-rows")


async def test_an_import_belongs_to_who_began_it(call: Any):
    job, _ = await _imported(call, csv_of(COMMITTEE))
    path = f"/imports/{job['import_id']}"

    other = await call.get(path, by="reader")
    rows = await call.get(f"{path}/rows", by="reader")
    nobody = await call.get(path)
    listed = await call.get("/imports", by="reader")

    assert (other.status_code, rows.status_code, nobody.status_code) == (404, 404, 401)
    assert listed.json()["items"] == []


async def test_who_may_not_write_imports_nothing(call: Any):
    answer = await _sent(call, csv_of(COMMITTEE), by="reader")

    assert answer.status_code == 403


async def test_a_kind_that_nobody_knows_is_refused(call: Any):
    answer = await _sent(call, csv_of(COMMITTEE), kind="users")

    assert answer.json()["errors"][0]["pointer"] == "/kind"


# -- maps ------------------------------------------------------------------------------------------


async def test_two_maps_and_their_succession_are_imported(call: Any):
    job, rows = await _imported(call, SAMPLE, kind="administrative-maps")
    old = await call.get("/administrative-units/by-code/commune/13285", on="2025-06-30")
    new = await call.get("/administrative-units/by-code/commune/13285", on="2025-07-01")
    became = await call.get("/administrative-units/commune.13291.2013/became", on="2026-01-01")
    district = await call.get("/administrative-units/district.347.2013/became", on="2026-01-01")
    stays = await call.get("/administrative-units/province.20.2013/became", on="2026-01-01")

    assert job["refused"] == 0, [row for row in rows if row["outcome"] == "refused"]
    assert old.json()["attributes"]["name_vi"] == "Phường Quang Trung"
    assert new.json()["attributes"]["name_vi"] == "Phường Phủ Lý"
    assert [unit["unit_id"] for unit in became.json()["now"]] == ["commune.13285.2025"]
    assert district.json()["now"] == []
    assert [unit["unit_id"] for unit in stays.json()["now"]] == ["province.20.2013"]


async def test_maps_again_do_nothing_twice(call: Any):
    first, _ = await _imported(call, SAMPLE, kind="administrative-maps")

    again, _ = await _imported(call, SAMPLE, kind="administrative-maps")

    assert again["unchanged"] == first["total"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("[" * 100_000, "file-too-deep", id="deep"),
        pytest.param('{"known_from": ', "file-broken", id="torn"),
        pytest.param('{"a": 1}', "maps-invalid", id="other"),
        pytest.param(
            SAMPLE.replace('"after": "79"', '"after": "78"'),
            "maps-loose-ends",
            id="a successor nobody knows",
        ),
        pytest.param(
            SAMPLE.replace("Thành phố Phủ Lý", "Phủ Lý"),
            "maps-loose-ends",
            id="a name without its kind",
        ),
    ],
)
async def test_maps_that_do_not_fit_are_refused(call: Any, content: str, code: str):
    answer = await _sent(call, content, kind="administrative-maps")

    assert (answer.status_code, answer.json()["code"]) == (422, code)
