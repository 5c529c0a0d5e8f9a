"""The life of a submission: returned with reasons, corrected, handed in again; taken back; closed."""

import asyncio

import pytest

from contracts.events import editorial as article


@pytest.fixture
async def handed_in(town, a_news_item):
    answer = await town.post("/submissions", a_news_item())
    assert answer.status_code == 201, answer.text
    return answer.json()["submission_id"]


async def state_of(town, id):
    return (await town.get(f"/submissions/{id}")).json()["state"]


async def test_after_a_return_it_is_corrected_and_handed_in_again(town, a_news_item, handed_in):
    await town.returned(handed_in, "Thiếu địa điểm.", "Ảnh quá nhỏ.")
    seen = (await town.get(f"/submissions/{handed_in}")).json()
    better = {k: v for k, v in a_news_item(title="Hội nghị tại Phủ Lý").items() if k != "site"}

    again = await town.post(
        f"/submissions/{handed_in}/resubmissions", better | {"note": "Đã thêm địa điểm."}
    )

    assert seen["state"] == "returned"
    assert seen["outcome"]["reasons"] == ["Thiếu địa điểm.", "Ảnh quá nhỏ."]
    assert (again.status_code, again.json()["revision"]) == (201, 2)
    assert again.json()["receipt"] == seen["receipt"]
    now = (await town.get(f"/submissions/{handed_in}")).json()
    assert (now["state"], now["title"]) == ("resubmitted", "Hội nghị tại Phủ Lý")
    assert now["content"]["note"] == "Đã thêm địa điểm."
    first = (await town.get(f"/submissions/{handed_in}", revision=1)).json()
    assert first["content"]["title"] == "Hội nghị chuyển đổi số"
    assert [each["revision"] for each in now["revisions"]] == [1, 2]


async def test_a_return_is_answered_once_and_a_second_return_again(town, a_news_item, handed_in):
    path = f"/submissions/{handed_in}/resubmissions"
    await town.returned(handed_in)
    bodies = [
        {k: v for k, v in a_news_item(title=f"Lần {n}").items() if k != "site"} for n in range(4)
    ]

    once = await asyncio.gather(*(town.post(path, body) for body in bodies[:3]))
    await town.returned(handed_in)
    twice = await town.post(path, bodies[3])

    assert sorted(each.status_code for each in once) == [201, 409, 409]
    assert {each.json()["code"] for each in once if each.status_code == 409} == {"not-returned"}
    assert (twice.status_code, twice.json()["revision"]) == (201, 3)


async def test_before_a_return_and_by_somebody_else_it_is_not_handed_in_again(
    town, a_news_item, handed_in
):
    body = {k: v for k, v in a_news_item(title="Mới").items() if k != "site"}

    early = await town.post(f"/submissions/{handed_in}/resubmissions", body)
    await town.returned(handed_in)
    other = await town.post(f"/submissions/{handed_in}/resubmissions", body, "binh")
    nobodys = handed_in[:-1] + ("1" if handed_in.endswith("0") else "0")
    unknown = await town.post(f"/submissions/{nobodys}/resubmissions", body)

    assert (early.status_code, early.json()["code"]) == (409, "not-returned")
    assert (other.status_code, other.json()["code"]) == (403, "not-the-sender")
    assert unknown.status_code == 404


async def test_its_sender_takes_it_back_and_the_content_is_free_again(town, a_news_item, handed_in):
    mine = await town.post(f"/submissions/{handed_in}/withdrawal", {"reason": "Gửi nhầm."})
    twice = await town.post(f"/submissions/{handed_in}/withdrawal", {})
    again = await town.post("/submissions", a_news_item())

    assert mine.json() == {
        "submission_id": handed_in,
        "receipt": "hanam-2026-000001",
        "state": "withdrawn",
    }
    assert twice.status_code == 200
    assert await state_of(town, handed_in) == "withdrawn"
    assert again.json()["receipt"] == "hanam-2026-000002"


async def test_what_is_decided_stays_and_is_shown_to_its_sender(town, handed_in):
    await town.board_says(article.ArticlePublishedV1, handed_in)
    closed = await town.post(f"/submissions/{handed_in}/withdrawal", {})

    assert await state_of(town, handed_in) == "published"
    assert (closed.status_code, closed.json()["code"]) == (409, "closed-already")


