"""Facts of `directory.*`. Made by `make contracts` from contracts/events; do not edit."""

from datetime import date
from typing import ClassVar, Literal

from contracts.fact import Fact, Value


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
