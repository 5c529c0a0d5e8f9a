"""Limits as people meet them: a page in their language, and each counted for themselves."""

from common.http.windows import Rate

BROWSER = {"Accept": "text/html"}


async def test_too_many_requests_are_a_page_that_says_when_to_come_back(desk):
    desk.app.state.windows.rate = Rate(1, 86_400)
    await desk.sign_in("hanam.board-head")
    for _ in range(2):
        refused = await desk.browser.get("/console/", headers=BROWSER, params={"lang": "en"})

    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("text/html")
    assert "requests in 86400 seconds" in refused.text
    assert '<html lang="en"' in refused.text
    assert int(refused.headers["retry-after"]) > 0
    assert "default-src" in refused.headers["content-security-policy"]


async def test_colleagues_behind_one_address_do_not_use_up_one_another(desk):
    await desk.sign_in("hanam.board-head")
    desk.app.state.windows.rate = Rate(2, 86_400)
    mine = [(await desk.browser.get("/console/", headers=BROWSER)).status_code for _ in range(3)]
    desk.app.state.windows.rate = Rate(600, 86_400)
    await desk.sign_in("hanam.board-member")
    desk.app.state.windows.rate = Rate(2, 86_400)
    theirs = await desk.browser.get("/console/", headers=BROWSER)

    assert mine[-1] == 429
    assert theirs.status_code == 200
