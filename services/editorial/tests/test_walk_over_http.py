"""Random commands by random people to the running service: it never publishes what was not approved."""

from random import Random

import pytest

PEOPLE = {
    "binhduong": ["board-member", "deputy-board-head", "board-head", "can-bo"],
    "khanhhoa": ["member-centre", "board-head", "board-secretary", "can-bo"],
}
STEPS = {
    "binhduong": ["enter", "edit", "approve"],
    "khanhhoa": ["receive", "moderate", "approve", "upload", "compare", "publish"],
}
EXPECTED = {200, 201, 403, 404, 409, 412, 422}


async def act(house, random: Random, site: str, id: str) -> int:
    """One command of somebody, on what they see or on something older."""
    who = f"{site}.{random.choice(PEOPLE[site])}"
    seen = (await house.get(f"/articles/{id}", f"{site}.board-head")).json()
    digest = random.choice([seen["digest"], seen["digest"], seen["revisions"][0]["digest"]])
    step = random.choice([*seen["open_steps"], *seen["open_steps"], random.choice(STEPS[site])])
    match = {"If-Match": f'"{seen["version"] - random.choice([0, 0, 0, 1])}"'}
    choice = random.random()
    if choice < 0.7:
        answer = await house.post(f"/articles/{id}/steps", {"step": step, "digest": digest}, who)
    elif choice < 0.85:
        body = {"html": f"<p>{random.choice('abc')}</p>", "reason": "Sửa."}
        answer = await house.post(f"/articles/{id}/revisions", body, who, **match)
    elif choice < 0.95:
        body = {"html": f"<p>{random.choice('xyz')}</p>", "note": "Sửa.", "level": "minor"}
        answer = await house.post(f"/articles/{id}/corrections", body, who, **match)
    else:
        body = {"outcome": random.choice(["returned", "upload_mismatch"]), "reasons": ["Vì."]}
        answer = await house.post(f"/articles/{id}/reopenings", body, who)
    assert answer.status_code in EXPECTED, answer.text
    return answer.status_code


def check(history: list[dict], site: str, order: list[str]) -> int:
    """The whole history again, read without the code under test; answers how often it was published."""
    standing: dict[str, str] = {}
    revisions, published = 0, 0
    for fact in [fact for entry in history for fact in entry["facts"]]:
        kind, data = fact["type"].split(".")[1], fact["data"]
        for step in data.get("undoes", []):
            standing.pop(step, None)
        if kind == "revision_added":
            revisions += 1
            assert data["revision"] == revisions
        if kind == "step_taken":
            before = order[: order.index(data["step"])] if data["step"] in order else order
            missing = [s for s in before if s not in standing]
            assert missing == [], f"{data['step']} without {missing}"
            standing[data["step"]] = data["digest"]
            if data["step"] == "approve":
                assert data["by"] == f"{site}.board-head"
                assert data["proof"]["role"] == "board_head"
        if kind in {"article_published", "article_corrected"}:
            assert standing["approve"] == data["digest"]
            published += 1
    return published


@pytest.mark.parametrize("site", sorted(STEPS))
async def test_random_commands_publish_only_what_was_approved(house, site):
    random, published = Random(f"{site}-7"), 0
    for _ in range(3):
        id = await house.submitted(site)
        outcomes = [await act(house, random, site, id) for _ in range(70)]
        history = (await house.get(f"/articles/{id}/history", f"{site}.board-head")).json()
        published += check(history, site, STEPS[site])
        assert {200, 403, 409} <= set(outcomes)

    assert published > 0
