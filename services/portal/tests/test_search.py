"""Search through HTTP: tones, phrases, numbers, filters, order, marks; and questions that mean harm."""

import pytest

from portal.routes.views import HitsView


@pytest.fixture
async def library(press):
    await press.say(
        press.published(1, "Hà Nam công bố quy hoạch tỉnh", "<p>Sở Tài chính trình bày kế hoạch.</p>"),
        press.published(2, "Tái cơ cấu nông nghiệp", "<p>Quy hoạch vùng trồng lúa ở Đồng Văn.</p>"),
        press.published(3, "Lịch tiếp công dân", "<p>Uỷ ban nhân dân thông báo, có quy hoạch.</p>"),
        press.published(4, "Quyết định ban hành quy chế", "<p>Văn bản</p>", site="langson",
                  category="legal_document", fields=[press.a_field("number", "12/2024/QĐ-UBND")]),
        press.published(5, "Hướng dẫn", "<p>Căn cứ Quyết định số 12/2024/QĐ-UBND ngày 01/3/2024.</p>"),
        press.published(6, "Investment in Ha Nam", "<p>New roads</p>", language="en"),
    )  # fmt: skip
    return press


async def test_without_tones_everything_that_folds_alike_is_found(library):
    assert await library.found("tai") == ["Tái cơ cấu nông nghiệp", "Hà Nam công bố quy hoạch tỉnh"]
    assert await library.found("dong van") == ["Tái cơ cấu nông nghiệp"]
    assert await library.found("QUY HOACH tinh") == ["Hà Nam công bố quy hoạch tỉnh"]


async def test_with_tones_they_count(library):
    assert await library.found("tái") == ["Tái cơ cấu nông nghiệp"]
    assert await library.found("tài chính") == ["Hà Nam công bố quy hoạch tỉnh"]
    assert await library.found("tại") == []


async def test_both_tone_places_and_both_kinds_of_unicode_are_the_same(press):
    await press.say(press.published(1, "Khánh Hoà"), press.published(2, "Kha\u0301nh Ho\u0300a"))

    assert len(await press.found("khánh hòa")) == 2
    assert len(await press.found("khánh hoà")) == 2


async def test_titles_come_before_texts_and_newer_before_older(library):
    assert await library.found("quy hoạch") == [
        "Hà Nam công bố quy hoạch tỉnh",
        "Lịch tiếp công dân",
        "Tái cơ cấu nông nghiệp",
    ]


@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "«{}»"])
async def test_a_phrase_in_quotes_stands_as_it_is(library, quotes):
    assert await library.found(quotes.format("nhân dân thông báo")) == ["Lịch tiếp công dân"]
    assert await library.found(quotes.format("nhan dan thong bao")) == ["Lịch tiếp công dân"]
    assert await library.found(quotes.format("dân nhân")) == []


@pytest.mark.parametrize(
    "typed",
    ["12/2024/QĐ-UBND", "12/2024/qđ-ubnd", "12/2024/QD-UBND", "12/2024/qd-ubnd",
     "số 12/2024/QĐ-UBND", "12 / 2024 / QĐ - UBND", "12/2024", '"12/2024/QĐ-UBND"'],
)  # fmt: skip
async def test_a_document_number_is_found_however_it_is_typed(library, typed):
    found = await library.found(typed)

    assert "Quyết định ban hành quy chế" in found or typed.startswith("số")
    assert "Hướng dẫn" in found


async def test_the_document_itself_comes_before_those_that_cite_it(library):
    assert await library.found("12/2024/QĐ-UBND") == ["Quyết định ban hành quy chế", "Hướng dẫn"]


async def test_a_serial_under_ten_is_found_with_and_without_its_nought(press):
    await press.say(
        press.published(1, "Chỉ thị", fields=[press.a_field("number", "05/2024/CT-UBND")])
    )

    assert await press.found("5/2024/CT-UBND") == ["Chỉ thị"]
    assert await press.found("05/2024/CT-UBND") == ["Chỉ thị"]


async def test_filters_narrow_what_is_found(library):
    assert await library.found("quyet dinh", site="langson") == ["Quyết định ban hành quy chế"]
    assert await library.found("ha nam", language="en") == ["Investment in Ha Nam"]
    assert await library.found("quy che", category="news") == []
    assert await library.found("quy", **{"from": "2026-11-21"}) == []
    assert len(await library.found("quy", **{"from": "2026-11-20", "to": "2026-11-20"})) == 4


async def test_a_day_far_away_finds_nothing_there_and_everything_before_it(library):
    assert await library.found("quy", **{"from": "3765-03-26", "to": "3765-03-26"}) == []
    assert len(await library.found("quy", **{"from": "1975-01-01", "to": "8999-12-31"})) == 4


