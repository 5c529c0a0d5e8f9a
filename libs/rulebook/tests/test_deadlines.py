"""Deadlines as the four regulations give them: the worked examples, the written data, and what an explanation says."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.calendar_files import load_calendar
from rulebook.choose import deadline_rule
from rulebook.clock_state import clock_state
from rulebook.deadlines import deadline
from rulebook.explanation import LOCAL, Explanation
from rulebook.intake import reception
from rulebook.pauses import Pause
from rulebook.profiles.model import Ambiguity, Other, Span, Verified
from rulebook.profiles.params import Duration
from rulebook.promises import appoint, extend, notify_progress
from rulebook.recompute import recompute
from rulebook.sentences import sentences

CALENDAR = load_calendar()
SECTION_9 = [
    # received, start, 1 wd, 5 wd, 10 wd, 15 wd (regulations.md section 9)
    ("2024-04-26 16:00", "2024-05-02", "2024-05-02", "2024-05-07", "2024-05-14", "2024-05-21"),
    ("2024-05-03 09:00", "2024-05-04", "2024-05-04", "2024-05-09", "2024-05-16", "2024-05-23"),
    ("2025-04-25 08:00", "2025-04-25", "2025-04-25", "2025-05-05", "2025-05-12", "2025-05-19"),
    ("2025-04-25 08:01", "2025-04-26", "2025-04-26", "2025-05-06", "2025-05-13", "2025-05-20"),
    ("2026-02-13 10:00", "2026-02-23", "2026-02-23", "2026-02-27", "2026-03-06", "2026-03-13"),
    ("2026-08-21 15:00", "2026-08-22", "2026-08-22", "2026-08-27", "2026-09-08", "2026-09-15"),
    ("2023-04-28 07:59", "2023-04-28", "2023-04-28", "2023-05-09", "2023-05-16", "2023-05-23"),
]


@pytest.mark.parametrize(("received", "start", "one", "five", "ten", "fifteen"), SECTION_9)
def test_the_worked_examples_of_ha_nam(
    profiles, local, *, received, start, one, five, ten, fifteen
):
    """Section 9, all four limits, with the rules as they stand in the profile."""
    rules = profiles["hanam"].rules
    names = (
        "d18.k3dd.transfer",
        "d10.k5a.own-competence",
        "d10.k5b.inter-sector",
        "d10.k5c.special",
    )

    limits = [deadline(rules[f"hanam.{name}"], local(received), CALENDAR) for name in names]

    assert [str(limit.due) for limit in limits] == [one, five, ten, fifteen]
    assert {limit.starts for limit in limits} == {local(f"{start} 08:00")}


@pytest.mark.parametrize(
    ("rule", "issued", "due"),
    [
        ("hanam.d9.k1c.issuer", "2024-04-26", "2024-05-03"),
        ("hanam.d9.k1c.in-scope", "2024-04-26", "2024-05-14"),
        ("hanam.d9.k1b.law-guidance", "2024-04-22", "2024-05-15"),
        ("langson.d9.k3.issuer", "2026-01-08", "2026-01-10"),
    ],
)
def test_the_worked_examples_of_publication(profiles, local, rule, issued, due):
    """Section 9: the day of issue is not counted (AMB-15)."""
    found = profiles[rule.split(".")[0]].rules[rule]

    assert str(deadline(found, local(f"{issued} 09:00"), CALENDAR).due) == due


@pytest.mark.parametrize(
    ("profile", "received", "due"),
    [
        ("binhduong", "2024-11-06 08:00", "2024-11-27"),
        ("langson", "2023-04-27 15:00", "2023-05-23"),
    ],
)
def test_the_worked_examples_outside_ha_nam(profiles, local, profile, received, due):
    """Section 9: without an 08:00 rule the day of receipt never counts (AMB-37)."""
    at = local(received)
    chosen = deadline_rule(
        profiles[profile], "question_received", "answer", {"question_class": "own"}, at.date()
    )

    assert chosen.rule is not None
    assert str(deadline(chosen.rule, at, CALENDAR).due) == due


def test_every_expected_date_of_the_questions_holds(profiles, read_data):
    """All due dates, clock starts, notices and appointments of questions.json, exactly."""
    for question in read_data("questions.json")["questions"]:
        profile, expected = profiles[question["jurisdiction"]], question["expected"]
        at = datetime.fromisoformat(question["received_at"])
        kind = expected["class"]
        own = {"question_class": "own" if kind == "transfer" else kind}
        answer = deadline_rule(profile, "question_received", "answer", own, at.date())
        if "due_date" in expected:
            limit = deadline(answer.rule, at, CALENDAR)
            assert str(limit.due) == expected["due_date"], question["id"]
            assert limit.explanation.steps[-2].values["n"] == expected["deadline_wd"], question[
                "id"
            ]
        if "clock_start" in expected:
            start = datetime.fromisoformat(expected["clock_start"]).replace(tzinfo=LOCAL)
            anchored = profile.rules["hanam.d18.k3dd.transfer"]
            assert deadline(anchored, at, CALENDAR).starts == start, question["id"]
        for key, duty in (
            ("notify_asker_by", "notify_asker"),
            ("notify_asker_and_transfer_by", "notify_asker"),
        ):
            if key in expected:
                facts = {"question_class": "out" if kind == "unclear" else kind}
                notice = deadline_rule(profile, "question_received", duty, facts, at.date())
                assert str(deadline(notice.rule, at, CALENDAR).due) == expected[key], question["id"]
        if "appointment_by" in expected:
            first = deadline(profile.rules["hanam.d10.k5a.own-competence"], at, CALENDAR)
            assert str(first.due) == expected["appointment_by"], question["id"]


def test_every_expected_date_of_the_articles_holds(profiles, read_data):
    """All due dates of articles.json: the publication clocks by event, category and role."""
    triggers = {"issued": "document_issued", "law_issued": "law_issued", "approved": "approved"}
    checked = 0
    for article in read_data("articles.json")["articles"]:
        if "due_date" not in article["expected"]:
            continue
        event = article["event"]
        at = datetime.combine(date.fromisoformat(event["date"]), time(10), LOCAL)
        scope = article["fields"].get("issuing_authority") == "Chính phủ"
        facts = {"category": article["category"], "agency_role": "in_scope" if scope else "issuer"}
        trigger = triggers.get(event["type"], event["type"])
        profile = profiles[article["jurisdiction"]]

        chosen = deadline_rule(profile, trigger, "publish", facts, at.date())

        limit = deadline(chosen.rule, at, CALENDAR)
        assert str(limit.due) == article["expected"]["due_date"], article["id"]
        checked += 1
    assert checked == 10


def test_an_explanation_lists_every_skipped_day_with_its_reason(profiles, local):
    """Friday 26/04/2024 16:00 in Hà Nam: weekend, swap, two holidays; the working Saturday is told too."""
    rule = profiles["hanam"].rules["hanam.d10.k5a.own-competence"]
    explanation = deadline(rule, local("2024-04-26 16:00"), CALENDAR).explanation
    steps = {step.name: step.values for step in explanation.steps}

    skipped = [(row["date"], row["why"]) for row in steps["days-skipped"]["days"]]
    assert skipped == [
        ("2024-04-27", "weekend"),
        ("2024-04-28", "weekend"),
        ("2024-04-29", "swapped_off"),
        ("2024-04-30", "holiday"),
        ("2024-05-01", "holiday"),
        ("2024-05-05", "weekend"),
    ]
    assert [row["date"] for row in steps["working-saturdays"]["days"]] == ["2024-05-04"]
    assert explanation.basis.citation.article == "10"
    assert "05 (năm) ngày" in explanation.basis.quote


def test_equal_inputs_give_equal_bytes_whatever_the_zone(a_rule, local):
    """The same instant written in another zone is the same input."""
    one = deadline(a_rule(), local("2024-04-26 16:00"), CALENDAR).explanation
    two = deadline(
        a_rule(), datetime.fromisoformat("2024-04-26T09:00:00+00:00"), CALENDAR
    ).explanation

    assert one.to_json() == two.to_json()
    assert Explanation.from_json(one.to_json()).to_json() == one.to_json()


def test_an_ambiguous_rule_says_what_the_other_reading_would_give(a_rule, local):
    """08:01 on the last working day before a holiday: counting the day of receipt would be a day earlier."""
    anchored = a_rule(1, start="anchor", anchor="08:00")
    loose = anchored.params.model_copy(update={"anchor": "17:00"})
    others = (Other("ngày tiếp nhận được tính", loose), Other("không rõ", None))
    rule = replace(anchored, ambiguities=(Ambiguity("AMB-03", "mốc 08:00", others),))

    explanation = deadline(rule, local("2024-04-26 08:01"), CALENDAR).explanation

    assert [other.gives for other in explanation.readings[0].others] == ["2024-04-26", None]
    assert explanation.outcome.values["due"] == "2024-05-02"


def test_sentences_tell_the_same_in_both_languages(a_rule, local):
    """Every line has words in Vietnamese and in English, and no raw name is left."""
    explanation = deadline(a_rule(), local("2024-04-26 16:00"), CALENDAR).explanation
    vi, en = sentences(explanation, "vi"), sentences(explanation, "en")

    assert vi[0] == "Hạn cuối: hết ngày thứ Ba 07/05/2024."
    assert en[0] == "Due by the end of Tue 07/05/2024."
    assert vi[1] == (
        "Căn cứ điểm a khoản 5 Điều 10 Quy chế (Quyết định 19/2019/QĐ-UBND): “05 (năm) ngày”"
    )
    assert len(vi) == len(en)
    assert not any("{" in line or "days-" in line for line in vi + en)


def test_the_places_a_rule_also_rests_on_are_cited(profiles, local):
    """That days are working days stands at the end of clause 5, not in point a."""
    rule = profiles["hanam"].rules["hanam.d10.k5a.own-competence"]

    line = sentences(deadline(rule, local("2024-04-26 16:00"), CALENDAR).explanation, "vi")[1]

    assert line.startswith(
        "Căn cứ điểm a khoản 5 Điều 10 Quy chế (Quyết định 19/2019/QĐ-UBND); cùng khoản 5 Điều 10"
    )


@pytest.mark.parametrize(
    ("n", "received", "warns"),
    [
        (5, "2024-05-06 08:00", ["2024-05-09", "2024-05-10"]),
        (2, "2024-05-06 08:00", ["2024-05-07"]),
        (1, "2024-05-06 08:00", []),
    ],
)
def test_two_reminders_come_before_the_end_where_there_is_room(a_rule, local, n, received, warns):
    """Two and one working days before the end, never before the clock starts."""
    limit = deadline(a_rule(n, start="anchor", anchor="08:00"), local(received), CALENDAR)

    assert [str(at.date()) for at in limit.warns] == warns


def test_a_rule_says_its_own_reminders(profiles, local):
    """The transfer of Hà Nam warns 24 hours after receipt, so that both readings can be met (AMB-05)."""
    rule = profiles["hanam"].rules["hanam.d18.k3dd.transfer"]

    assert deadline(rule, local("2024-05-06 10:00"), CALENDAR).warns == (local("2024-05-07 10:00"),)


@pytest.mark.parametrize(
    ("now", "closed", "state", "late"),
    [
        ("2024-05-06 09:00", None, "running", 0),
        ("2024-05-10 00:00", None, "first-warning", 0),
        ("2024-05-13 00:00", None, "second-warning", 0),
        ("2024-05-13 23:59", None, "second-warning", 0),
        ("2024-05-14 00:00", None, "overdue", 1),
        ("2024-05-20 09:00", None, "overdue", 5),
        ("2024-05-20 09:00", "2024-05-13 23:59", "done-on-time", 0),
        ("2024-05-20 09:00", "2024-05-14 00:00", "done-late", 1),
    ],
)
def test_the_state_is_derived_from_the_clock(a_rule, local, *, now, closed, state, late):
    """Received Monday 06/05/2024, 5 working days: due Monday 13/05, overdue from the midnight after."""
    found = clock_state(
        a_rule(), local("2024-05-06 08:30"), local(now), CALENDAR, closed=closed and local(closed)
    )

    assert (found.state, found.late_working_days) == (state, late)
    assert bool(found.explanation.outcome.nearest) == (state == "overdue")


def test_a_standing_clock_is_no_overdue_clock(a_rule, local):
    """Paused on the first counted day at 10:00, looked at a month later: all but two and a half hours are left."""
    pause = Pause(local("2024-05-07 10:00"), None, "chờ người hỏi bổ sung")

    found = clock_state(
        a_rule(), local("2024-05-06 08:30"), local("2024-06-06 09:00"), CALENDAR, [pause]
    )

    assert found.state == "clock-stands"
    assert found.explanation.outcome.values["left"] == "P4DT5H30M"
    assert sentences(found.explanation, "vi")[0] == (
        "Đồng hồ đang dừng từ 10:00 thứ Ba 07/05/2024; còn 4 ngày 5 giờ 30 phút giờ hành chính khi tiếp tục."
    )


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        ("2024-05-07 10:00", "2024-05-09 10:00", "clock-stands"),
        ("2024-05-08 10:00", "2024-05-09 10:00", "running"),
        ("2024-05-14 10:00", None, "running"),
    ],
    ids=["a pause whose end is known", "one still to come", "an open one still to come"],
)
def test_a_clock_stands_only_while_the_pause_lasts(a_rule, local, start, end, state):
    """Looked at on Tuesday 07/05/2024 at 11:00."""
    pause = Pause(local(start), end and local(end))

    found = clock_state(
        a_rule(), local("2024-05-06 08:30"), local("2024-05-07 11:00"), CALENDAR, [pause]
    )

    assert found.state == state


def test_a_pause_is_told_with_what_it_moved(a_rule, local):
    """Tuesday 10:00 to Thursday 09:00: five and a half, eight and one and a half office hours, so 15 hours in all."""
    pause = Pause(local("2024-05-07 10:00"), local("2024-05-09 09:00"), "chờ bổ sung")
    event = local("2024-05-06 08:30")

    paused = deadline(a_rule(), event, CALENDAR, [pause])

    assert paused.due == date(2024, 5, 15)
    assert paused.ends == local("2024-05-15 16:00")
    moved = next(step for step in paused.explanation.steps if step.name == "pauses")
    assert (moved.values["moved"], moved.values["unit"]) == ("P1DT7H", "office_time")
    assert sentences(paused.explanation, "en")[0] == "Due by 16:00 Wed 15/05/2024."
    assert (
        "The clock stood 1 time; the end moved by exactly 1 day 7 hours (office hours), to 16:00 Wed 15/05/2024."
        in sentences(paused.explanation, "en")
    )


def test_whole_days_are_shown_as_the_other_reading_of_a_pause(a_rule, local):
    """Three minutes round midnight move nothing; in whole days they would give a day."""
    pause = Pause(local("2024-05-07 23:58"), local("2024-05-08 00:01"))

    explanation = deadline(a_rule(), local("2024-05-06 08:30"), CALENDAR, [pause]).explanation

    assert explanation.outcome.values["due"] == "2024-05-13"
    assert [(read.id, read.others[0].gives) for read in explanation.readings] == [
        ("PAUSE-01", "2024-05-14")
    ]
    assert "Another reading: a pause counts in whole days only" in "\n".join(
        sentences(explanation, "en")
    )


@pytest.mark.parametrize(
    ("sent", "promised", "outcome", "way"),
    [
        ("2024-10-22 23:59", "2024-11-05", "promise-allowed", None),
        ("2024-10-23 00:00", "2024-11-05", "promise-too-late-sent", "answer-now"),
        ("2024-10-21 10:00", "2024-11-06", "promise-beyond-total", "promise-at-latest"),
        ("2024-10-21 10:00", "2024-10-22", "promise-not-later", "answer-by"),
    ],
)
def test_an_appointment_counts_in_time_and_within_the_total(
    profiles, local, *, sent, promised, outcome, way
):
    """HN-Q011: received 15/10/2024 08:30; five days end 22/10, fifteen end 05/11 (AMB-07)."""
    rules = profiles["hanam"].rules
    first = deadline(rules["hanam.d10.k5a.own-competence"], local("2024-10-15 08:30"), CALENDAR)

    promise = appoint(
        rules["hanam.d10.k5c.special"], first, local(sent), date.fromisoformat(promised), CALENDAR
    )

    assert promise.explanation.outcome.name == outcome
    assert [each.code for each in promise.explanation.outcome.nearest] == ([way] if way else [])
    assert promise.counts == (way is None)
    assert promise.due == (date.fromisoformat(promised) if way is None else None)


@pytest.mark.parametrize(
    ("n", "unit", "due"),
    [
        (10, "working_day", "2024-11-05"),
        (11, "working_day", None),
        (14, "calendar_day", "2024-11-05"),
    ],
)
def test_an_extension_is_an_appointment_for_the_day_it_gives(profiles, local, n, unit, due):
    """HN-Q011: five days end 22/10; ten working days more are the whole fifteen, eleven are too many."""
    rules = profiles["hanam"].rules
    first = deadline(rules["hanam.d10.k5a.own-competence"], local("2024-10-15 08:30"), CALENDAR)

    found = extend(
        rules["hanam.d10.k5c.special"],
        first,
        local("2024-10-20 10:00"),
        Duration(n=n, unit=unit),
        CALENDAR,
    )

    assert found.due == (due and date.fromisoformat(due))


@pytest.mark.parametrize(
    ("now", "promised", "state"),
    [
        ("2024-10-25 09:00", "2024-11-05", "running"),
        ("2024-11-04 00:00", "2024-11-05", "first-warning"),
        ("2024-11-05 23:59", "2024-11-05", "second-warning"),
        ("2024-11-06 00:00", "2024-11-05", "overdue"),
        ("2024-10-25 09:00", "2024-12-05", "overdue"),
    ],
)
def test_a_promise_that_counts_moves_the_clock(profiles, local, now, promised, state):
    """One beyond the total does not count, so the first limit stays."""
    rules = profiles["hanam"].rules
    own, event = rules["hanam.d10.k5a.own-competence"], local("2024-10-15 08:30")
    promise = appoint(
        rules["hanam.d10.k5c.special"], deadline(own, event, CALENDAR), local("2024-10-20 10:00"),
        date.fromisoformat(promised), CALENDAR,
    )  # fmt: skip

    assert clock_state(own, event, local(now), CALENDAR, promise=promise).state == state


@pytest.mark.parametrize(
    ("sent", "earlier", "outcome"),
    [
        ("2023-05-23 16:00", 0, "notice-accepted"),
        ("2023-05-23 16:00", 1, "notice-again"),
        ("2023-05-24 00:00", 0, "promise-too-late-sent"),
    ],
)
def test_a_progress_notice_satisfies_once(profiles, local, sent, earlier, outcome):
    """Lạng Sơn Đ9 k7: within 15 working days an answer or a notice with its own date (AMB-19)."""
    rule = profiles["langson"].rules["langson.d9.k7.answer-or-progress"]
    first = deadline(rule, local("2023-04-27 15:00"), CALENDAR)

    notice = notify_progress(rule, first, local(sent), date(2023, 6, 15), earlier, CALENDAR)

    assert notice.explanation.outcome.name == outcome


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [
        ("2024-10-28 10:00", "2024-10-30 10:00", "2024-11-08 00:00"),
        ("2024-10-28 10:00", "2024-10-28 11:00", "2024-11-06 08:30"),
        ("2024-10-19 10:00", "2024-10-21 11:00", "2024-11-06 11:00"),
    ],
    ids=["two working days", "an hour", "what follows the promise of a pause already begun"],
)
def test_a_pause_after_a_promise_moves_the_promised_day(profiles, local, start, end, ends):
    """Promised on Sunday 20/10 for Tuesday 05/11/2024: its 24:00 moves by the office time of the pause."""
    rules = profiles["hanam"].rules
    own, event = rules["hanam.d10.k5a.own-competence"], local("2024-10-15 08:30")
    promise = appoint(
        rules["hanam.d10.k5c.special"], deadline(own, event, CALENDAR), local("2024-10-20 10:00"),
        date(2024, 11, 5), CALENDAR,
    )  # fmt: skip
    pauses = [Pause(local(start), local(end), "chờ người hỏi")]

    state = clock_state(own, event, local("2024-11-04 09:00"), CALENDAR, pauses, promise=promise)

    assert state.deadline.ends == local(ends)


def test_an_appointment_ends_where_the_total_does(profiles, local):
    """An hour's pause: fifteen days end on 06/11 at 08:30, and so does a promise for that day; the 7th is too late."""
    rules = profiles["hanam"].rules
    pauses = [Pause(local("2024-10-16 10:00"), local("2024-10-16 11:00"))]
    first = deadline(
        rules["hanam.d10.k5a.own-competence"], local("2024-10-15 08:30"), CALENDAR, pauses
    )
    special, sent = rules["hanam.d10.k5c.special"], local("2024-10-20 10:00")

    last, beyond, before = (
        appoint(special, first, sent, date(2024, month, day), CALENDAR, pauses)
        for month, day in ((11, 6), (11, 7), (11, 5))
    )

    assert (last.due, last.ends) == (date(2024, 11, 6), local("2024-11-06 08:30"))
    assert beyond.explanation.outcome.name == "promise-beyond-total"
    assert before.ends == local("2024-11-06 00:00")


