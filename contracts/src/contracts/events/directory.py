"""Facts of `directory.*`. Made by `make contracts` from contracts/events; do not edit."""

from datetime import date
from typing import ClassVar, Literal

from contracts.fact import Fact, Moment, Value


class AdministrativeCodeGivenUpV1(Fact):
    """Administrative code given up (mã hết hiệu lực).

    A unit holds a code no longer from a day on; stays in the log.

    code: Official code (mã đơn vị hành chính): 2 digits for a province, 3 for a district, 5 for a
        commune. A code passes from unit to unit; `unit_id` never does.
    level: Level (cấp): tỉnh, huyện (until 30/06/2025), xã (in the order of the values).
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    unit_id: Stable id of the unit in this installation, such as `commune.13285.2025`; never reused.
    ends_on: First day on which the unit holds it no longer.
    """

    TYPE: ClassVar[str] = "directory.administrative_code_given_up"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.administrative_unit"
    VISIBILITY: ClassVar[str] = "private"

    code: str
    level: Literal["province", "district", "commune"]
    site: str
    unit_id: str
    ends_on: date


class AdministrativeCodeTakenV1(Fact):
    """Administrative code taken (mã được cấp).

    Which unit holds a code from a day on; stays in the log, where it keeps two units from holding
    one code on the same day.

    code: Official code (mã đơn vị hành chính): 2 digits for a province, 3 for a district, 5 for a
        commune. A code passes from unit to unit; `unit_id` never does.
    level: Level (cấp): tỉnh, huyện (until 30/06/2025), xã (in the order of the values).
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    unit_id: Stable id of the unit in this installation, such as `commune.13285.2025`; never reused.
    valid_from: First day on which the unit holds it.
    valid_to: First day on which it holds it no longer.
    """

    TYPE: ClassVar[str] = "directory.administrative_code_taken"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.administrative_unit"
    VISIBILITY: ClassVar[str] = "private"

    code: str
    level: Literal["province", "district", "commune"]
    site: str
    unit_id: str
    valid_from: date
    valid_to: date | None = None


class AdministrativePartRecordedV1(Fact):
    """Administrative part recorded (đơn vị trực thuộc được ghi nhận).

    Which units belong to a unit, told in the stream of its parts (before November 2026: in its
    own), where it keeps a unit from ending before them; stays in the log. A later record of a part
    takes the place of an earlier one.

    unit_id: The unit that the part belongs to.
    part: The unit that belongs to it.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    valid_from: First day on which it belongs there.
    valid_to: First day on which it belongs there no longer; absent while that is not known.
    """

    TYPE: ClassVar[str] = "directory.administrative_part_recorded"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.administrative_unit"
    VISIBILITY: ClassVar[str] = "private"

    unit_id: str
    part: str
    site: str
    valid_from: date
    valid_to: date | None = None


class AdministrativePartsClosedV1(Fact):
    """Administrative parts closed (không còn đơn vị trực thuộc).

    From a day on nothing belongs to a unit, because it ends then: told in the stream of its parts,
    so that no part joins it for later; stays in the log.

    unit_id: The unit that ends.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    ends_on: First day on which nothing belongs to it.
    """

    TYPE: ClassVar[str] = "directory.administrative_parts_closed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.administrative_unit"
    VISIBILITY: ClassVar[str] = "private"

    unit_id: str
    site: str
    ends_on: date


class AdministrativeUnitChangedV1Changes(Value):
    """The attributes with a new value, under the names of
    `directory.administrative_unit_registered`.

    code: Official code (mã đơn vị hành chính): 2 digits for a province, 3 for a district, 5 for a
        commune. A code passes from unit to unit; `unit_id` never does.
    name_vi: Official name with its kind (tên đơn vị hành chính), NFC, such as `Phường Phủ Lý`.
    name_en: Name in English.
    kind: Sort of unit: tỉnh, thành phố trực thuộc trung ương, huyện, quận, thị xã, thành phố thuộc
        tỉnh, xã, phường, thị trấn, đặc khu (in the order of the values).
    parent: Unit it belongs to; provinces have none.
    note: Remark of the register (ghi chú), such as what is assumed; no personal data.
    """

    code: str | None = None
    name_vi: str | None = None
    name_en: str | None = None
    kind: Literal[
        "province",
        "municipality",
        "rural_district",
        "urban_district",
        "town",
        "provincial_city",
        "rural_commune",
        "ward",
        "township",
        "special_zone",
    ] | None = None
    parent: str | None = None
    note: str | None = None


class AdministrativeUnitChangedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class AdministrativeUnitChangedV1(Fact):
    """Administrative unit changed (đơn vị hành chính thay đổi).

    Attributes of a unit have new values from a day on, until the next change: a name, a kind (a
    commune becomes a ward), a code, the unit it belongs to.

    unit_id: Stable id of the unit in this installation, such as `commune.13285.2025`; never reused.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    valid_from: First day with the new values.
    changes: The attributes with a new value, under the names of
        `directory.administrative_unit_registered`.
    document: The document that orders it (văn bản căn cứ).
    reason: Why, in a sentence; no personal data.
    """

    TYPE: ClassVar[str] = "directory.administrative_unit_changed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.administrative_unit"
    VISIBILITY: ClassVar[str] = "public"

    unit_id: str
    site: str
    valid_from: date
    changes: AdministrativeUnitChangedV1Changes
    document: AdministrativeUnitChangedV1Document | None = None
    reason: str | None = None


class AdministrativeUnitEndedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class AdministrativeUnitEndedV1(Fact):
    """Administrative unit ended (đơn vị hành chính chấm dứt).

    A unit is no longer on the map from a day on.

    unit_id: Stable id of the unit in this installation, such as `commune.13285.2025`; never reused.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    ends_on: First day on which it no longer exists.
    document: The document that orders it (văn bản căn cứ).
    reason: Why, in a sentence; no personal data.
    """

    TYPE: ClassVar[str] = "directory.administrative_unit_ended"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.administrative_unit"
    VISIBILITY: ClassVar[str] = "public"

    unit_id: str
    site: str
    ends_on: date
    document: AdministrativeUnitEndedV1Document | None = None
    reason: str | None = None


class AdministrativeUnitRegisteredV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class AdministrativeUnitRegisteredV1(Fact):
    """Administrative unit registered (đơn vị hành chính được đưa vào danh mục).

    A unit is on the administrative map from `valid_from` on. Validity is half-open [valid_from,
    valid_to).

    unit_id: Stable id of the unit in this installation, such as `commune.13285.2025`; never reused.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    level: Level (cấp): tỉnh, huyện (until 30/06/2025), xã (in the order of the values).
    code: Official code (mã đơn vị hành chính): 2 digits for a province, 3 for a district, 5 for a
        commune. A code passes from unit to unit; `unit_id` never does.
    name_vi: Official name with its kind (tên đơn vị hành chính), NFC, such as `Phường Phủ Lý`.
    name_en: Name in English.
    kind: Sort of unit: tỉnh, thành phố trực thuộc trung ương, huyện, quận, thị xã, thành phố thuộc
        tỉnh, xã, phường, thị trấn, đặc khu (in the order of the values).
    parent: Unit it belongs to; provinces have none.
    note: Remark of the register (ghi chú), such as what is assumed; no personal data.
    valid_from: First day on which the register vouches for it (có hiệu lực từ ngày).
    valid_to: First day on which it no longer exists (hết hiệu lực từ ngày); absent while its end is
        not known.
    document: The document that orders it (văn bản căn cứ).
    """

    TYPE: ClassVar[str] = "directory.administrative_unit_registered"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.administrative_unit"
    VISIBILITY: ClassVar[str] = "public"

    unit_id: str
    site: str
    level: Literal["province", "district", "commune"]
    code: str
    name_vi: str
    kind: Literal[
        "province",
        "municipality",
        "rural_district",
        "urban_district",
        "town",
        "provincial_city",
        "rural_commune",
        "ward",
        "township",
        "special_zone",
    ]
    valid_from: date
    name_en: str | None = None
    parent: str | None = None
    note: str | None = None
    valid_to: date | None = None
    document: AdministrativeUnitRegisteredV1Document | None = None


class AdministrativeUnitSucceededV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class AdministrativeUnitSucceededV1(Fact):
    """Administrative unit succeeded (đơn vị hành chính được kế thừa).

    What became of units from a day on: merger (nhập, sáp nhập), split (chia, tách), change of name
    (đổi tên) or abolition (giải thể; with no successor when a level ends).

    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    kind: How.
    predecessors: Units that end.
    successors: Units whose territory and work it is from then on.
    effective_on: First day of the successors (có hiệu lực từ ngày).
    document: The document that orders it (văn bản căn cứ).
    note: Remark of the register, such as what is assumed.
    """

    TYPE: ClassVar[str] = "directory.administrative_unit_succeeded"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.administrative_unit"
    VISIBILITY: ClassVar[str] = "public"

    site: str
    kind: Literal["merge", "split", "rename", "abolition"]
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    effective_on: date
    document: AdministrativeUnitSucceededV1Document | None = None
    note: str | None = None


class AgencyChangedV1Changes(Value):
    """The attributes with a new value, under the names of `directory.agency_registered`.

    name_vi: Official name in Vietnamese (tên cơ quan), NFC, as in its founding document.
    name_en: Name in English.
    kind: What sort of agency: UBND tỉnh, văn phòng, sở, thanh tra, ban quản lý, UBND huyện, UBND
        xã, cơ quan ngành dọc trung ương, phòng, đơn vị sự nghiệp, thành viên Ban Biên tập, cơ quan
        kế thừa sau sắp xếp 2025, cơ quan bên ngoài (in the order of the values).
    abbreviation: Abbreviation in document numbers (chữ viết tắt trong số, ký hiệu văn bản), such as
        `SKHĐT` in 924/SKHĐT-TH.
    domain: Domain name of its own site (tên miền), lower case.
    identifier_code: Identifier code (mã định danh điện tử) after Quyết định 20/2020/QĐ-TTg: at most
        35 characters, top level on the left.
    identifier_code_old: Former identifier code after QCVN 102:2016/BTTTT, top level on the right,
        such as `000.00.00.H49`.
    competence_keywords: Words of its competence (lĩnh vực thuộc thẩm quyền), from which questions
        are routed.
    supplies: What it owes to the site (cung cấp thông tin; Bình Dương Điều 12): clause and letter
        such as `k5đ`, or a named section.
    parent: Agency it belongs to (cơ quan chủ quản, cấp trên trực tiếp).
    note: Remark of the register (ghi chú); no personal data.
    """

    name_vi: str | None = None
    name_en: str | None = None
    kind: Literal[
        "provincial_committee",
        "office",
        "department",
        "inspectorate",
        "management_board",
        "district_committee",
        "commune_committee",
        "central_vertical",
        "division",
        "public_service_unit",
        "board_member",
        "successor",
        "external",
    ] | None = None
    abbreviation: str | None = None
    domain: str | None = None
    identifier_code: str | None = None
    identifier_code_old: str | None = None
    competence_keywords: tuple[str, ...] | None = None
    supplies: tuple[str, ...] | None = None
    parent: str | None = None
    note: str | None = None


class AgencyChangedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class AgencyChangedV1(Fact):
    """Agency changed (thay đổi thông tin cơ quan).

    Attributes of an agency take new values from a day on. What is not named stays as it was.
    Validity is half-open [valid_from, valid_to).

    agency_id: Stable id of the agency in this installation, such as `hanam.snv`; never reused.
    site: Scope that owns the fact (cổng / trang thông tin điện tử): every query is asked within one
        site.
    valid_from: First day on which the new values hold (có hiệu lực từ ngày).
    valid_to: First day on which they no longer hold and the former values return; absent for a
        change that stays.
    changes: The attributes with a new value, under the names of `directory.agency_registered`.
    cleared: Optional attributes that have no value any more.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.agency_changed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.agency"
    VISIBILITY: ClassVar[str] = "public"

    agency_id: str
    site: str
    valid_from: date
    changes: AgencyChangedV1Changes
    valid_to: date | None = None
    cleared: tuple[Literal[
        "name_en",
        "abbreviation",
        "domain",
        "identifier_code",
        "identifier_code_old",
        "competence_keywords",
        "supplies",
        "parent",
        "note",
    ], ...] = ()
    document: AgencyChangedV1Document | None = None
    reason: str | None = None


class AgencyEndedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class AgencyEndedV1(Fact):
    """Agency ended (cơ quan chấm dứt hoạt động).

    An agency exists no more from `ends_on` on. What follows it, if anything, is said by
    directory.agency_succeeded.

    agency_id: Stable id of the agency in this installation, such as `hanam.snv`; never reused.
    site: Scope that owns the fact (cổng / trang thông tin điện tử): every query is asked within one
        site.
    ends_on: First day on which it no longer exists (chấm dứt từ ngày): the `to` of its half-open
        validity, not its last day.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do); no personal data.
    """

    TYPE: ClassVar[str] = "directory.agency_ended"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.agency"
    VISIBILITY: ClassVar[str] = "public"

    agency_id: str
    site: str
    ends_on: date
    document: AgencyEndedV1Document | None = None
    reason: str | None = None


class AgencyRegisteredV1(Fact):
    """Agency registered (cơ quan được đưa vào danh bạ).

    An agency is known from `valid_from` on, with its names, codes and competences. Validity is
    half-open [valid_from, valid_to).

    agency_id: Stable id of the agency in this installation, such as `hanam.snv`; never reused.
    site: Scope that owns the fact (cổng / trang thông tin điện tử): every query is asked within one
        site.
    jurisdiction: Province whose regulation the agency works under (địa bàn), such as `hanam`.
    name_vi: Official name in Vietnamese (tên cơ quan), NFC, as in its founding document.
    name_en: Name in English.
    kind: What sort of agency: UBND tỉnh, văn phòng, sở, thanh tra, ban quản lý, UBND huyện, UBND
        xã, cơ quan ngành dọc trung ương, phòng, đơn vị sự nghiệp, thành viên Ban Biên tập, cơ quan
        kế thừa sau sắp xếp 2025, cơ quan bên ngoài (in the order of the values).
    abbreviation: Abbreviation in document numbers (chữ viết tắt trong số, ký hiệu văn bản), such as
        `SKHĐT` in 924/SKHĐT-TH.
    domain: Domain name of its own site (tên miền), lower case.
    identifier_code: Identifier code (mã định danh điện tử) after Quyết định 20/2020/QĐ-TTg: at most
        35 characters, top level on the left.
    identifier_code_old: Former identifier code after QCVN 102:2016/BTTTT, top level on the right,
        such as `000.00.00.H49`.
    competence_keywords: Words of its competence (lĩnh vực thuộc thẩm quyền), from which questions
        are routed.
    supplies: What it owes to the site (cung cấp thông tin; Bình Dương Điều 12): clause and letter
        such as `k5đ`, or a named section.
    parent: Agency it belongs to (cơ quan chủ quản, cấp trên trực tiếp).
    note: Remark of the register (ghi chú); no personal data.
    valid_from: First day on which it exists (có hiệu lực từ ngày).
    valid_to: First day on which it no longer exists (hết hiệu lực từ ngày); absent while its end is
        not known.
    """

    TYPE: ClassVar[str] = "directory.agency_registered"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.agency"
    VISIBILITY: ClassVar[str] = "public"

    agency_id: str
    site: str
    jurisdiction: str
    name_vi: str
    kind: Literal[
        "provincial_committee",
        "office",
        "department",
        "inspectorate",
        "management_board",
        "district_committee",
        "commune_committee",
        "central_vertical",
        "division",
        "public_service_unit",
        "board_member",
        "successor",
        "external",
    ]
    valid_from: date
    name_en: str | None = None
    abbreviation: str | None = None
    domain: str | None = None
    identifier_code: str | None = None
    identifier_code_old: str | None = None
    competence_keywords: tuple[str, ...] = ()
    supplies: tuple[str, ...] = ()
    parent: str | None = None
    note: str | None = None
    valid_to: date | None = None


class AgencySucceededV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class AgencySucceededV1(Fact):
    """Agency succeeded (cơ quan kế thừa).

    Agencies pass their work on from a day on: by merger (hợp nhất, sáp nhập), split (chia, tách),
    change of name (đổi tên) or abolition (giải thể). Open work moves to the successor; old names
    stay on old documents.

    site: Scope that owns the fact (cổng / trang thông tin điện tử): every query is asked within one
        site.
    kind: How: merge (hợp nhất, sáp nhập), split (chia, tách), rename (đổi tên), abolition (giải
        thể).
    predecessors: Agencies that hand over.
    successors: Agencies that take over; none when an abolished agency's work ends with it.
    effective_on: First day on which the successors are competent (có hiệu lực từ ngày).
    document: The document that orders it (văn bản căn cứ).
    note: Remark of the register (ghi chú), such as what is assumed; no personal data.
    """

    TYPE: ClassVar[str] = "directory.agency_succeeded"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.agency"
    VISIBILITY: ClassVar[str] = "public"

    site: str
    kind: Literal["merge", "split", "rename", "abolition"]
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    effective_on: date
    document: AgencySucceededV1Document | None = None
    note: str | None = None


class BoardChangedV1Changes(Value):
    """The attributes with a new value, under the names of `directory.board_formed`.

    name_vi: Name in Vietnamese (tên), NFC.
    name_en: Name in English.
    """

    name_vi: str | None = None
    name_en: str | None = None


class BoardChangedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class BoardChangedV1(Fact):
    """Board changed (kiện toàn Ban Biên tập).

    A board has other names from a day on, by the decision named in `document`.

    board_id: Stable id of the board, such as `hanam.ban-bien-tap`; never reused.
    site: Site the board works for.
    valid_from: First day on which the new values hold (có hiệu lực từ ngày).
    changes: The attributes with a new value, under the names of `directory.board_formed`.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.board_changed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.board"
    VISIBILITY: ClassVar[str] = "public"

    board_id: str
    site: str
    valid_from: date
    changes: BoardChangedV1Changes
    document: BoardChangedV1Document
    reason: str | None = None


class BoardDissolvedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class BoardDissolvedV1(Fact):
    """Board dissolved (giải thể Ban Biên tập).

    A board exists no more from `dissolves_on` on.

    board_id: Stable id of the board, such as `hanam.ban-bien-tap`; never reused.
    site: Site the board works for.
    dissolves_on: First day on which it no longer exists (giải thể từ ngày): the `to` of its
        half-open validity.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.board_dissolved"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.board"
    VISIBILITY: ClassVar[str] = "public"

    board_id: str
    site: str
    dissolves_on: date
    document: BoardDissolvedV1Document
    reason: str | None = None


class BoardFormedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class BoardFormedV1(Fact):
    """Board formed (thành lập Ban Biên tập).

    A board exists from `valid_from` on, by the decision named in `document`. Validity is half-open
    [valid_from, valid_to).

    board_id: Stable id of the board, such as `hanam.ban-bien-tap`; never reused.
    site: Site the board works for.
    kind: Ban Biên tập, Tổ thư ký, Tổ công tác (in the order of the values).
    name_vi: Name in Vietnamese (tên), NFC.
    name_en: Name in English.
    valid_from: First day on which it holds (có hiệu lực từ ngày).
    valid_to: First day on which it no longer holds (hết hiệu lực từ ngày); absent while its end is
        not known.
    document: The document that orders it (văn bản căn cứ).
    """

    TYPE: ClassVar[str] = "directory.board_formed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.board"
    VISIBILITY: ClassVar[str] = "public"

    board_id: str
    site: str
    kind: Literal["editorial_board", "secretariat", "working_group"]
    name_vi: str
    valid_from: date
    document: BoardFormedV1Document
    name_en: str | None = None
    valid_to: date | None = None


class CalendarAdoptedV1Day(Value):
    """One day.

    date: The day.
    kind: Why the day is not an ordinary one: ngày lễ, nghỉ bù, hoán đổi nghỉ, làm bù thứ Bảy (in
        the order of the values).
    name_vi: Name of the day in Vietnamese.
    status: How sure it is: announced, follows from the law, expected, announced as policy only (in
        the order of the values).
    source: Where it is published.
    """

    date: date
    kind: Literal[
        "holiday",
        "compensatory_off",
        "swapped_off",
        "working_saturday",
    ]
    name_vi: str
    status: Literal["confirmed", "derived", "predicted", "unconfirmed"]
    source: str


class CalendarAdoptedV1(Fact):
    """Calendar adopted (lịch làm việc được đưa vào danh bạ).

    A working calendar begins: complete years with every day that differs from Monday to Friday.

    calendar_id: The calendar, such as `vn`: the working week of state agencies and its exceptions.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    years: The years it speaks for, without a hole.
    days: Days that differ from the ordinary week.
    office_hours: Office hours of a day as `HH:MM-HH:MM`, rising; absent: 07:30-12:00 and
        13:30-17:00.
    """

    TYPE: ClassVar[str] = "directory.calendar_adopted"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.calendar"
    VISIBILITY: ClassVar[str] = "public"

    calendar_id: str
    site: str
    years: tuple[int, ...]
    days: tuple[CalendarAdoptedV1Day, ...]
    office_hours: tuple[str, ...] | None = None


class CalendarNoticeGivenV1Span(Value):
    """Days [start, end).

    start: First day.
    end: First day after.
    """

    start: date
    end: date


class CalendarNoticeGivenV1NoticeDay(Value):
    """One day.

    date: The day.
    kind: Why the day is not an ordinary one: ngày lễ, nghỉ bù, hoán đổi nghỉ, làm bù thứ Bảy (in
        the order of the values).
    name_vi: Name of the day in Vietnamese.
    """

    date: date
    kind: Literal[
        "holiday",
        "compensatory_off",
        "swapped_off",
        "working_saturday",
    ]
    name_vi: str


class CalendarNoticeGivenV1ChangedDay(Value):
    """A day that works now and did not before, or the reverse.

    date: The day.
    works: Whether it is a working day from now on.
    """

    date: date
    works: bool


class CalendarNoticeGivenV1(Fact):
    """Calendar notice given (thông báo lịch nghỉ được đưa vào).

    An official notice on days off and days to work: a draft has no effect until it is taken into
    force.

    calendar_id: The calendar, such as `vn`: the working week of state agencies and its exceptions.
    notice_id: The notice, unique in its calendar, such as `2027-quoc-khanh`.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    number: Number and symbol of the notice (số, ký hiệu), or its name.
    issued_on: Date of issue (ngày ban hành).
    source: Where it is published.
    status: Draft (dự thảo) or in force (có hiệu lực).
    certainty: What its days become: announced, or derived from the law.
    years: New years it opens; it settles all of each.
    settles: The spans it speaks for: expectations there that it does not repeat are dropped.
    days: Its days.
    changed: Hint for recomputation: days that changed between working and not working; a limit that
        spans none of them stays.
    """

    TYPE: ClassVar[str] = "directory.calendar_notice_given"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.calendar"
    VISIBILITY: ClassVar[str] = "public"

    calendar_id: str
    notice_id: str
    site: str
    number: str
    issued_on: date
    source: str
    status: Literal["draft", "in_force"]
    certainty: Literal["confirmed", "derived"]
    settles: tuple[CalendarNoticeGivenV1Span, ...]
    days: tuple[CalendarNoticeGivenV1NoticeDay, ...]
    years: tuple[int, ...] = ()
    changed: tuple[CalendarNoticeGivenV1ChangedDay, ...] = ()


class CalendarNoticeTakenIntoForceV1ChangedDay(Value):
    """A day that works now and did not before, or the reverse.

    date: The day.
    works: Whether it is a working day from now on.
    """

    date: date
    works: bool


class CalendarNoticeTakenIntoForceV1(Fact):
    """Calendar notice taken into force (thông báo lịch nghỉ có hiệu lực).

    A draft becomes the official notice.

    calendar_id: The calendar, such as `vn`: the working week of state agencies and its exceptions.
    notice_id: The notice, unique in its calendar, such as `2027-quoc-khanh`.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    number: Its final number, where the draft had another.
    changed: Hint for recomputation: days that changed between working and not working; a limit that
        spans none of them stays.
    """

    TYPE: ClassVar[str] = "directory.calendar_notice_taken_into_force"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.calendar"
    VISIBILITY: ClassVar[str] = "public"

    calendar_id: str
    notice_id: str
    site: str
    number: str | None = None
    changed: tuple[CalendarNoticeTakenIntoForceV1ChangedDay, ...] = ()


class CalendarNoticeWithdrawnV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class CalendarNoticeWithdrawnV1ChangedDay(Value):
    """A day that works now and did not before, or the reverse.

    date: The day.
    works: Whether it is a working day from now on.
    """

    date: date
    works: bool


class CalendarNoticeWithdrawnV1(Fact):
    """Calendar notice withdrawn (thông báo lịch nghỉ bị thu hồi).

    A notice counts no more: what stood before it holds again.

    calendar_id: The calendar, such as `vn`: the working week of state agencies and its exceptions.
    notice_id: The notice, unique in its calendar, such as `2027-quoc-khanh`.
    site: Scope that owns the fact; what holds in the whole country belongs to `national`.
    reason: Why, in a sentence.
    document: The document that orders it (văn bản căn cứ).
    changed: Hint for recomputation: days that changed between working and not working; a limit that
        spans none of them stays.
    """

    TYPE: ClassVar[str] = "directory.calendar_notice_withdrawn"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.calendar"
    VISIBILITY: ClassVar[str] = "public"

    calendar_id: str
    notice_id: str
    site: str
    reason: str
    document: CalendarNoticeWithdrawnV1Document | None = None
    changed: tuple[CalendarNoticeWithdrawnV1ChangedDay, ...] = ()


class ClosureCancelledV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class ClosureCancelledV1ChangedDay(Value):
    """A day that works now and did not before, or the reverse.

    date: The day.
    works: Whether it is a working day from now on.
    """

    date: date
    works: bool


class ClosureCancelledV1(Fact):
    """Closure cancelled (hủy hoặc rút ngắn thời gian nghỉ).

    A local closure ends earlier: work goes on from `works_from`, which is its first day when it is
    cancelled whole.

    place: Where it holds: the id of a site, or of a province site for everything under it, such as
        `khanhhoa`.
    closure_id: The closure, unique at its place, such as `bao-so-13`.
    site: Scope that owns the fact (cổng / trang thông tin điện tử): every query is asked within one
        site.
    works_from: First day on which work goes on after all.
    reason: Why, in a sentence.
    document: The document that orders it (văn bản căn cứ).
    changed: Hint for recomputation: days that changed between working and not working; a limit that
        spans none of them stays.
    """

    TYPE: ClassVar[str] = "directory.closure_cancelled"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.calendar"
    VISIBILITY: ClassVar[str] = "public"

    place: str
    closure_id: str
    site: str
    works_from: date
    reason: str
    document: ClosureCancelledV1Document | None = None
    changed: tuple[ClosureCancelledV1ChangedDay, ...] = ()


class ClosureDeclaredV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class ClosureDeclaredV1ChangedDay(Value):
    """A day that works now and did not before, or the reverse.

    date: The day.
    works: Whether it is a working day from now on.
    """

    date: date
    works: bool


class ClosureDeclaredV1(Fact):
    """Closure declared (cho nghỉ làm việc tại địa phương).

    Local days off [start, end) of a site and the sites under it: storm, flood, epidemic.

    place: Where it holds: the id of a site, or of a province site for everything under it, such as
        `khanhhoa`.
    closure_id: The closure, unique at its place, such as `bao-so-13`.
    site: Scope that owns the fact (cổng / trang thông tin điện tử): every query is asked within one
        site.
    calendar_id: The calendar, such as `vn`: the working week of state agencies and its exceptions.
    start: First day off.
    end: First day on which work goes on.
    reason: Why (lý do), in a sentence.
    source: Where it is published.
    document: The document that orders it (văn bản căn cứ).
    changed: Hint for recomputation: days that changed between working and not working; a limit that
        spans none of them stays.
    """

    TYPE: ClassVar[str] = "directory.closure_declared"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.calendar"
    VISIBILITY: ClassVar[str] = "public"

    place: str
    closure_id: str
    site: str
    calendar_id: str
    start: date
    end: date
    reason: str
    source: str
    document: ClosureDeclaredV1Document | None = None
    changed: tuple[ClosureDeclaredV1ChangedDay, ...] = ()


class DelegationGivenV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class DelegationGivenV1(Fact):
    """Delegation given (uỷ quyền).

    The giver lets the receiver do some acts on some sites for some time. It counts only while the
    giver has the power by a position, and never passes on what was itself delegated unless the rule
    says so. Validity is half-open [valid_from, valid_to).

    delegation_id: Stable id of the delegation (uỷ quyền), such as `hanam.uq-2026-01`; never reused.
    site: Site whose administrators look after it: the first of `sites`.
    giver: Person who delegates (người uỷ quyền).
    receiver: Person who may act (người được uỷ quyền).
    acts: Acts, as the regulation profiles name them, such as `approve_answer` (việc được uỷ quyền).
    sites: Sites on which they may be done (phạm vi).
    categories: Categories they may be done for; all that the giver may when absent (loại tin, lĩnh
        vực).
    follows: Delegation that this one continues after a succession (uỷ quyền trước khi sắp xếp).
    valid_from: First day on which it holds (có hiệu lực từ ngày).
    valid_to: First day on which it no longer holds (hết hiệu lực từ ngày).
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.delegation_given"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.delegation"
    VISIBILITY: ClassVar[str] = "public"

    delegation_id: str
    site: str
    giver: str
    receiver: str
    acts: tuple[str, ...]
    sites: tuple[str, ...]
    valid_from: date
    valid_to: date
    document: DelegationGivenV1Document
    categories: tuple[str, ...] | None = None
    follows: str | None = None
    reason: str | None = None


class DelegationRevokedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class DelegationRevokedV1(Fact):
    """Delegation revoked (thu hồi uỷ quyền).

    From this moment on the receiver may do no more by it; what was done before stands.

    delegation_id: Stable id of the delegation (uỷ quyền), such as `hanam.uq-2026-01`; never reused.
    site: Site whose administrators look after it.
    revoked_at: Moment from which it no longer counts (thời điểm thu hồi).
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.delegation_revoked"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.delegation"
    VISIBILITY: ClassVar[str] = "public"

    delegation_id: str
    site: str
    revoked_at: Moment
    document: DelegationRevokedV1Document | None = None
    reason: str | None = None


class HierarchyMovedV1(Fact):
    """Hierarchy moved (thay đổi quan hệ cấp trên).

    A link of a hierarchy has changed: kept in one stream for the whole hierarchy, so that two
    changes at once cannot close a circle.

    hierarchy: Which hierarchy.
    child: What belongs elsewhere now.
    parent: To whom it belongs.
    valid_from: First day of the new link.
    valid_to: First day on which it no longer holds; absent for a link that stays.
    """

    TYPE: ClassVar[str] = "directory.hierarchy_moved"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.agency"
    VISIBILITY: ClassVar[str] = "private"

    hierarchy: Literal["agencies"]
    child: str
    parent: str
    valid_from: date
    valid_to: date | None = None


class IdentityLinkedV1(Fact):
    """Identity linked (gắn tài khoản đăng nhập).

    Whoever signs in with this issuer and subject is this person. One sign-in belongs to one person
    at a time.

    person_id: Stable id of the person or system in the directory, such as `hanam.nguyen-thi-an`;
        never reused.
    site: Site whose administrators look after this person's entry.
    issuer: Issuer of the sign-in (OIDC `iss`): an address.
    subject: Subject at that issuer (OIDC `sub`): an opaque id, never a name or an address.
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.identity_linked"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.person"
    VISIBILITY: ClassVar[str] = "internal"

    person_id: str
    site: str
    issuer: str
    subject: str
    reason: str | None = None


