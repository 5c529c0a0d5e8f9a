"""What the regulation finds in a text stands on the article, as the approval will ask it; the rest a person decides."""

from datetime import timedelta

import pytest

from contracts.events.intake import SubmissionResubmittedV1
from editorial.domain.faults import found_in

from .test_routes import APPROVES, DUE, house_body, stored

RULES = {
    "hanam": "hanam.d9.k1c.issuer",
    "binhduong": "binhduong.d13.k3a.issuer",
    "langson": "langson.d9.k3.issuer",
}
PASSED, SOON = "2026-11-20T17:00:00.000Z", "2026-11-23T06:00:00.000Z"
FLAG = {"flags": ["source_requires_agreement"]}
AGREEMENT = stored({"agreement_ref": "12/TT ngày 20/11/2026"})
ADVERTISING = {"body": house_body("Sản phẩm chữa khỏi hoàn toàn, mua ngay hôm nay.")}


def due(site, at=PASSED, **changes):
    return {"due": DUE | {"rule": RULES[site], "at": at, "legal": True, **changes}}


async def findings(house, id, site):
    return (await house.article(id, APPROVES[site][1]))["findings"]


async def approved(house, id, site):
    step, who = APPROVES[site]
    await house.through(id, site, until=step)
    return await house.take(id, step, who)


def codes(found, **wanted):
    return [
        each["code"] for each in found if all(each[name] == value for name, value in wanted.items())
    ]


async def test_where_nothing_is_found_nothing_stands_there(house):
    id = await house.submitted("hanam")

    assert await findings(house, id, "hanam") == []


@pytest.mark.parametrize(
    ("site", "changes"),
    [
        ("hanam", {"author": None, "source": None, **ADVERTISING}),
        ("hanam", due("hanam") | FLAG),
        ("binhduong", {"source": None, "title": "Hoäi nghò trieån khai nhieäm vuï"}),
        ("binhduong", {"category": "legal_document", "fields": stored({"number": "x1"}), **due("binhduong")}),
    ],
)  # fmt: skip
async def test_what_blocks_is_what_the_approval_refuses_for(house, site, changes):
    id = await house.submitted(site, **changes)

    shown = await findings(house, id, site)
    refused = (await approved(house, id, site)).json()

    assert codes(shown, blocks=True) == refused["codes"]
    assert [each["blocks"] for each in shown] == sorted((each["blocks"] for each in shown), reverse=True)  # fmt: skip
    for each in shown:
        assert "Điều" in each["article"]["vi"]
        assert "Article" in each["article"]["en"]
        assert each["quotation"]
        assert each["sentence"]["vi"]
        assert each["sentence"]["en"]
        assert each["blocks"] <= (each["way"] is not None)


async def test_it_is_found_in_the_present_text_and_gone_once_mended(house):
    id = await house.submitted("binhduong", source=None)
    await house.through(id, "binhduong", until="approve")
    before = await findings(house, id, "binhduong")

    await house.revise(id, "binhduong.deputy-board-head", source={"name": "Văn phòng UBND tỉnh"})

    assert codes(before) == ["missing_source"]
    assert before[0]["field"] == "source"
    assert await findings(house, id, "binhduong") == []


async def test_lateness_and_suspicion_stand_there_and_block_nothing(house):
    id = await house.submitted("hanam", **due("hanam"), **ADVERTISING)

    shown = await findings(house, id, "hanam")
    done = await approved(house, id, "hanam")

    assert codes(shown) == ["overdue", "prohibited:hanam_p1c"]
    assert [(each["blocks"], each["needs_human"]) for each in shown] == [
        (False, False),
        (False, True),
    ]
    assert shown[0]["sentence"] == {"vi": "Hạn đăng: 25/11/2026.", "en": "By 25/11/2026."}
    assert shown[0]["quotation"] == DUE["quotation"]
    assert done.status_code == 200, done.text