def test_an_extension_runs_from_the_very_moment_of_the_present_limit(profiles, local):
    """Five days after an hour's pause end on 23/10 at 08:30; two working days more on 25/10 at 08:30."""
    rules = profiles["hanam"].rules
    pauses = [Pause(local("2024-10-16 10:00"), local("2024-10-16 11:00"))]
    first = deadline(
        rules["hanam.d10.k5a.own-competence"], local("2024-10-15 08:30"), CALENDAR, pauses
    )

    found = extend(
        rules["hanam.d10.k5c.special"], first, local("2024-10-20 10:00"),
        Duration(n=2, unit="working_day"), CALENDAR, pauses,
    )  # fmt: skip

    assert (first.ends, found.ends) == (local("2024-10-23 08:30"), local("2024-10-25 08:30"))


def test_a_limit_that_stood_is_recomputed_with_its_pauses(a_rule, local):
    """A morning's pause; then 24 November becomes a day off: both limits keep their hour, and are told with it."""
    event, observed = local("2026-11-20 09:00"), CALENDAR.observing_unconfirmed()
    pauses = [Pause(local("2026-11-23 07:30"), local("2026-11-23 12:00"))]

    found = recompute(a_rule(), event, CALENDAR, observed, pauses)

    assert (found.before.ends, found.now.ends) == (
        local("2026-11-30 13:30"),
        local("2026-12-01 13:30"),
    )
    assert sentences(found.explanation, "en")[0] == (
        "New limit: 13:30 Tue 01/12/2026 (was 13:30 Mon 30/11/2026)."
    )


