"""Pages as answers: escaped, translated, with a policy, with files that are cached for ever."""

import gzip
import re
from pathlib import Path

import httpx
import pytest
from jinja2 import UndefinedError
from starlette.applications import Starlette
from starlette.requests import Request

from pages.assets import Assets, shared_assets
from pages.render import Pages
from pages.testing.gallery import create


@pytest.fixture(scope="module")
def assets() -> Assets:
    return shared_assets()


def client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal")


def a_page(tmp_path: Path, assets: Assets, text: str) -> Pages:
    (tmp_path / "templates").mkdir(exist_ok=True)
    (tmp_path / "templates" / "page.html").write_text(text, encoding="utf-8")
    return Pages("Thử", assets, tmp_path)


async def test_a_page_answers_in_the_language_asked_for_and_remembers_it():
    async with client(create()) as http:
        vietnamese = await http.get("/")
        english = await http.get("/", params={"lang": "en", "scheme": "dark"})
        again = await http.get("/")

    assert 'lang="vi"' in vietnamese.text
    assert "Skip to main content" in english.text
    assert (again.headers["content-language"], 'data-color-scheme="dark"' in again.text) == ("en", True)  # fmt: skip
    assert "HttpOnly" in english.headers["set-cookie"]


async def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inline():
    async with client(create()) as http:
        page = await http.get("/")

    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=", page.text)


async def test_every_file_a_page_names_is_there_for_ever_and_packed():
    async with client(create()) as http:
        page = await http.get("/")
        named = sorted(set(re.findall(r'"(/static/[^"]+)"', page.text)))
        answers = [await http.get(url) for url in named]
        sheet = next(each for each in answers if "type." in str(each.url))
        fonts = [await http.get(url) for url in re.findall(r"url\((/static/[^)]+)\)", sheet.text)]

    assert len(named) >= 7
    assert [each.status_code for each in (*answers, *fonts)] == [200] * (len(named) + 3)
    assert all("immutable" in each.headers["cache-control"] for each in (*answers, *fonts))
    assert {each.headers["content-type"].partition(";")[0] for each in fonts} == {"font/woff2"}
    assert all(b"sourceMappingURL" not in each.content for each in answers)


async def test_a_file_is_sent_unpacked_to_who_cannot_unpack_it():
    app = create()
    async with client(app) as http:
        page = await http.get("/")
        url = re.findall(r'"(/static/theme[^"]+)"', page.text)[0]
        plain = await http.get(url, headers={"Accept-Encoding": "identity"})
        packed = await http.get(url)
        nothing = await http.get("/static/theme.0000000000000000.css")

    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", plain.content)
    assert nothing.status_code == 404


def test_a_changed_file_gets_another_name():
    names = {Assets("/s", {"a.css": body}).url("a.css") for body in (b"a{}", b"b{}")}

    assert len(names) == 2


def test_packing_is_the_same_every_time():
    body = b"x" * 5000
    asset = Assets("/s", {"a.css": body})._by_name["a.css"]

    assert gzip.decompress(asset.packed) == body
    assert asset == Assets("/s", {"a.css": body})._by_name["a.css"]


def test_what_people_typed_is_escaped(tmp_path, assets):
    macros = '{% import "macros.html" as m with context %}{{ m.text_field("a", "A", said) }}'
    pages = a_page(tmp_path, assets, macros)

    html = pages.html("vi", "page.html", {"said": '"><script>alert(1)</script>'})

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_filter_needs_no_choice_and_a_form_that_asks_does(tmp_path, assets):
    macros = (
        '{% import "macros.html" as m with context %}'
        '{{ m.choice_field("a", "A", [("", "Tất cả")], need=false) }}|'
        '{{ m.choice_field("b", "B", [("", "Chọn")]) }}'
    )

    filters, asks = a_page(tmp_path, assets, macros).html("vi", "page.html", {}).split("|")

    assert "required" not in filters
    assert "required" in asks


def test_a_value_that_was_forgotten_is_an_error_and_no_empty_place(tmp_path, assets):
    pages = a_page(tmp_path, assets, "{{ missing }}")

    with pytest.raises(UndefinedError):
        pages.html("vi", "page.html", {})


def test_the_switch_of_language_keeps_where_the_reader_is(tmp_path, assets):
    pages = a_page(tmp_path, assets, '{{ here(lang="en") }}')
    scope = {"type": "http", "method": "GET", "path": "/tin", "query_string": b"q=a%26b&lang=vi", "headers": [], "scheme": "http", "server": ("x", 80)}  # fmt: skip

    answer = pages.answer(Request(scope), "page.html", {})

    assert answer.body.decode() == "/tin?q=a%26b&amp;lang=en"


def test_an_unknown_file_of_a_template_is_an_error(assets):
    with pytest.raises(KeyError):
        assets.url("nothing.css")
