"""What profiles name in snake_case is told in Vietnamese and English words."""

from datetime import date, datetime
from typing import Any

import pytest

from rulebook.calendar import Calendar
from rulebook.deadlines import (
    COMMITTED,
    PAUSES_EXACT,
    PAUSES_IN_DAYS,
    WITHOUT_COMMITMENT,
    deadline,
)
from rulebook.explanation import LOCAL
from rulebook.house import INSTALLATION, OF_THE_INSTALLATION, ROLES
from rulebook.phrases import terms
from rulebook.phrases.readings import READINGS
from rulebook.profiles.model import Profile
from rulebook.profiles.params import PermissionAct
from rulebook.rules.duties import stated
from rulebook.sentences import sentences, told

TODAY = date(2026, 1, 5)


def test_a_process_gives_its_steps_only_to_who_may_take_them(profiles: dict[str, Profile]) -> None:
    """Where a permission rule stands behind a step, the step's roles are among those of some rule for that act."""
    for key in ("langson", "khanhhoa"):
        profile = profiles[key]
        for process in profile.processes.values():
            for step in process.steps.values():
                allowed = {
                    role
                    for rule in profile.rules.values()
                    if isinstance(rule.params, PermissionAct)
                    and (step.id in rule.params.acts or rule.id == step.rule)
                    for role in rule.params.roles
                }
                assert not allowed or set(step.roles) <= allowed, (process.id, step.id)


@pytest.mark.parametrize("word", ["vi", "en"])
def test_no_word_is_empty_or_still_a_name(word: str) -> None:
    index = ("vi", "en").index(word)

    assert [
        key for key, pair in terms().items() if not pair[index].strip() or "_" in pair[index]
    ] == []


def test_every_reading_of_every_profile_has_its_english(profiles: dict[str, Profile]) -> None:
    held = {
        text
        for profile in profiles.values()
        for rule in profile.rules.values()
        for each in rule.ambiguities
        for text in (
            each.reading,
            *(
                text
                for other in each.others
                for text in (other.reading, other.gives or other.reading)
            ),
        )
    }

    held |= {PAUSES_EXACT, PAUSES_IN_DAYS, COMMITTED, WITHOUT_COMMITMENT}
    assert sorted(held - READINGS.keys()) == []
    assert sorted(READINGS.keys() - held) == []


def test_an_explanation_in_english_tells_its_readings_in_english(
    profiles: dict[str, Profile], calendar: Calendar
) -> None:
    rule: Any = profiles["langson"].rule("langson.d9.k7.out-of-scope-notice")
    saturday = datetime(2026, 8, 22, 17, tzinfo=LOCAL)

    told_en = sentences(deadline(rule, saturday, calendar).explanation, "en")

    assert "Another reading: within seconds → 17:00 Sat 22/08/2026." in told_en
    assert (
        "Another reading: within 1 working day after the day of receipt → Mon 24/08/2026."
        in told_en
    )


def test_a_list_of_codes_is_told_in_words() -> None:
    codes = {"codes": ("missing_field:effective_date", "prohibited:langson_1e", "copied_content")}

    assert told("demand-not-met", codes, "vi") == (
        "Chưa đạt yêu cầu: thiếu thông tin “ngày hiệu lực”; nội dung cấm “thông tin hoặc liên kết vi phạm "
        "Nghị định 72/2013/NĐ-CP”; sao chép nội dung."
    )
    assert told("demand-not-met", codes, "en") == (
        "The demand is not met: missing “effective date”; prohibited “information or links against Decree "
        "72/2013”; copied content."
    )


def test_a_duty_is_told_by_its_statement_and_in_plain_words(profiles: dict[str, Profile]) -> None:
    rule: Any = profiles["khanhhoa"].rule("khanhhoa.d8.g4.report-after-publication")

    explanation = stated(rule, TODAY).explanation

    assert sentences(explanation, "vi")[0] == (
        "Sau khi xuất bản, Thư ký báo cáo Trưởng Ban qua E-Office."
    )
    assert sentences(explanation, "en")[0] == (
        "Duty of secretary of the editorial board: report publication."
    )


def test_every_act_and_role_of_the_house_has_a_word():
    named = (*OF_THE_INSTALLATION, *ROLES, INSTALLATION)

    assert [each for each in named if each not in terms()] == []