def test_a_negative_number_of_notices_is_refused(profiles, local):
    """The argument is named."""
    rule = profiles["langson"].rules["langson.d9.k7.answer-or-progress"]
    first = deadline(rule, local("2023-04-27 15:00"), CALENDAR)

    with pytest.raises(ValueError, match="earlier"):
        notify_progress(rule, first, local("2023-05-01 09:00"), date(2023, 6, 15), -1, CALENDAR)


@pytest.mark.parametrize(
    ("submitted", "received"),
    [
        ("2024-05-03 23:59", "2024-05-03 23:59"),
        ("2024-05-04 09:00", "2024-05-04 09:00"),
        ("2024-05-05 22:00", "2024-05-06 00:00"),
        ("2024-05-11 09:00", "2024-05-13 00:00"),
        ("2024-04-30 09:00", "2024-04-30 09:00"),
        ("2024-04-29 09:00", "2024-04-29 09:00"),
    ],
    ids=["Friday", "working Saturday", "Sunday", "Saturday", "holiday", "swapped-off Monday"],
)
def test_weekend_submissions_are_kept_and_received_on_monday(profiles, local, submitted, received):
    """AMB-01 and AMB-02: the text is kept at once, the clock is the same from either moment."""
    rule = profiles["hanam"].rules["hanam.d10.k2.intake-week"]
    answer = profiles["hanam"].rules["hanam.d10.k5a.own-competence"]

    got = reception(rule, local(submitted), CALENDAR)

    assert (got.submitted, got.received) == (local(submitted), local(received))
    assert (
        deadline(answer, got.received, CALENDAR).ends
        == deadline(answer, got.submitted, CALENDAR).ends
    )


