"""Every sentence of every outcome is in words: no name of the code, of a profile or of a finding is left in it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from rulebook.authority import Act, Delegation, Position, Powers, prove
from rulebook.calendar import Calendar
from rulebook.choose import deadline_rule
from rulebook.clock_state import clock_state
from rulebook.deadlines import deadline
from rulebook.explanation import Explanation, Values
from rulebook.hops import Hop, transfer
from rulebook.pauses import Pause
from rulebook.phrases import phrases, terms
from rulebook.profiles.model import Profile, Rule, Span
from rulebook.profiles.params import DeadlineCount, DeadlinePrompt
from rulebook.promises import appoint, notify_progress
from rulebook.questions import check_asker, propose_class, question_limits
from rulebook.recompute import recompute
from rulebook.references.explained import read_number, read_references
from rulebook.registry import rules
from rulebook.rules.counters import quota
from rulebook.rules.grounds import Judgement, Matter, ground
from rulebook.rules.levels import Service, derive_level, derive_mode
from rulebook.rules.required import cited_documents
from rulebook.sentences import sentences, told
from rulebook.submissions import Event, Submission, check_submission
from rulebook.testing.damage import DAMAGES
from rulebook.testing.samples import SAMPLES, explained
from rulebook.text.letters import is_syllable
from rulebook.world import World

DATA = Path(__file__).parent / "data"
AT = datetime.fromisoformat("2026-10-05T09:00:00+07:00")
ON = AT.date()
SLUG = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
BORROWED = frozenset(
    [
        "email",
        "e-mail",
        "website",
        "portal",
        "internet",
        "online",
        "video",
        "fax",
        "doc",
        "docx",
        "pdf",
        "utf",
        "unicode",
        "nfc",
        "tcvn",
        "vni",
        "windows",
        "latin",
        "virus",
        "ddci",
        "pci",
        "voffice",
        "office",
        "font",
        "times",
        "new",
        "roman",
        "html",
        "http",
        "https",
        "www",
        "gov",
        "example",
        "org",
        "net",
        "eth",
    ]
)
"""Foreign words that Vietnamese office prose and the names of things use."""
AS_IT_STANDS = frozenset(
    ["agency", "anchor", "calendar", "compared", "approved", "pattern", "host", "person", "site", "document", "delegation",
     "position", "giver", "receiver", "reason", "by", "name", "source", "rule", "number", "expected", "text", "font", "to",
     "wanted", "statement", "means", "successor", "coefficient", "max", "base", "unit", "value", "size", "documents", "signs",
     "people", "candidates", "successors", "topics", "rules", "recipients", "instrument", "field", "found"]
)  # fmt: skip
"""Places for proper names, numbers and other people's words, which no dictionary holds."""


ENGLISH = {"look-alike", "zero-width", "no-break-space"}
"""Names that are English words too."""

TOLD_BY_ITS_STATEMENT = {("duty-stated", "what")}
"""In Vietnamese a duty is told by its statement; in English by its name, which is in plain words."""


def test_every_function_has_samples():
    assert SAMPLES.keys() == rules().keys()


def told_in(explanation: Explanation) -> Iterator[tuple[str, Values]]:
    yield explanation.outcome.name, explanation.outcome.values
    yield from ((way.code, way.values) for way in explanation.outcome.nearest)
    yield from ((step.name, step.values) for step in explanation.steps)
    yield from ((warned.code, warned.values) for warned in explanation.warnings)
    for part in explanation.parts:
        yield from told_in(part)


def raw_values(explanation: Explanation) -> set[str]:
    """Names that a sentence would show as they are: of a kind with words but without any, or put in without a kind."""
    return {
        f"{name}.{place}: {value}"
        for name, values in told_in(explanation)
        for place, kind in re.findall(r"\{(\w+)(?::(\w+))?\}", "".join(phrases()[name]))
        if kind in {"", "term", "list", "within"} and (kind or place not in AS_IT_STANDS)
        if (name, place) not in TOLD_BY_ITS_STATEMENT
        for value in strings(values.get(place))
        if "//" not in value
        for part in value.split(":")
        if part not in terms() or not kind
        for one in re.split(r"_or_|\.", part)
        if place != "rules"
        if SLUG.fullmatch(one) and (one not in terms() or not kind)
    }


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)