class IdentityUnlinkedV1(Fact):
    """Identity unlinked (gỡ tài khoản đăng nhập).

    This sign-in is this person's no longer.

    person_id: Stable id of the person or system in the directory, such as `hanam.nguyen-thi-an`;
        never reused.
    site: Site whose administrators look after this person's entry.
    issuer: Issuer of the sign-in (OIDC `iss`): an address.
    subject: Subject at that issuer (OIDC `sub`): an opaque id, never a name or an address.
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.identity_unlinked"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.person"
    VISIBILITY: ClassVar[str] = "internal"

    person_id: str
    site: str
    issuer: str
    subject: str
    reason: str | None = None


class PersonChangedV1Changes(Value):
    """The attributes with a new value, under the names of `directory.person_registered`.

    full_name: Name as used on duty (họ tên công vụ), NFC.
    email: Office e-mail address (thư điện tử công vụ).
    phone: Office telephone number (điện thoại cơ quan).
    agency: Agency where the person serves (cơ quan công tác).
    unit: Unit inside the agency (phòng, ban).
    """

    full_name: str | None = None
    email: str | None = None
    phone: str | None = None
    agency: str | None = None
    unit: str | None = None


class PersonChangedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class PersonChangedV1(Fact):
    """Person changed (thay đổi thông tin người).

    Duty data of a person take new values from a day on. What is not named stays as it was. Validity
    is half-open [valid_from, valid_to).

    person_id: Stable id of the person or system in the directory, such as `hanam.nguyen-thi-an`;
        never reused.
    site: Site whose administrators look after this person's entry.
    valid_from: First day on which the new values hold (có hiệu lực từ ngày).
    valid_to: First day on which they no longer hold and the former values return; absent for a
        change that stays.
    changes: The attributes with a new value, under the names of `directory.person_registered`.
    cleared: Optional attributes that have no value any more.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.person_changed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.person"
    VISIBILITY: ClassVar[str] = "internal"

    person_id: str
    site: str
    valid_from: date
    changes: PersonChangedV1Changes
    valid_to: date | None = None
    cleared: tuple[Literal["email", "phone", "agency", "unit"], ...] = ()
    document: PersonChangedV1Document | None = None
    reason: str | None = None


