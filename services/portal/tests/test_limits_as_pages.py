"""Limits as readers meet them: a page for browsers, a document for programs."""

from common.http.windows import Rate

BROWSER = {"Accept": "text/html"}


async def test_a_reader_is_refused_with_a_page_and_a_program_with_a_document(press):
    press.portal.state.windows.rate = Rate(1, 86_400)
    await press.http.get("/", headers=BROWSER)

    page = await press.http.get("/", headers=BROWSER, params={"lang": "en"})
    program = await press.http.get("/articles", headers=BROWSER)

    assert (page.status_code, program.status_code) == (429, 429)
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="en"' in page.text
    assert int(page.headers["retry-after"]) > 0
    assert program.json()["code"] == "too-many-requests"
