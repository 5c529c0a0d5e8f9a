"""Names where a service's sentence has ids."""

import pytest

from console.routes.naming import named

NAMES = {
    "langson": "Sở Ngoại vụ Lạng Sơn",
    "langson.truong-ban": "Nông Thị Mai",
    "installation.e-office": "E-Office",
}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("langson.truong-ban may not publish at langson.", "Nông Thị Mai may not publish at Sở Ngoại vụ Lạng Sơn."),
        ("Do installation.e-office gửi.", "Do E-Office gửi."),
        ("langson.truong-ban-2 gửi tới langson-snv; xem langson.gov.vn", "langson.truong-ban-2 gửi tới langson-snv; xem langson.gov.vn"),
    ],
)  # fmt: skip
def test_a_whole_id_is_told_by_its_name_and_never_a_part_of_another(sentence: str, told: str):
    assert named((sentence, NAMES), "vi") == told