async def test_a_refusal_shows_its_ground(town, handed_in):
    why = "Tin không nêu nguồn."
    await town.board_says(article.ArticleRefusedV1, handed_in, explanation=why)

    seen = (await town.get(f"/submissions/{handed_in}")).json()

    assert seen["state"] == "refused"
    assert seen["outcome"]["explanation"] == why
    assert seen["outcome"]["ground"]["quotation"]


async def test_lists_are_by_person_site_and_state_newest_first(town, a_news_item):
    made = [
        (await town.post("/submissions", a_news_item(title=f"Tin {n}"))).json()["submission_id"]
        for n in range(5)
    ]
    await town.returned(made[1])
    await town.returned(made[3])

    pages, cursor = [], {}
    while True:
        page = (await town.get("/submissions", site="hanam", limit=2, **cursor)).json()
        pages.append([each["submission_id"] for each in page["items"]])
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    back = (await town.get("/submissions", "binh", site="hanam", state="returned")).json()["items"]
    mine = (await town.get("/submissions", "binh")).json()["items"]
    foreign = await town.get("/submissions", "binh", site="langson")

    assert [id for page in pages for id in page] == made[::-1]
    assert [each["submission_id"] for each in back] == [made[3], made[1]]
    assert mine == []
    assert foreign.status_code == 403


async def test_who_has_nothing_to_do_with_it_does_not_see_it(town, a_news_item):
    made = (await town.post("/submissions", a_news_item(site="langson"))).json()

    for path, asked in (("", {}), ("/receipt", {}), ("/contact", {"why": "tò mò"})):
        answer = await town.get(f"/submissions/{made['submission_id']}{path}", "binh", **asked)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-yours")
    unknown = await town.get("/submissions/00000000-0000-0000-0000-000000000000")
    assert unknown.status_code == 404


async def test_whatever_comes_first_the_end_is_the_same(town, a_news_item, handed_in):
    await town.returned(handed_in)
    shown = (await town.get(f"/submissions/{handed_in}")).json()
    consumption = next(c for c in town.service.consumptions if c.hears.name == "intake")

    generation = await consumption.rebuild()

    town.app.state.deps.submissions._views.forget()
    assert generation.number == 2
    assert (await town.get(f"/submissions/{handed_in}")).json() == shown


async def test_its_sender_sees_step_by_step_what_the_board_did(town, handed_in):
    id = handed_in
    await town.board_says(article.ArticleOpenedV1, id)
    await town.board_says(article.StepTakenV1, id, step="edit")
    await town.returned(id, "Thiếu nguồn.")

    seen = (await town.get(f"/submissions/{id}")).json()

    assert [(act["kind"], act["step"], act["said"]) for act in seen["acts"]][:2] == [
        ("opened", None, []),
        ("step_taken", "edit", []),
    ]
    assert (seen["acts"][2]["kind"], seen["acts"][2]["said"]) == ("returned", ["Thiếu nguồn."])
    assert "by" not in seen["acts"][1]


async def test_a_list_is_of_one_agency_and_oldest_first_where_asked(town, a_news_item):
    for title in ("Một", "Hai"):
        await town.post("/submissions", a_news_item(title=title))
    await town.post("/submissions", a_news_item(title="Của bạn"), "binh")

    asked = {"site": "hanam", "agency": "hanam.vpubnd", "order": "oldest", "limit": 1}
    first = (await town.get("/submissions", **asked)).json()
    second = (await town.get("/submissions", **asked, cursor=first["next"])).json()

    titles = [each["title"] for page in (first, second) for each in page["items"]]
    assert (titles, second["next"]) == (["Một", "Hai"], None)


async def test_places_are_those_where_one_may_hand_in_and_the_others_say_why(town):
    mine = (await town.get("/places")).json()
    theirs = (await town.get("/places", "binh")).json()

    assert [(each["site"], each["may"]) for each in mine] == [
        (site, True) for site in ("binhduong", "hanam", "khanhhoa", "langson")
    ]
    assert mine[1]["agency"] == "hanam.vpubnd"
    assert [each["site"] for each in theirs if each["may"]] == ["hanam"]
    assert theirs[-1]["refused"]["sentences"]["vi"]
    assert theirs[-1]["refused"]["article"]["vi"]


async def test_a_check_shows_the_body_as_it_would_be_kept(town, a_news_item):
    body = '<p style="x">Chào</p><blink>!</blink>'

    found = (await town.post("/checks", a_news_item(body=body))).json()

    assert found["html"] == "<p>Chào</p>!"
    assert found["removed"] == ["blink"]