def foreign_words(explanation: Explanation) -> set[str]:
    """Words of Vietnamese sentences that are no Vietnamese syllables, outside quotations, names and addresses."""
    quoted = {explanation.basis.quote, explanation.basis.reads or ""}
    found: set[str] = set()
    for line in sentences(explanation, "vi"):
        if any(quote and quote in line for quote in quoted) or line.startswith(
            ("Căn cứ ", "Đề xuất: ")
        ):
            continue
        plain = re.sub(r"[\w.-]*[.@/][\w./-]+|\b[0-9a-f]{12}\b", " ", line)
        words = re.findall(r"(?<![\w-])[a-z][a-z0-9_-]{2,}(?![\w-])", plain)
        found |= {
            f"{word}: {line}" for word in words if word not in BORROWED and not is_vietnamese(word)
        }
    return found


def is_vietnamese(word: str) -> bool:
    return all(is_syllable(part) for part in word.split("-"))


def faults(explanations: Iterator[Explanation]) -> list[str]:
    found: set[str] = set()
    for each in explanations:
        found |= raw_values(each) | foreign_words(each)
        found |= {fault for lang in ("vi", "en") for fault in badly_put(each, lang)}
        english = " ".join(sentences(each, "en"))
        found |= {f"en: {slug}" for slug in slugs_in(english)}
    return sorted(found)


AMISS = re.compile(
    r"\(s\)|\(\s*\)|“\s*”|: [.;]|\[\[|\]\]|[{}]|  | [,.;:)]|–[.,;]|, –|\.\.$|\bNone\b"
)
"""What a sentence with a hole, a doubled word or an unsaid number shows."""


def badly_put(explanation: Explanation, lang: Any) -> Iterator[str]:
    """Sentences that do not begin or end as sentences, or that show that a value was not there."""
    for name, values in told_in(explanation):
        line = told(name, values, lang)
        place = re.match(r"\{\w+(?::(\w+))?\}", phrases()[name][lang == "en"])
        own = place is not None and place[1] is None
        if not line.endswith((".", "?")) and name not in TOLD_AS_GIVEN:
            yield f"{lang} no end: {line}"
        if line[:1].islower() and not own:
            yield f"{lang} no beginning: {line}"
        if lang == "en" and (twice := re.search(r"\b([a-z]{2,}) \1\b", line)):
            yield f"{lang} twice “{twice[0]}”: {line}"
        if name not in TOLD_AS_GIVEN and (amiss := AMISS.search(line)):
            yield f"{lang} amiss “{amiss[0]}”: {line}"


TOLD_AS_GIVEN = {"repair-proposed", "suspected", "documents-cited", "mend-citation", "defined"}
"""Sentences that repeat what somebody wrote, as they wrote it."""


def slugs_in(text: str) -> set[str]:
    """Names with an underscore, and hyphenated names of phrases and terms."""
    named = re.findall(r"(?<![\w.@/-])[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+(?![\w@/-])(?!\.\w)", text)
    return {name for name in named if "_" in name or name in {*phrases(), *terms()} - ENGLISH}


@pytest.mark.parametrize("profile", ["hanam", "binhduong", "langson", "khanhhoa", "nd42"])
def test_every_rule_speaks_in_words(profile: str, profiles: dict[str, Profile], calendar: Calendar):
    """Every rule of every profile, met and not met."""
    world = World(calendar)

    assert faults(told for _, told in explained(profiles[profile], world)) == []


def test_every_clock_and_promise_speaks_in_words(profiles: dict[str, Profile], calendar: Calendar):
    """Running, standing, overdue, done, promised, refused, passed on, recomputed."""
    assert faults(_clocks(profiles, calendar)) == []