def test_a_changed_calendar_moves_open_limits_and_says_why(a_rule, local):
    """24 November becomes a holiday: the open case moves a day, the closed one does not."""
    event, observed = local("2026-11-20 09:00"), CALENDAR.observing_unconfirmed()

    opened = recompute(a_rule(), event, CALENDAR, observed)
    closed = recompute(a_rule(), event, CALENDAR, observed, closed=local("2026-11-23 10:00"))

    assert (opened.before.due, opened.now.due, opened.moved) == (
        date(2026, 11, 27),
        date(2026, 11, 30),
        True,
    )
    assert [row["date"] for row in opened.explanation.steps[1].values["days"]] == ["2026-11-24"]
    assert opened.explanation.outcome.name == "due-moved"
    assert (closed.now.due, closed.moved) == (date(2026, 11, 27), False)
    assert closed.explanation.outcome.name == "closed-kept"


def test_a_changed_calendar_that_matters_not_keeps_the_limit(a_rule, local):
    """A change outside the limit changes nothing and says so."""
    found = recompute(
        a_rule(), local("2024-05-06 09:00"), CALENDAR, CALENDAR.observing_unconfirmed()
    )

    assert found.explanation.outcome.name == "due-kept"
    assert not found.moved


@given(
    st.datetimes(datetime.fromisoformat("2012-01-01"), datetime.fromisoformat("2035-12-31")),
    st.integers(1, 60),
)
def test_every_deadline_tells_what_is_doubtful_about_its_calendar(a_rule, naive, n):
    """Outside 2023-2027 the calendar's end or beginning is a warning; predicted days are named."""
    event = naive.replace(tzinfo=LOCAL)

    limit = deadline(a_rule(n), event, CALENDAR)

    codes = {warned.code for warned in limit.explanation.warnings}
    assert limit.due is not None
    assert ("calendar-ended" in codes) == (limit.due.year > 2027)
    assert ("calendar-not-begun" in codes) == (event.year < 2023)


