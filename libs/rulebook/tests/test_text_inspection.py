"""Damaged text is found, named and repaired; sound text is left alone."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.testing.damage import CHARACTER_DAMAGES, DAMAGES, as_tcvn3, as_vni
from rulebook.text import Damage, inspect_bytes, inspect_text

HERE = Path(__file__).parent
SHARED = HERE.parents[2].parent / "shared"
SENTENCE = "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _shipped() -> Iterator[str]:
    for name in ("procedures", "questions", "agencies"):
        yield from _strings(json.loads((HERE / "data" / f"{name}.json").read_text("utf-8")))


def _shipped_documents() -> Iterator[str]:
    for procedure in json.loads((HERE / "data" / "procedures.json").read_text("utf-8"))[
        "procedures"
    ]:
        yield "\n".join(_strings(procedure))


def _seeds() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((SHARED / "seeds").glob("*.txt"))]


def _national() -> list[str]:
    lines = (SHARED / "data/real/procedures_national.jsonl").read_text("utf-8").splitlines()
    return ["\n".join(_strings(json.loads(line))) for line in lines]


needs_shared = pytest.mark.skipif(
    not (SHARED / "data" / "real").is_dir(), reason=f"no folder of real data at {SHARED}"
)


@pytest.mark.parametrize(
    ("damage", "name"), DAMAGES, ids=lambda value: getattr(value, "__name__", "")
)
def test_each_damage_of_a_sentence_is_named_and_repaired(damage, name):
    report = inspect_text(damage(SENTENCE))

    assert set(report.damages) == {name}
    assert report.repaired == SENTENCE


@pytest.mark.parametrize(
    ("damaged", "name"),
    [
        pytest.param("Céng hßa x· héi chñ nghÜa ViÖt Nam", Damage.TCVN3, id="TCVN3"),
        pytest.param("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", Damage.VNI, id="VNI"),
        pytest.param(
            "Cá»™ng hÃ²a xÃ£ há»™i chá»§ nghÄ©a Viá»‡t Nam", Damage.DOUBLE_ENCODED, id="double"
        ),
    ],
)
def test_text_as_it_is_seen_in_old_files_is_read(damaged, name):
    report = inspect_text(damaged)

    assert report.damages == (name,)
    assert report.repaired == "Cộng hòa xã hội chủ nghĩa Việt Nam"


@pytest.mark.parametrize(
    "text",
    [
        "", "plain ASCII", "café, Müller, José, São Paulo, Niño", "5 µm, 12 m², ½ kg, 30 °C, §5, © 2024",
        "Việt Nam – Россия: Президент России", "我们公司希望参加今年的博览会", "«XÃ HỘI» và “CHÂU Á”",
        "α-amylase, β, Δ = 5 Ω", "quy định tại khoản 2 Điều 5; và có là ông bà cô chú",
        "Công ty Häi tại Việt Nam",
    ],
)  # fmt: skip
def test_sound_text_gives_no_alarm(text):
    report = inspect_text(text)

    assert report.sound
    assert report.repaired == text


def test_no_shipped_text_gives_an_alarm():
    assert [text for text in _shipped() if not inspect_text(text).sound] == []


@pytest.mark.parametrize(
    ("damage", "name"), DAMAGES, ids=lambda value: getattr(value, "__name__", "")
)
def test_damaged_copies_of_the_shipped_procedures_are_found_and_repaired(damage, name):
    _all_found_and_repaired(list(_shipped_documents()), damage, name)


@needs_shared
def test_no_seed_or_procedure_text_gives_an_alarm():
    assert [text[:80] for text in (*_seeds(), *_national()) if not inspect_text(text).sound] == []


@needs_shared
@pytest.mark.parametrize(
    ("damage", "name"), DAMAGES, ids=lambda value: getattr(value, "__name__", "")
)
def test_damaged_copies_of_seeds_and_procedures_are_found_and_repaired(damage, name):
    """A third of the procedures for each damage, each time another; bench/quality.py goes through all of them."""
    third = [each for each, _ in DAMAGES].index(damage) % 3
    _all_found_and_repaired([*_seeds(), *_national()[third::3]], damage, name)


def _all_found_and_repaired(texts: list[str], damage: Callable[[str], str], name: Damage) -> None:
    for text in texts:
        damaged = damage(text)
        report = inspect_text(damaged)
        repaired, wanted = report.repaired, text
        if damage is as_tcvn3:  # the set has no toned capitals, so that their case cannot come back
            repaired, wanted = repaired.lower(), wanted.lower()
        if damaged != text:
            assert name in report.damages, text[:80]
            assert repaired == wanted


@settings(deadline=None)
@given(st.sampled_from(CHARACTER_DAMAGES), st.lists(st.sampled_from(SENTENCE.split()), min_size=1))
def test_words_in_any_order_come_back_from_character_damage(damage, words):
    text = " ".join(words)

    if damage[0](text) != text:
        report = inspect_text(damage[0](text))

        assert not report.sound
    assert inspect_text(text).sound


@settings(deadline=None)
@given(st.text())
def test_a_repair_has_nothing_left_to_repair_but_what_is_lost(text):
    repaired = inspect_text(text).repaired

    assert set(inspect_text(repaired).damages) <= {Damage.UNREADABLE}


@settings(deadline=None)
@given(
    st.text(
        alphabet="\u00c3\u00c2\u00a0\u00e1\u00ba\u00bbaeoiu\u0300\u200b\u00d0аеnhgt \u00b5\u00df\n"
    )
)
def test_any_mixture_ends_and_its_places_lie_inside_the_text(text):
    report = inspect_text(text)

    for finding in report.findings:
        assert len(finding.places) <= 20
        if finding.layer == 0:
            assert all(text[place.start : place.end] == place.found for place in finding.places)


def test_one_paragraph_in_a_legacy_set_is_found_inside_sound_text():
    text = f"{SENTENCE}\n{as_tcvn3('Ban biên tập kiểm duyệt tin, bài trước khi đăng')}\nHội nghị có kết quả"

    report = inspect_text(text)

    assert report.damages == (Damage.TCVN3,)
    assert report.repaired.splitlines() == [
        SENTENCE, "Ban biên tập kiểm duyệt tin, bài trước khi đăng", "Hội nghị có kết quả",
    ]  # fmt: skip
    assert report.findings[0].places[0].start > len(SENTENCE)


@pytest.mark.parametrize(
    ("article", "name"), [("HN-A014", Damage.TCVN3), ("BD-A022", Damage.WINDOWS_1258)]
)
def test_the_bytes_of_the_test_articles_are_named_and_read(article, name):
    rows = json.loads((HERE / "data" / "articles.json").read_text("utf-8"))["articles"]
    data = next(base64.b64decode(row["body_base64"]) for row in rows if row["id"] == article)

    report = inspect_bytes(data)

    assert report.damages[:2] == (Damage.NOT_UTF8, name)
    assert report.repaired.startswith(
        "Hội nghị triển khai nhiệm vụ chuyển đổi số và cải cách hành chính"
    )


def test_bytes_in_no_known_set_are_refused_with_the_offset_of_the_first_wrong_one():
    report = inspect_bytes(b"abc\xff\xfe\x80")

    assert report.damages[0] is Damage.NOT_UTF8
    assert report.findings[0].places[0].start == 3
    assert report.findings[0].is_encoding


def test_utf_16_is_read_by_its_mark_and_sound_utf_8_passes():
    assert inspect_bytes(b"\xff\xfe" + SENTENCE.encode("utf-16-le")).repaired == SENTENCE
    assert inspect_bytes(SENTENCE.encode()).sound


def test_a_finding_speaks_vietnamese_and_english():
    finding = inspect_text(as_vni(SENTENCE)).findings[0]

    assert "VNI" in finding.sentence("vi")
    assert finding.sentence("en").startswith("The text has text in the character set VNI")


@pytest.mark.parametrize(
    "long",
    [
        pytest.param(lambda: SENTENCE * 160_000, id="sound"),
        pytest.param(lambda: as_vni(SENTENCE) * 8_000, id="VNI"),
        pytest.param(lambda: "\u00c3" * 500_000, id="one letter"),
        pytest.param(lambda: "а" * 500_000 + "a", id="one word of look-alikes"),
        pytest.param(lambda: "e\u0301\u0323" * 150_000, id="combining marks"),
    ],
)
def test_long_texts_are_inspected_in_linear_time(long):
    text = long()
    start = time.process_time()

    inspect_text(text)

    assert time.process_time() - start < 20
