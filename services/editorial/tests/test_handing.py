"""What intake tells beyond our own contract opens an article all the same: it is left out, nothing is parked."""

import pytest

from contracts.events.intake import SubmissionReceivedV1
from contracts.schemas import validate
from editorial.domain import stepping
from editorial.domain.article import NO_ARTICLE
from editorial.usecases.handing import handed
from rulebook.profiles.loader import load_profiles

from .conftest import a_submission

DUE = {
    "rule": "hanam.d9.k1c", "article": "điểm c khoản 1 Điều 9", "article_en": "point c, clause 1, Article 9",
    "quotation": "không quá 02 ngày", "sentence": "Hai ngày.", "sentence_en": "Two days.", "last_day": "2026-11-24",
}  # fmt: skip


def test_members_of_a_later_intake_do_not_stop_an_article():
    id = "0198c0de-0000-7000-8000-000000000001"
    said = a_submission(id, "hanam") | {"due": DUE | {"of_tomorrow": 1}, "event": {"type": "issued", "date": "2026-11-20", "of_tomorrow": 1}}  # fmt: skip
    said["submitted_by"] |= {"of_tomorrow": 1}
    said["receipt"] |= {"of_tomorrow": 1}

    opened, *_ = stepping.open_article(
        NO_ARTICLE, handed(SubmissionReceivedV1.of(said)), load_profiles()["hanam@1"]
    )

    data = opened.data()
    validate(opened.TYPE, opened.VERSION, data, closed=True)
    assert data["due"] == {**DUE, "near": []}
    assert "of_tomorrow" not in str(data)


@pytest.mark.parametrize("role", ["contributor", "outside_person", "supplier_agency"])
def test_an_item_from_outside_the_board_of_khanh_hoa_passes_the_member_of_its_field(role):
    """Khánh Hòa Điều 8 Bước 1: agencies, organisations and persons who are not of the board."""
    id = "0198c0de-0000-7000-8000-000000000001"
    said = a_submission(id, "khanhhoa", submitted_by={"person": "khanhhoa.ai-do", "role": role})

    opened, *_ = stepping.open_article(
        NO_ARTICLE, handed(SubmissionReceivedV1.of(said)), load_profiles()["khanhhoa@1"]
    )

    assert opened.process == "khanhhoa.publishing-outside"