async def test_a_default_limit_is_a_warning(house):
    id = await house.submitted("langson", **due("langson", legal=False))

    (late,) = (await house.article(id, "langson.board-head"))["findings"]

    assert (late["code"], late["severity"], late["blocks"]) == ("overdue_default", "warning", False)


async def test_a_clock_that_runs_out_is_told_though_nobody_did_anything(house):
    id = await house.submitted("hanam", **due("hanam", SOON))
    path, who = f"/articles/{id}", "hanam.board-head"
    fresh = await house.get(path, who)
    known = {"If-None-Match": fresh.headers["ETag"]}
    same = await house.http.get(path, headers=house.headers(who, **known))

    await house.later(house.clock.at + timedelta(hours=2))
    late = await house.http.get(path, headers=house.headers(who, **known))

    assert (same.status_code, late.status_code) == (304, 200)
    assert fresh.json()["findings"] == []
    assert codes(late.json()["findings"]) == ["overdue"]


async def test_a_text_is_looked_at_for_who_is_told_what_is_found_and_for_nobody_else(house):
    id = await house.submitted("hanam", title="Chỉ ở đây")
    path, who = f"/articles/{id}", "hanam.board-head"
    looked = found_in.cache_info
    before = looked().misses
    for part in ("history", "acts", "revisions/1"):
        assert (await house.get(f"{path}/{part}", who)).status_code == 200
    assert looked().misses == before

    whole = await house.get(path, who)
    asked = looked()
    known = house.headers(who, **{"If-None-Match": whole.headers["ETag"]})

    assert asked.misses == before + 1
    assert (await house.http.get(path, headers=known)).status_code == 304
    assert looked() == asked


async def test_what_was_published_in_time_is_not_late_afterwards(house):
    id = await house.submitted("hanam", **due("hanam", SOON))
    await house.through(id, "hanam")

    await house.later(house.clock.at + timedelta(hours=2))

    assert await findings(house, id, "hanam") == []


# -- the agreement to quote (Hà Nam Điều 8 khoản 4) -----------------------------------------------


async def test_a_source_that_asks_for_an_agreement_is_approved_with_one_only(house):
    id = await house.submitted("hanam", **FLAG)
    refused = await approved(house, id, "hanam")
    seen = await house.article(id, "hanam.board-head")

    mended = await house.revise(id, "hanam.board-member", fields=AGREEMENT)
    done = await house.take(id, *APPROVES["hanam"])

    assert (refused.status_code, refused.json()["codes"]) == (409, ["missing_field:agreement_ref"])
    assert refused.json()["rule"] == "hanam.d8.k4.quotation-agreement"
    assert seen["flags"] == FLAG["flags"]
    (found,) = seen["findings"]
    assert (found["field"], found["blocks"]) == ("agreement_ref", True)
    assert found["article"]["vi"].startswith("khoản 4 Điều 8")
    assert mended.status_code == 201, mended.text
    assert done.status_code == 200, done.text


@pytest.mark.parametrize(
    ("site", "changes"),
    [("hanam", {}), ("hanam", {"fields": AGREEMENT, **FLAG}), ("binhduong", FLAG)],
)
async def test_nobody_else_is_asked_for_one(house, site, changes):
    id = await house.submitted(site, **changes)

    done = await approved(house, id, site)

    assert done.status_code == 200, done.text


@pytest.mark.parametrize(("first", "second"), [([], FLAG["flags"]), (FLAG["flags"], [])])
async def test_what_is_declared_is_what_was_handed_in_last(house, first, second):
    id = await house.submitted("hanam", flags=first)
    await house.take(id, "receive", "hanam.board-member")
    await house.post(f"/articles/{id}/returns", {"reasons": ["Sửa."]}, "hanam.board-head")
    await house.intake_says(
        SubmissionResubmittedV1, id, "hanam", revision=2, title="Đã sửa", flags=second
    )

    seen = await house.article(id, "hanam.board-head")

    assert seen["flags"] == second
    assert codes(seen["findings"]) == ["missing_field:agreement_ref"] * len(second)