async def test_what_was_found_is_marked_in_title_and_text(library):
    answer = (await library.get("/search", params={"q": "tai chinh"})).json()["items"][0]

    assert [p["text"] for p in answer["snippet"] if p["hit"]] == ["Tài chính"]
    assert not any(piece["hit"] for piece in answer["title"])


async def test_pages_follow_one_another_without_gap_or_repeat(press):
    await press.say(*(press.published(n, f"Bài số {n}", "<p>đê điều</p>") for n in range(1, 12)))
    first = (await press.get("/search", params={"q": "de dieu", "limit": 5})).json()
    seen, page = [hit["article_id"] for hit in first["items"]], first
    while page["next"]:
        asked = {"q": "de dieu", "limit": 5, "cursor": page["next"]}
        page = (await press.get("/search", params=asked)).json()
        seen += [hit["article_id"] for hit in page["items"]]

    assert first["total"] == 11
    assert len(seen) == len(set(seen)) == 11
    assert seen == sorted(seen, reverse=True)


async def test_a_correction_is_found_by_its_new_words_only(press):
    first = press.published(1, "Họp ngày 25", "<p>ở hội trường lớn</p>")
    await press.say(first)
    html = {
        "html": "<p>ở nhà văn hoá</p>",
        "digest": "0" * 64,
        "size": 20,
        "media_type": "text/html",
    }
    await press.say(press.corrected(first, "Đổi nơi họp", title="Họp ngày 26", body=html))

    assert await press.found("hội trường") == []
    assert await press.found("nhà văn hóa") == ["Họp ngày 26"]


async def test_what_is_withdrawn_is_found_no_more(press):
    fact = press.published(1, "Tin sai")
    await press.say(fact)
    assert await press.found("tin sai") == ["Tin sai"]
    await press.say(press.withdrawn(fact, "Sai sự thật"))

    assert await press.found("tin sai") == []


async def test_a_long_body_among_the_blobs_is_searched_too(press):
    html = "<p>" + "dài " * 20_000 + "kim trong đáy bể</p>"
    digest = await press.file(html.encode())
    body = {"digest": digest, "size": len(html.encode()), "media_type": "text/html"}
    await press.say(press.published(1, "Bài dài", body=body))

    assert await press.found("“kim trong đáy bể”") == ["Bài dài"]
    assert "kim trong" in (await press.get(f"/articles/{press.an_id(1)}")).json()["html"]


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"q": ""}, 422, "no-word"),
        ({"q": "?!…"}, 422, "no-word"),
        ({"q": " ".join(map(str, range(40)))}, 422, "too-many-words"),
        ({"q": "a" * 301}, 422, "content-invalid"),
        ({"q": "a", "limit": 10**9}, 422, "content-invalid"),
        ({"q": "a", "cursor": "made-up"}, 400, "cursor-not-ours"),
        ({"q": "a", "from": "2026-02-30"}, 422, "content-invalid"),
        ({"q": "a", "from": "2026-03-02", "to": "2026-03-01"}, 422, "days-wrong"),
        ({"q": "a", "from": "9999-12-31"}, 422, "days-wrong"),
    ],
)
async def test_a_bad_question_is_refused_with_what_to_do(press, params, status, code):
    answer = await press.get("/search", params=params)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "q",
    ['" OR said : *', "a AND NOT b", "NEAR(a b, 9)", "'; DROP TABLE words; --", "{a} : b", "a* ^b",
     "((((", '"""', "ʈquy", "ƒ0", "\u0000a", "a\u0301" * 100, "%", "../" * 50 + "a", "𐍈" * 100],
)  # fmt: skip
async def test_signs_of_the_index_mean_nothing_in_a_question(library, q):
    answer = await library.get("/search", params={"q": q})

    assert answer.status_code in (200, 422)
    assert await library.found("quy hoạch tỉnh") == ["Hà Nam công bố quy hoạch tỉnh"]


async def test_a_day_is_found_and_shown_as_people_write_it(press):
    field = press.a_field("issued_on", "2024-03-01")
    await press.say(press.published(1, "Quyết định", "<p>Văn bản</p>", fields=[field]))

    (hit,) = (await press.get("/search", params={"q": '"01/3/2024"'})).json()["items"]

    assert "01/3/2024" in "".join(piece["text"] for piece in hit["snippet"])


async def test_what_is_written_is_what_the_document_of_the_api_says(press):
    """Hits are written as bytes; the model that documents them is held to them here."""
    await press.say(*(press.published(n, f"Bài số {n}", "<p>đê điều</p>") for n in range(1, 4)))

    for limit in (2, 100):
        answer = await press.get("/search", params={"q": "de dieu", "limit": limit})

        said = HitsView.model_validate_json(answer.content, strict=True)
        assert said.model_dump() == answer.json()
        assert len(said.items) == min(limit, 3)
