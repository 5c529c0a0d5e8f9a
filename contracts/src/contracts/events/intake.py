"""Facts of `intake.*`. Made by `make contracts` from contracts/events; do not edit."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from contracts.fact import Fact, Moment, Value


class PublicationWarnedV1(Fact):
    """Publication warned (nhắc thời hạn đăng).

    The publication clock of a submission that is neither published nor closed came near its end, or
    passed it.

    submission_id: Id of the submission, a UUIDv7, kept through every resubmission; the article that
        the editorial service opens from it names it.
    site: Site (cổng / trang thông tin điện tử) it is handed in to: every query is asked within one
        site.
    category: Category (chuyên mục, loại nội dung), the name of a schema under contracts/categories.
    receipt: Receipt number as printed.
    stage: First and second reminder, or overdue (quá hạn).
    last_day: Last day in time.
    due_at: First moment that is late.
    rule: Id of the rule that sets the limit.
    person: Who handed it in.
    """

    TYPE: ClassVar[str] = "intake.publication_warned"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "intake.submission"
    VISIBILITY: ClassVar[str] = "internal"

    submission_id: str
    site: str
    stage: Literal["first", "second", "overdue"]
    last_day: date
    due_at: Moment
    rule: str
    category: str | None = None
    receipt: str | None = None
    person: str | None = None


class SubmissionReceivedV1Receipt(Value):
    """Receipt (số tiếp nhận): dense per site and year of receipt; gaps are explained by the
    counter.

    number: Running number, from 1.
    year: Year in Vietnam in which it was received.
    text: As it is printed and quoted, such as `hanam-2026-000123`.
    """

    number: int
    year: int
    text: str


class SubmissionReceivedV1Body(Value):
    """The body (nội dung) after cleaning. `digest` is the SHA-256 of its UTF-8 bytes; up to 65,536
    bytes stand here, a longer one lies among the blobs under this digest.

    digest: Hex SHA-256 of the UTF-8 bytes.
    size: Bytes in UTF-8.
    media_type: HTML that was cleaned to a fixed list of elements, without scripts, styles and event
        handlers.
    html: The cleaned HTML; absent when it lies among the blobs.
    """

    digest: str
    size: int
    media_type: Literal["text/html"]
    html: str | None = None


class SubmissionReceivedV1Sender(Value):
    """Who hands it in.

    person: Person or system of the directory, or the subject of the sign-in where the directory
        does not know it.
    position: Position by which they act.
    agency: Agency they act for.
    unit: Unit they act for (đơn vị).
    role: As what they send: staff, contributor, outside_person …
    """

    person: str
    position: str | None = None
    agency: str | None = None
    unit: str | None = None
    role: str | None = None


class SubmissionReceivedV1Source(Value):
    """Source (nguồn) as the sender states it.

    type: Own work of the agency, quoted, or by agreement with the owner.
    name_: Name of the source (tên nguồn).
    url: Address of what is quoted.
    """

    name_: str = Field(alias="name")
    type: Literal["own", "quoted", "agreement"] | None = None
    url: str | None = None


class SubmissionReceivedV1Field(Value):
    """One field that the category asks for.

    name_: Name of the field in the category's schema.
    value: Its value as JSON text: a string, number, boolean, list, or object.
    """

    name_: str = Field(alias="name")
    value: str


class SubmissionReceivedV1Attachment(Value):
    """One file, stored among the blobs under its digest.

    name_: File name as sent, without a path, in NFC.
    digest: Hex SHA-256 of the bytes.
    size: Bytes.
    media_type: Media type by content, not by name.
    kind: What readers see in it: văn bản, hình ảnh, âm thanh, phim.
    alternative_text: What a picture shows, for those who do not see it (văn bản thay thế); always
        there for pictures.
    caption: Caption (chú thích).
    """

    name_: str = Field(alias="name")
    digest: str
    size: int
    media_type: str
    kind: Literal["document", "image", "audio", "video"]
    alternative_text: str | None = None
    caption: str | None = None


class SubmissionReceivedV1Event(Value):
    """What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).

    type: Kind of event: issued, approved, accepted, law_issued, decided_to_publish, changed,
        occurred, original_changed, closed, created, opened …
    date: Day of the event.
    """

    type: str
    date: date


class SubmissionReceivedV1Finding(Value):
    """One thing that a rule found.

    code: What is wrong: `missing_field:number`, `overdue`, `prohibited:hanam_p1c` …
    severity: An error blocks publication; a warning wants attention.
    rule: Id of the rule in its profile.
    article: Its place, in Vietnamese: `khoản 6 Điều 11 Quy chế (…)`.
    article_en: The same in English; absent in what was handed in before it was kept.
    quotation: The words of the regulation; empty for a standard that has none to quote here.
    sentence: What is wrong, in Vietnamese.
    sentence_en: What is wrong, in English.
    way: The nearest thing that would mend it, in Vietnamese.
    way_en: The nearest thing that would mend it, in English.
    field: The field at fault, where it is one.
    needs_human: Only suspected: a person confirms or dismisses it and names the ground.
    """

    code: str
    severity: Literal["error", "warning"]
    rule: str
    article: str
    quotation: str
    sentence: str
    sentence_en: str
    article_en: str | None = None
    way: str | None = None
    way_en: str | None = None
    field: str | None = None
    needs_human: bool | None = None


class SubmissionReceivedV1Route(Value):
    """Who owes this to the site (cơ quan cung cấp, BD Đ12).

    agency: Id of the supplying agency.
    to: The body that receives it.
    rule: Id of the rule that names it.
    article: Its place, in Vietnamese.
    article_en: The same in English; absent in what was handed in before it was kept.
    """

    agency: str
    rule: str
    article: str
    to: str | None = None
    article_en: str | None = None


class SubmissionReceivedV1Due(Value):
    """The publication clock (thời hạn đăng), computed when it was handed in.

    last_day: Last day on which publishing is in time; absent where the regulation gives no number.
    at: First moment that is late.
    near: When reminders fall due, at most two.
    legal: Whether the law sets it; otherwise it is a choice of the house.
    rule: Id of the rule.
    article: Its place, in Vietnamese.
    article_en: The same in English; absent in what was handed in before it was kept.
    quotation: The words of the regulation.
    sentence: How it was counted, in Vietnamese, a sentence a line: the answer, then step by step
        why.
    sentence_en: How it was counted, in English.
    """

    rule: str
    article: str
    quotation: str
    sentence: str
    sentence_en: str
    last_day: date | None = None
    at: Moment | None = None
    near: tuple[Moment, ...] = ()
    legal: bool | None = None
    article_en: str | None = None


class SubmissionReceivedV1(Fact):
    """Submission received (đã tiếp nhận tin, bài, văn bản).

    Something was handed in to a site for publication, checked against its regulation and registered
    with a receipt number. Contact data of the sender stays in intake's vault.

    submission_id: Id of the submission, a UUIDv7, kept through every resubmission; the article that
        the editorial service opens from it names it.
    site: Site (cổng / trang thông tin điện tử) it is handed in to: every query is asked within one
        site.
    revision: 1 when it is first handed in, one more with each resubmission.
    receipt: Receipt (số tiếp nhận): dense per site and year of receipt; gaps are explained by the
        counter.
    category: Category (chuyên mục, loại nội dung), the name of a schema under contracts/categories.
    section: Section of the site it is meant for (chuyên mục, lĩnh vực), where the sender names one.
    language: Language of title and body, as in BCP 47.
    title: Title (tên tin, bài; trích yếu), NFC.
    summary: Summary (tóm tắt).
    body: The body (nội dung) after cleaning. `digest` is the SHA-256 of its UTF-8 bytes; up to
        65,536 bytes stand here, a longer one lies among the blobs under this digest.
    author: Byline (tác giả), duty data.
    source: Source (nguồn) as the sender states it.
    fields: The fields that the category asks for, in its order.
    attachments: Files (tệp đính kèm), in their order.
    links: Addresses named in the content, as sent.
    flags: What the sender declares: source_requires_agreement, from_outside_centre, secrecy_checked
        …
    agency_role: Whether the sender issued the document or it only falls in their scope (BD Đ13 k3).
    event: What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).
    submitted_by: Who hands it in.
    channel: How it came: biểu mẫu, API, E-Office, thư, thiết bị lưu trữ, bản giấy, RSS, nhập hàng
        loạt.
    received_at: When it counts as handed in.
    profile: Key of the regulation profile it was checked under and is handled by.
    findings: What the rules found, errors first.
    route: Who owes this to the site (cơ quan cung cấp, BD Đ12).
    due: The publication clock (thời hạn đăng), computed when it was handed in.
    contact: Id under which the sender's private contact lies in intake's vault; nothing of it
        stands here.
    content_digest: Hex SHA-256 over title, summary, body, author, source, fields, attachments,
        language and category: equal for equal content.
    """

    TYPE: ClassVar[str] = "intake.submission_received"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "intake.submission"
    VISIBILITY: ClassVar[str] = "internal"

    submission_id: str
    site: str
    revision: int
    receipt: SubmissionReceivedV1Receipt
    category: str
    language: str
    title: str
    body: SubmissionReceivedV1Body
    submitted_by: SubmissionReceivedV1Sender
    channel: Literal[
        "portal",
        "api",
        "e_office",
        "email",
        "storage_device",
        "paper",
        "feed",
        "import",
    ]
    received_at: Moment
    profile: str
    content_digest: str
    section: str | None = None
    summary: str | None = None
    author: str | None = None
    source: SubmissionReceivedV1Source | None = None
    fields: tuple[SubmissionReceivedV1Field, ...] = ()
    attachments: tuple[SubmissionReceivedV1Attachment, ...] = ()
    links: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    agency_role: Literal["issuer", "in_scope"] | None = None
    event: SubmissionReceivedV1Event | None = None
    findings: tuple[SubmissionReceivedV1Finding, ...] = ()
    route: SubmissionReceivedV1Route | None = None
    due: SubmissionReceivedV1Due | None = None
    contact: str | None = None


class SubmissionResubmittedV1Receipt(Value):
    """Receipt (số tiếp nhận): dense per site and year of receipt; gaps are explained by the
    counter.

    number: Running number, from 1.
    year: Year in Vietnam in which it was received.
    text: As it is printed and quoted, such as `hanam-2026-000123`.
    """

    number: int
    year: int
    text: str


class SubmissionResubmittedV1Body(Value):
    """The body (nội dung) after cleaning. `digest` is the SHA-256 of its UTF-8 bytes; up to 65,536
    bytes stand here, a longer one lies among the blobs under this digest.

    digest: Hex SHA-256 of the UTF-8 bytes.
    size: Bytes in UTF-8.
    media_type: HTML that was cleaned to a fixed list of elements, without scripts, styles and event
        handlers.
    html: The cleaned HTML; absent when it lies among the blobs.
    """

    digest: str
    size: int
    media_type: Literal["text/html"]
    html: str | None = None


class SubmissionResubmittedV1Sender(Value):
    """Who hands it in.

    person: Person or system of the directory, or the subject of the sign-in where the directory
        does not know it.
    position: Position by which they act.
    agency: Agency they act for.
    unit: Unit they act for (đơn vị).
    role: As what they send: staff, contributor, outside_person …
    """

    person: str
    position: str | None = None
    agency: str | None = None
    unit: str | None = None
    role: str | None = None


class SubmissionResubmittedV1Source(Value):
    """Source (nguồn) as the sender states it.

    type: Own work of the agency, quoted, or by agreement with the owner.
    name_: Name of the source (tên nguồn).
    url: Address of what is quoted.
    """

    name_: str = Field(alias="name")
    type: Literal["own", "quoted", "agreement"] | None = None
    url: str | None = None


class SubmissionResubmittedV1Field(Value):
    """One field that the category asks for.

    name_: Name of the field in the category's schema.
    value: Its value as JSON text: a string, number, boolean, list, or object.
    """

    name_: str = Field(alias="name")
    value: str


class SubmissionResubmittedV1Attachment(Value):
    """One file, stored among the blobs under its digest.

    name_: File name as sent, without a path, in NFC.
    digest: Hex SHA-256 of the bytes.
    size: Bytes.
    media_type: Media type by content, not by name.
    kind: What readers see in it: văn bản, hình ảnh, âm thanh, phim.
    alternative_text: What a picture shows, for those who do not see it (văn bản thay thế); always
        there for pictures.
    caption: Caption (chú thích).
    """

    name_: str = Field(alias="name")
    digest: str
    size: int
    media_type: str
    kind: Literal["document", "image", "audio", "video"]
    alternative_text: str | None = None
    caption: str | None = None


class SubmissionResubmittedV1Event(Value):
    """What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).

    type: Kind of event: issued, approved, accepted, law_issued, decided_to_publish, changed,
        occurred, original_changed, closed, created, opened …
    date: Day of the event.
    """

    type: str
    date: date


class SubmissionResubmittedV1Finding(Value):
    """One thing that a rule found.

    code: What is wrong: `missing_field:number`, `overdue`, `prohibited:hanam_p1c` …
    severity: An error blocks publication; a warning wants attention.
    rule: Id of the rule in its profile.
    article: Its place, in Vietnamese: `khoản 6 Điều 11 Quy chế (…)`.
    article_en: The same in English; absent in what was handed in before it was kept.
    quotation: The words of the regulation; empty for a standard that has none to quote here.
    sentence: What is wrong, in Vietnamese.
    sentence_en: What is wrong, in English.
    way: The nearest thing that would mend it, in Vietnamese.
    way_en: The nearest thing that would mend it, in English.
    field: The field at fault, where it is one.
    needs_human: Only suspected: a person confirms or dismisses it and names the ground.
    """

    code: str
    severity: Literal["error", "warning"]
    rule: str
    article: str
    quotation: str
    sentence: str
    sentence_en: str
    article_en: str | None = None
    way: str | None = None
    way_en: str | None = None
    field: str | None = None
    needs_human: bool | None = None


class SubmissionResubmittedV1Route(Value):
    """Who owes this to the site (cơ quan cung cấp, BD Đ12).

    agency: Id of the supplying agency.
    to: The body that receives it.
    rule: Id of the rule that names it.
    article: Its place, in Vietnamese.
    article_en: The same in English; absent in what was handed in before it was kept.
    """

    agency: str
    rule: str
    article: str
    to: str | None = None
    article_en: str | None = None


class SubmissionResubmittedV1Due(Value):
    """The publication clock (thời hạn đăng), computed when it was handed in.

    last_day: Last day on which publishing is in time; absent where the regulation gives no number.
    at: First moment that is late.
    near: When reminders fall due, at most two.
    legal: Whether the law sets it; otherwise it is a choice of the house.
    rule: Id of the rule.
    article: Its place, in Vietnamese.
    article_en: The same in English; absent in what was handed in before it was kept.
    quotation: The words of the regulation.
    sentence: How it was counted, in Vietnamese, a sentence a line: the answer, then step by step
        why.
    sentence_en: How it was counted, in English.
    """

    rule: str
    article: str
    quotation: str
    sentence: str
    sentence_en: str
    last_day: date | None = None
    at: Moment | None = None
    near: tuple[Moment, ...] = ()
    legal: bool | None = None
    article_en: str | None = None


class SubmissionResubmittedV1(Fact):
    """Submission resubmitted (gửi lại sau khi bị trả).

    A returned submission was corrected and handed in again, whole: its content, findings and clock
    replace those before. Its receipt number stays.

    submission_id: Id of the submission, a UUIDv7, kept through every resubmission; the article that
        the editorial service opens from it names it.
    site: Site (cổng / trang thông tin điện tử) it is handed in to: every query is asked within one
        site.
    revision: 1 when it is first handed in, one more with each resubmission.
    receipt: Receipt (số tiếp nhận): dense per site and year of receipt; gaps are explained by the
        counter.
    category: Category (chuyên mục, loại nội dung), the name of a schema under contracts/categories.
    section: Section of the site it is meant for (chuyên mục, lĩnh vực), where the sender names one.
    language: Language of title and body, as in BCP 47.
    title: Title (tên tin, bài; trích yếu), NFC.
    summary: Summary (tóm tắt).
    body: The body (nội dung) after cleaning. `digest` is the SHA-256 of its UTF-8 bytes; up to
        65,536 bytes stand here, a longer one lies among the blobs under this digest.
    author: Byline (tác giả), duty data.
    source: Source (nguồn) as the sender states it.
    fields: The fields that the category asks for, in its order.
    attachments: Files (tệp đính kèm), in their order.
    links: Addresses named in the content, as sent.
    flags: What the sender declares: source_requires_agreement, from_outside_centre, secrecy_checked
        …
    agency_role: Whether the sender issued the document or it only falls in their scope (BD Đ13 k3).
    event: What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).
    submitted_by: Who hands it in.
    channel: How it came: biểu mẫu, API, E-Office, thư, thiết bị lưu trữ, bản giấy, RSS, nhập hàng
        loạt.
    received_at: When it counts as handed in.
    profile: Key of the regulation profile it was checked under and is handled by.
    findings: What the rules found, errors first.
    route: Who owes this to the site (cơ quan cung cấp, BD Đ12).
    due: The publication clock (thời hạn đăng), computed when it was handed in.
    contact: Id under which the sender's private contact lies in intake's vault; nothing of it
        stands here.
    content_digest: Hex SHA-256 over title, summary, body, author, source, fields, attachments,
        language and category: equal for equal content.
    answers: Id of the editorial fact by which it was returned.
    note: What the sender changed, in their words (giải trình).
    """

    TYPE: ClassVar[str] = "intake.submission_resubmitted"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "intake.submission"
    VISIBILITY: ClassVar[str] = "internal"

    submission_id: str
    site: str
    revision: int
    receipt: SubmissionResubmittedV1Receipt
    category: str
    language: str
    title: str
    body: SubmissionResubmittedV1Body
    submitted_by: SubmissionResubmittedV1Sender
    channel: Literal[
        "portal",
        "api",
        "e_office",
        "email",
        "storage_device",
        "paper",
        "feed",
        "import",
    ]
    received_at: Moment
    profile: str
    content_digest: str
    section: str | None = None
    summary: str | None = None
    author: str | None = None
    source: SubmissionResubmittedV1Source | None = None
    fields: tuple[SubmissionResubmittedV1Field, ...] = ()
    attachments: tuple[SubmissionResubmittedV1Attachment, ...] = ()
    links: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    agency_role: Literal["issuer", "in_scope"] | None = None
    event: SubmissionResubmittedV1Event | None = None
    findings: tuple[SubmissionResubmittedV1Finding, ...] = ()
    route: SubmissionResubmittedV1Route | None = None
    due: SubmissionResubmittedV1Due | None = None
    contact: str | None = None
    answers: str | None = None
    note: str | None = None


class SubmissionWithdrawnV1(Fact):
    """Submission withdrawn (người gửi rút lại).

    Its sender took it back before it was published.

    submission_id: Id of the submission, a UUIDv7, kept through every resubmission; the article that
        the editorial service opens from it names it.
    site: Site (cổng / trang thông tin điện tử) it is handed in to: every query is asked within one
        site.
    withdrawn_by: Person or system of the directory, or the subject of the sign-in where the
        directory does not know it.
    reason: Why (lý do), in the sender's words; no personal data.
    """

    TYPE: ClassVar[str] = "intake.submission_withdrawn"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "intake.submission"
    VISIBILITY: ClassVar[str] = "internal"

    submission_id: str
    site: str
    withdrawn_by: str
    reason: str | None = None