def _clocks(profiles: dict[str, Profile], calendar: Calendar) -> Iterator[Explanation]:
    event = AT - timedelta(days=40)
    pause = Pause(event + timedelta(days=1), event + timedelta(days=1, hours=30))
    for rule in (rule for profile in profiles.values() for rule in profile.rules.values()):
        if isinstance(rule.params, DeadlineCount | DeadlinePrompt):
            for now, stops in product(
                (event, event + timedelta(days=6), AT), ([], [pause], [Pause(pause.start, None)])
            ):
                yield clock_state(rule, event, now, calendar, stops).explanation
                yield clock_state(rule, event, AT, calendar, stops, closed=now).explanation
            yield recompute(rule, AT, calendar, calendar.observing_unconfirmed()).explanation
            yield recompute(rule, AT, calendar, calendar, closed=AT).explanation
            profile = profiles[rule.basis.profile]
            yield deadline_rule(profile, rule.params.trigger, rule.params.duty, {}, ON).explanation
    yield deadline_rule(profiles["hanam"], "incident", "answer", {}, ON).explanation


def test_every_promise_and_transfer_speaks_in_words(
    profiles: dict[str, Profile], calendar: Calendar
):
    """Accepted, too late, too far, not later, sent twice; passed on once and once too often."""
    assert faults(_promises(profiles, calendar)) == []


def _promises(profiles: dict[str, Profile], calendar: Calendar) -> Iterator[Explanation]:
    hanam, langson = profiles["hanam"].rules, profiles["langson"].rules
    pause = Pause(AT + timedelta(hours=1), AT + timedelta(hours=2))
    first = deadline(hanam["hanam.d10.k5a.own-competence"], AT, calendar, [pause])
    notice = langson["langson.d9.k7.answer-or-progress"]
    limit = deadline(notice, AT, calendar)
    for sent, days in product((AT, AT + timedelta(days=30)), (1, 18, 90)):
        day = ON + timedelta(days=days)
        yield appoint(hanam["hanam.d10.k5c.special"], first, sent, day, calendar).explanation
        for earlier in (0, 1):
            yield notify_progress(notice, limit, sent, day, earlier, calendar).explanation
    trail = [Hop("Sở Y tế", AT - timedelta(days=9), AT), Hop("Sở Tài chính", AT)]
    for to, hops in product(("Sở Xây dựng", "standing_agency"), (trail, trail[1:])):
        rule = hanam["hanam.d18.k3dd.transfer"]
        yield transfer(rule, hops, to, AT, calendar, [pause]).explanation


def test_every_level_and_mode_speaks_in_words(profiles: dict[str, Profile]):
    """Every written procedure, and one with nothing."""
    rows = json.loads((DATA / "procedures.json").read_text("utf-8"))["procedures"]

    def levels() -> Iterator[Explanation]:
        for row in rows:
            service = Service(
                row["parts"], {f"Mẫu số {n}": False for n, _ in enumerate(row["forms"])}, row["parts"]["fee_vnd"],
                usage=row["usage"], **row["flags"],
            )  # fmt: skip
            for known in (service, replace(service, forms={}), Service()):
                for declared in (None, 1, 4):
                    yield derive_level(profiles["binhduong"], known, ON, declared).explanation
                yield derive_mode(profiles["nd42"], known, ON, ("result",)).explanation

    assert faults(levels()) == []


def test_every_submission_and_question_speaks_in_words(
    profiles: dict[str, Profile], calendar: Calendar
):
    """Every written submission and question, with every fault of a document's record and every damage of a text."""
    articles = json.loads((DATA / "articles.json").read_text("utf-8"))["articles"]
    questions = json.loads((DATA / "questions.json").read_text("utf-8"))["questions"]

    def outcomes() -> Iterator[Explanation]:
        for row in articles:
            event = row["event"] and Event(
                row["event"]["type"], date.fromisoformat(row["event"]["date"])
            )
            for fields in (row["fields"], {}, BAD_RECORD):
                submission = Submission(
                    category=row["category"], title=row["title"], body=row["body"], fields=fields, event=event,
                    language="fr", flags=frozenset({"source_requires_agreement"}),
                )  # fmt: skip
                yield check_submission(
                    profiles[row["jurisdiction"]], submission, AT, calendar
                ).explanation
        for damage, _ in DAMAGES:
            damaged = Submission(
                category="news",
                title="Tin",
                body=damage("Thủ tục hành chính của Đảng bộ tỉnh được công bố"),
            )
            yield check_submission(profiles["hanam"], damaged, AT, calendar).explanation
        for row in questions:
            profile, kind = profiles[row["jurisdiction"]], row["expected"]["class"]
            yield question_limits(
                profile, kind, datetime.fromisoformat(row["received_at"]), calendar
            ).explanation
            yield check_asker(profile, row["asker"]["type"], row["asker"], ON).explanation
            yield check_asker(profile, row["asker"]["type"], {}, ON).explanation
            yield propose_class(profile, f"{row['subject']}. {row['content']}", ON).explanation

    assert faults(outcomes()) == []


