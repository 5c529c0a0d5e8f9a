"""Handing in over HTTP, whole, on the working fakes."""

import pytest

from authority.testing import Told
from common.testing.issuer import URL


async def test_what_is_handed_in_is_registered_listed_and_seen(town, a_news_item):
    made = await town.post("/submissions", a_news_item())

    assert made.status_code == 201, made.text
    answer = made.json()
    assert answer["receipt"] == "hanam-2026-000001"
    assert (answer["valid"], answer["errors"], answer["profile"]) == (True, [], "hanam@1")
    seen = (await town.get(f"/submissions/{answer['submission_id']}")).json()
    assert seen["state"] == "received"
    assert seen["content"]["body"]["html"] == a_news_item()["body"]
    assert seen["content"]["submitted_by"]["position"] == "an.hanam"
    listed = (await town.get("/submissions", site="hanam")).json()["items"]
    mine = (await town.get("/submissions")).json()["items"]
    assert [each["receipt"] for each in listed] == [each["receipt"] for each in mine]
    receipt = (await town.get(f"/submissions/{answer['submission_id']}/receipt")).json()
    assert (receipt["category_vi"], receipt["site_name_vi"]) == ("Tin tức, sự kiện", "hanam")


def a_contributor() -> Told:
    """Somebody outside the board of Khánh Hòa, who may hand in there (Điều 8 Bước 1)."""
    told = Told()
    told.person("cong-tac-vien", site="khanhhoa")
    told.link("cong-tac-vien", "id-of-cong-tac-vien", issuer=URL)
    told.position("cong-tac-vien", "contributor", site="khanhhoa", position_id="ctv.khanhhoa")
    return told


@pytest.mark.parametrize("said", [None, {"role": "board_member"}, {"role": "staff"}])
async def test_who_sends_as_what_is_what_the_directory_says(town, a_news_item, said):
    """Else an item of an outside sender would pass by the member of its field (KH Đ8 Bước 1)."""
    await town.told(a_contributor())
    item = a_news_item(site="khanhhoa", submitted_by=said)

    made = await town.post("/submissions", item, "cong-tac-vien")

    assert made.status_code == 201, made.text
    seen = await town.get(f"/submissions/{made.json()['submission_id']}", "cong-tac-vien")
    assert seen.json()["content"]["submitted_by"]["role"] == "contributor"


@pytest.mark.parametrize(
    ("who", "said", "kept"),
    [("an", "outside_person", "outside_person"), ("an", "board_head", "staff"), ("he-thong", "contributor", "contributor")],
)  # fmt: skip
async def test_an_officer_or_a_system_may_pass_on_what_somebody_outside_wrote(
    town, a_news_item, who, said, kept
):
    made = await town.post("/submissions", a_news_item(submitted_by={"role": said}), who)

    seen = await town.get(f"/submissions/{made.json()['submission_id']}", who)
    assert seen.json()["content"]["submitted_by"]["role"] == kept