@pytest.mark.parametrize(
    ("span", "on", "code"),
    [
        (Span(date(2019, 8, 15), date(2024, 1, 1)), "2024-01-01 08:00", "rule-expired"),
        (Span(date(2024, 1, 2), None), "2024-01-01 08:00", "rule-not-yet"),
    ],
)
def test_a_rule_outside_its_validity_decides_and_says_so(a_rule, local, span, on, code):
    """Half-open: the last day is the one before `to`."""
    explanation = deadline(a_rule(span=span), local(on), CALENDAR).explanation

    assert code in {warned.code for warned in explanation.warnings}
    assert explanation.outcome.verdict == "value"


def test_an_amendment_pending_and_an_unverified_rule_show(profiles, local):
    """Hà Nam waits to be amended, and no jurist has confirmed its rules."""
    rule = profiles["hanam"].rules["hanam.d10.k5a.own-competence"]

    codes = [
        each.code
        for each in deadline(rule, local("2024-05-06 08:00"), CALENDAR).explanation.warnings
    ]

    assert codes == ["amendment-pending", "rule-unverified"]


@pytest.mark.parametrize(
    ("on", "code"), [("2025-05-06", []), ("2025-05-07", ["verified-long-ago"])]
)
def test_a_confirmation_is_told_to_be_old_after_a_year(a_rule, local, on, code):
    """Confirmed on 06/05/2024: a year later it says so, and decides all the same."""
    rule = replace(a_rule(), verified=Verified(date(2024, 5, 6), "Sở Tư pháp"))

    warnings = deadline(rule, local(f"{on} 08:00"), CALENDAR).explanation.warnings

    assert [each.code for each in warnings] == code