class PersonRegisteredV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class PersonRegisteredV1(Fact):
    """Person registered (đưa người vào danh bạ).

    A person on duty, or a system that acts like one, is known from `valid_from` on. Duty data only:
    name, office contacts, unit.

    person_id: Stable id of the person or system in the directory, such as `hanam.nguyen-thi-an`;
        never reused.
    site: Site whose administrators look after this person's entry.
    kind: A person (người) or another system (hệ thống).
    full_name: Name as used on duty (họ tên công vụ), NFC.
    email: Office e-mail address (thư điện tử công vụ).
    phone: Office telephone number (điện thoại cơ quan).
    agency: Agency where the person serves (cơ quan công tác).
    unit: Unit inside the agency (phòng, ban).
    valid_from: First day on which it holds (có hiệu lực từ ngày).
    valid_to: First day on which it no longer holds (hết hiệu lực từ ngày); absent while its end is
        not known.
    document: The document that orders it (văn bản căn cứ).
    """

    TYPE: ClassVar[str] = "directory.person_registered"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.person"
    VISIBILITY: ClassVar[str] = "internal"

    person_id: str
    site: str
    kind: Literal["person", "system"]
    full_name: str
    valid_from: date
    email: str | None = None
    phone: str | None = None
    agency: str | None = None
    unit: str | None = None
    valid_to: date | None = None
    document: PersonRegisteredV1Document | None = None


class PositionChangedV1Changes(Value):
    """The attributes with a new value, under the names of `directory.position_given`.

    sections: Fields or sections assigned (lĩnh vực, chuyên mục được phân công); none in particular
        when empty.
    board: Board it is a seat on (Ban Biên tập), if any.
    agency: Agency the position belongs to (cơ quan), if any.
    """

    sections: tuple[str, ...] | None = None
    board: str | None = None
    agency: str | None = None


class PositionChangedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class PositionChangedV1(Fact):
    """Position changed (điều chỉnh phân công).

    From a day on the position has other sections, another agency or another board; its role, site
    and end stay.

    person_id: Stable id of the person or system in the directory, such as `hanam.nguyen-thi-an`;
        never reused.
    site: Site where the position gives power (nơi có thẩm quyền).
    position_id: Stable id of the position (vị trí, chức vụ), such as `hanam.truong-ban`; never
        reused.
    valid_from: First day on which the new values hold (có hiệu lực từ ngày).
    changes: The attributes with a new value, under the names of `directory.position_given`.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.position_changed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.person"
    VISIBILITY: ClassVar[str] = "public"

    person_id: str
    site: str
    position_id: str
    valid_from: date
    changes: PositionChangedV1Changes
    document: PositionChangedV1Document
    reason: str | None = None


class PositionEndedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class PositionEndedV1(Fact):
    """Position ended (thôi giữ chức vụ, miễn nhiệm).

    The person holds the position no more from `ends_on` on; delegations given from it count no more
    either.

    person_id: Stable id of the person or system in the directory, such as `hanam.nguyen-thi-an`;
        never reused.
    site: Site where the position gives power (nơi có thẩm quyền).
    position_id: Stable id of the position (vị trí, chức vụ), such as `hanam.truong-ban`; never
        reused.
    ends_on: First day on which it is no longer held (thôi giữ từ ngày): the `to` of its half-open
        validity.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.position_ended"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.person"
    VISIBILITY: ClassVar[str] = "public"

    person_id: str
    site: str
    position_id: str
    ends_on: date
    document: PositionEndedV1Document
    reason: str | None = None


class PositionGivenV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class PositionGivenV1(Fact):
    """Position given (bổ nhiệm, phân công).

    A person holds a role at a site from `valid_from` on. Validity is half-open [valid_from,
    valid_to), in days of Asia/Ho_Chi_Minh.

    person_id: Stable id of the person or system in the directory, such as `hanam.nguyen-thi-an`;
        never reused.
    site: Site where the position gives power (nơi có thẩm quyền).
    position_id: Stable id of the position (vị trí, chức vụ), such as `hanam.truong-ban`; never
        reused.
    role: Role as the regulation profiles name it, such as `board_head` (vai trò, chức danh).
    board: Board it is a seat on (Ban Biên tập), if any.
    agency: Agency the position belongs to (cơ quan), if any.
    sections: Fields or sections assigned (lĩnh vực, chuyên mục được phân công); none in particular
        when empty.
    follows: Position that this one continues after a succession (vị trí trước khi sắp xếp).
    valid_from: First day on which it holds (có hiệu lực từ ngày).
    valid_to: First day on which it no longer holds (hết hiệu lực từ ngày); absent while its end is
        not known.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.position_given"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.person"
    VISIBILITY: ClassVar[str] = "public"

    person_id: str
    site: str
    position_id: str
    role: str
    valid_from: date
    document: PositionGivenV1Document
    board: str | None = None
    agency: str | None = None
    sections: tuple[str, ...] = ()
    follows: str | None = None
    valid_to: date | None = None
    reason: str | None = None


class SiteChangedV1Changes(Value):
    """The attributes with a new value, under the names of `directory.site_opened`.

    agency: Agency that owns it (cơ quan chủ quản).
    profile: Regulation profile and its version, such as `hanam@1`: the rules the site works under.
    name_vi: Name in Vietnamese (tên), NFC.
    name_en: Name in English.
    domain: Domain name (tên miền), lower case; its form follows the rule of the profile (Hà Nam
        Điều 4, Bình Dương Điều 4).
    parent: Site it belongs to (cổng cấp trên): a province for its departments, a department for its
        units.
    languages: Languages it is published in (ngôn ngữ), the first is the main one.
    """

    agency: str | None = None
    profile: str | None = None
    name_vi: str | None = None
    name_en: str | None = None
    domain: str | None = None
    parent: str | None = None
    languages: tuple[Literal["vi", "en", "zh"], ...] | None = None


class SiteChangedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class SiteChangedV1(Fact):
    """Site changed (thay đổi thông tin cổng / trang).

    Attributes of a site take new values from a day on. What is not named stays as it was. Validity
    is half-open [valid_from, valid_to).

    site: Stable id of the site (cổng / trang thông tin điện tử), such as `hanam` or `hanam-snv`;
        never reused; the scope of what happens on it.
    valid_from: First day on which the new values hold (có hiệu lực từ ngày).
    valid_to: First day on which they no longer hold and the former values return; absent for a
        change that stays.
    changes: The attributes with a new value, under the names of `directory.site_opened`.
    cleared: Optional attributes that have no value any more.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.site_changed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.site"
    VISIBILITY: ClassVar[str] = "public"

    site: str
    valid_from: date
    changes: SiteChangedV1Changes
    document: SiteChangedV1Document
    valid_to: date | None = None
    cleared: tuple[Literal["name_en", "domain", "parent"], ...] = ()
    reason: str | None = None


class SiteClosedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class SiteClosedV1(Fact):
    """Site closed (đóng cổng / trang thông tin điện tử).

    A site is closed from `closes_on` on. What is open on it passes to `successor`, if there is one:
    its positions and delegations follow there, but for the roles named in `ending_roles`; old
    documents keep the old name.

    site: Stable id of the site (cổng / trang thông tin điện tử), such as `hanam` or `hanam-snv`;
        never reused; the scope of what happens on it.
    closes_on: First day on which it no longer exists (đóng từ ngày): the `to` of its half-open
        validity.
    successor: Site that takes over (cổng / trang kế thừa).
    ending_roles: Roles whose positions end with the site and do not follow to the successor, such
        as the chair of a merged province.
    document: The document that orders it (văn bản căn cứ).
    reason: Why (lý do), in the words of the person who recorded it; no personal data.
    """

    TYPE: ClassVar[str] = "directory.site_closed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.site"
    VISIBILITY: ClassVar[str] = "public"

    site: str
    closes_on: date
    document: SiteClosedV1Document
    successor: str | None = None
    ending_roles: tuple[str, ...] = ()
    reason: str | None = None


class SiteInheritedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class SiteInheritedV1(Fact):
    """Site inherited (cổng / trang kế thừa).

    Said of the successor when another site is closed: from `inherits_on` on this site stands for
    `predecessor`.

    site: Stable id of the site (cổng / trang thông tin điện tử), such as `hanam` or `hanam-snv`;
        never reused; the scope of what happens on it.
    predecessor: Site that is closed (cổng / trang được kế thừa).
    inherits_on: First day on which it stands for the other (kế thừa từ ngày).
    document: The document that orders it (văn bản căn cứ).
    """

    TYPE: ClassVar[str] = "directory.site_inherited"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.site"
    VISIBILITY: ClassVar[str] = "public"

    site: str
    predecessor: str
    inherits_on: date
    document: SiteInheritedV1Document


class SiteOpenedV1Document(Value):
    """The document that orders it (văn bản căn cứ).

    number: Number and symbol (số, ký hiệu), such as `202/2025/QH15`.
    issued_on: Date of issue (ngày ban hành).
    issuer: Issuing body (cơ quan ban hành).
    title: Summary of its content (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None


class SiteOpenedV1(Fact):
    """Site opened (mở cổng / trang thông tin điện tử).

    A site exists from `valid_from` on, under a regulation profile. Validity is half-open
    [valid_from, valid_to).

    site: Stable id of the site (cổng / trang thông tin điện tử), such as `hanam` or `hanam-snv`;
        never reused; the scope of what happens on it.
    agency: Agency that owns it (cơ quan chủ quản).
    kind: What sort of site: cổng của tỉnh, trang của sở / ban / ngành, của huyện, của xã, của đơn
        vị trực thuộc, cổng dịch vụ hành chính công, của tổ chức khác (in the order of the values).
    profile: Regulation profile and its version, such as `hanam@1`: the rules the site works under.
    name_vi: Name in Vietnamese (tên), NFC.
    name_en: Name in English.
    domain: Domain name (tên miền), lower case; its form follows the rule of the profile (Hà Nam
        Điều 4, Bình Dương Điều 4).
    parent: Site it belongs to (cổng cấp trên): a province for its departments, a department for its
        units.
    languages: Languages it is published in (ngôn ngữ), the first is the main one.
    valid_from: First day on which it holds (có hiệu lực từ ngày).
    valid_to: First day on which it no longer holds (hết hiệu lực từ ngày); absent while its end is
        not known.
    document: The document that orders it (văn bản căn cứ).
    """

    TYPE: ClassVar[str] = "directory.site_opened"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "directory.site"
    VISIBILITY: ClassVar[str] = "public"

    site: str
    agency: str
    kind: Literal[
        "province",
        "department",
        "district",
        "commune",
        "unit",
        "public_service_portal",
        "other_organisation",
    ]
    profile: str
    name_vi: str
    languages: tuple[Literal["vi", "en", "zh"], ...]
    valid_from: date
    document: SiteOpenedV1Document
    name_en: str | None = None
    domain: str | None = None
    parent: str | None = None
    valid_to: date | None = None