BAD_RECORD: dict[str, Any] = {
    "doc_type": "Thông tư", "number": "5/NĐ-CP", "issue_date": "2024-06-03", "effective_date": "2020-01-01",
    "issuing_authority": "Bộ Y tế", "abstract": "x", "recipients": ["Sở Tư pháp"], "email": "a@gmail.com",
}  # fmt: skip


def test_citations_quotas_and_grounds_speak_in_words(profiles: dict[str, Profile]):
    """What no single rule of a profile shows by itself."""
    assert faults(_checks(profiles)) == []


def _checks(profiles: dict[str, Profile]) -> Iterator[Explanation]:
    cited: Any = profiles["hanam"].rule("hanam.d10.k4.document-parts")
    text = "Theo Nghị định số 43/2011/NĐ-CP ngày 13/06/2012 của Bộ Y tế và Thông tư 5/TT-BTC; Quyết định 7/2020/NĐ-CP"
    for span in ((date(2030, 1, 1), None), (None, date(2015, 1, 1)), None):
        yield cited_documents(cited, text, ON, lambda _number, span=span: span).explanation
    for written in (
        "19/2019/QĐ-UBND",
        "91/2025/QH15",
        "80-NQ/TW",
        "924/SNV-TCBC",
        "TCVN 6909:2001",
        "hôm qua",
    ):
        yield read_number(written, ON).explanation
    yield read_references(
        "33/2026/NĐ-CPMẫu; 54/2019/QH-14; 49/2015/TTBGTVT; 11/2021/NĐ/CP; 12/2020/QD-BTP; 5 / 2020 / NĐ-CP; 7/2021/NĐ-C",
        ON,
    ).explanation
    plan: Any = first_of(profiles["langson"], "counter.metric")
    for planned in (None, 3, 9):
        yield quota(plan, 5, planned, ON).explanation
    banned: Any = first_of(profiles["hanam"], "prohibition.ground")
    for confirmed in (True, False):
        judged = Judgement(banned.params.ground, confirmed, "Lan", "trái luật")
        yield ground(banned, Matter("article", ""), ON, judged).explanation


def first_of(profile: Profile, function: str) -> Rule[Any]:
    return next(rule for rule in profile.rules.values() if rule.function == function)


def test_every_proof_and_refusal_of_a_power_speaks_in_words(profiles: dict[str, Profile]):
    """Head and delegate, in office and after it, nobody at all; every kind of act."""
    assert faults(_powers(profiles)) == []


def _powers(profiles: dict[str, Profile]) -> Iterator[Explanation]:
    year = Span(date(2026, 1, 1), date(2027, 1, 1))
    head = Position("CV1", "Lan", "board_head", "trang tỉnh", year)
    ended = replace(head, span=Span(date(2020, 1, 1), date(2021, 1, 1)))
    given = Delegation("UQ1", "Lan", "Minh", year, "GUQ 5", frozenset({"approve"}))
    held = (Powers((head,), (given,)), Powers((ended,), (given,)), Powers(()))
    acts = ("approve", "publish", "answer", "print", "decide_royalty", "edit", "moderate")
    for profile, person, act, powers in product(
        profiles.values(), ("Lan", "Minh", "Hoa"), acts, held
    ):
        yield prove(profile, Act(person, act, "trang tỉnh", AT), powers).explanation