def test_a_prompt_duty_without_a_number_gives_none(profiles, local):
    """Lạng Sơn Đ9 k1 says regularly: no date is invented."""
    found = deadline(
        profiles["langson"].rules["langson.d9.k1.regular-update"],
        local("2024-05-06 08:00"),
        CALENDAR,
    )

    assert (found.due, found.explanation.outcome.verdict) == (None, "undetermined")


def test_an_assumed_limit_is_never_shown_as_law(profiles, local):
    """Lạng Sơn says at once; the day we assume is marked as ours (AMB-17)."""
    found = deadline(
        profiles["langson"].rules["langson.d9.k7.out-of-scope-notice"],
        local("2026-09-11 17:30"),
        CALENDAR,
    )

    assert found.due == date(2026, 9, 14)
    assert not found.legal
    assert "not-a-legal-limit" in {warned.code for warned in found.explanation.warnings}


@pytest.mark.parametrize(
    ("facts", "rule", "missing"),
    [
        ({"question_class": "inter"}, "hanam.d10.k5b.inter-sector", None),
        ({}, "hanam.d10.k5a.own-competence", ("question_class",)),
    ],
)
def test_missing_facts_take_the_shorter_limit_and_are_named(profiles, facts, rule, missing):
    """Whether other agencies must be asked decides between 5, 10 and 15 days."""
    chosen = deadline_rule(
        profiles["hanam"], "question_received", "answer", facts, date(2024, 1, 1)
    )

    warned = [each.values["facts"] for each in chosen.explanation.warnings]
    assert chosen.rule.id == rule
    assert warned == ([missing] if missing else [])


@pytest.mark.parametrize("trigger", ["nothing", "question_received"])
def test_a_case_no_rule_speaks_to_is_told_so(profiles, trigger):
    """No bare None: the regulation sets no such limit, and the nearest way is named."""
    chosen = deadline_rule(profiles["hanam"], trigger, "sing", {}, date(2024, 1, 1))

    assert chosen.rule is None
    assert chosen.explanation.outcome.nearest
