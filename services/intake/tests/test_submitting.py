"""Handing in over HTTP, whole, on the working fakes."""


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
