"""Facts of `editorial.*`. Made by `make contracts` from contracts/events; do not edit."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from contracts.fact import Fact, Moment, Value


class ArticleAssignedV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class ArticleAssignedV1Due(Value):
    """The publication clock (thời hạn đăng), computed when it was handed in.

    last_day: Last day on which publishing is in time; absent where the regulation gives no number.
    at: First moment that is late.
    near: When reminders fall due, at most two.
    legal: Whether the law sets it; otherwise it is a choice of the house.
    rule: Id of the rule.
    article: Its place, in Vietnamese.
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


class ArticleAssignedV1(Fact):
    """Article assigned (phân công, chuyển xử lý).

    A person was given a step to take; where the regulation sets a time for it, the clock starts
    here.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    step: Step of the process (bước), such as `approve`.
    to: Person of the directory who is to take the step.
    by: Person of the directory who acted.
    note: What is asked of them.
    due: The publication clock (thời hạn đăng), computed when it was handed in.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    assigned_at: When.
    """

    TYPE: ClassVar[str] = "editorial.article_assigned"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    step: str
    to: str
    by: str
    proof: ArticleAssignedV1Proof
    assigned_at: Moment
    note: str | None = None
    due: ArticleAssignedV1Due | None = None


class ArticleClassifiedV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class ArticleClassifiedV1(Fact):
    """Article classified (xác định nội dung quan trọng, nhạy cảm).

    Its circumstances, and with them the process it goes through, changed: what was done stands as
    far as the other process has it in the same order.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    circumstance: What it is now, as name=value.
    process: Process of that profile that it goes through (quy trình), such as `hanam.minimum`.
    undoes: Steps whose result no longer stands and which must be passed again.
    by: Person of the directory who acted.
    reason: Why (lý do).
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    classified_at: When.
    opens: Steps that may be taken next.
    """

    TYPE: ClassVar[str] = "editorial.article_classified"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    circumstance: str
    process: str
    by: str
    reason: str
    proof: ArticleClassifiedV1Proof
    classified_at: Moment
    undoes: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


class ArticleCorrectedV1Body(Value):
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


class ArticleCorrectedV1Event(Value):
    """What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).

    type: Kind of event: issued, approved, accepted, law_issued, decided_to_publish, changed,
        occurred, original_changed, closed, created, opened …
    date: Day of the event.
    """

    type: str
    date: date


class ArticleCorrectedV1Legal(Value):
    """What the law asks to be shown and kept with what is published.

    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    rule: Rule of the process under which it was published.
    article: Its place, in Vietnamese.
    approved_by: Person whose approval it was published on.
    approved_at: When they approved.
    responsible_site: Site whose head answers for the content.
    receipt: Receipt number of the submission.
    event: What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).
    due: Last day on which publishing was in time, where the law gives a number.
    late: Whether it was published after that day.
    """

    profile: str
    rule: str
    article: str
    approved_by: str
    approved_at: Moment
    responsible_site: str
    receipt: str | None = None
    event: ArticleCorrectedV1Event | None = None
    due: date | None = None
    late: bool | None = None


class ArticleCorrectedV1Source(Value):
    """Source (nguồn) as the sender states it.

    type: Own work of the agency, quoted, or by agreement with the owner.
    name_: Name of the source (tên nguồn).
    url: Address of what is quoted.
    """

    name_: str = Field(alias="name")
    type: Literal["own", "quoted", "agreement"] | None = None
    url: str | None = None


class ArticleCorrectedV1Field(Value):
    """One field that the category asks for.

    name_: Name of the field in the category's schema.
    value: Its value as JSON text: a string, number, boolean, list, or object.
    """

    name_: str = Field(alias="name")
    value: str


class ArticleCorrectedV1Attachment(Value):
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


class ArticleCorrectedV1Parts(Value):
    """Hex SHA-256 of each part of a revision, so that a difference can be named.

    title: Of the title (tiêu đề).
    body: Of the body (nội dung).
    attachments: Of names, digests, texts and order of the files (tệp đính kèm).
    metadata: Of language, category, summary, author, source and the category's fields (siêu dữ
        liệu).
    """

    title: str
    body: str
    attachments: str
    metadata: str


class ArticleCorrectedV1(Fact):
    """Article corrected (đính chính).

    What the public reads was corrected; this is the whole new content, with a public note. The
    former text stays in the history.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    level: Minor: wording without change of meaning; major: anything else.
    note: What was corrected, for the public (nội dung đính chính).
    category: Category (chuyên mục, loại nội dung), the name of a schema under contracts/categories.
    language: Language of title and body, as in BCP 47.
    title: Title (tên tin, bài; trích yếu), NFC.
    summary: Summary (tóm tắt).
    body: The body (nội dung) after cleaning. `digest` is the SHA-256 of its UTF-8 bytes; up to
        65,536 bytes stand here, a longer one lies among the blobs under this digest.
    author: Byline (tác giả), duty data.
    source: Source (nguồn) as the sender states it.
    fields: The fields that the category asks for, in its order.
    attachments: Files (tệp đính kèm), in their order.
    section: Section or field it stands in (chuyên mục, lĩnh vực).
    revision: Number of the revision (bản), from 1.
    digest: Hex SHA-256 over all parts of the revision: title, body, attachments, metadata and
        language.
    parts: Hex SHA-256 of each part of a revision, so that a difference can be named.
    corrected_at: When.
    published_at: When it was first published.
    legal: What the law asks to be shown and kept with what is published.
    """

    TYPE: ClassVar[str] = "editorial.article_corrected"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "public"

    article_id: str
    site: str
    level: Literal["minor", "major"]
    note: str
    category: str
    language: str
    title: str
    body: ArticleCorrectedV1Body
    revision: int
    digest: str
    corrected_at: Moment
    published_at: Moment
    legal: ArticleCorrectedV1Legal
    summary: str | None = None
    author: str | None = None
    source: ArticleCorrectedV1Source | None = None
    fields: tuple[ArticleCorrectedV1Field, ...] = ()
    attachments: tuple[ArticleCorrectedV1Attachment, ...] = ()
    section: str | None = None
    parts: ArticleCorrectedV1Parts | None = None


class ArticleDroppedV1(Fact):
    """Article dropped (người gửi rút).

    Its sender took the submission back before it was published.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    by: Who took it back.
    reason: Why, in their words.
    dropped_at: When.
    """

    TYPE: ClassVar[str] = "editorial.article_dropped"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    by: str
    dropped_at: Moment
    reason: str | None = None


class ArticleOpenedV1Sender(Value):
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


class ArticleOpenedV1Receipt(Value):
    """Receipt (số tiếp nhận): dense per site and year of receipt; gaps are explained by the
    counter.

    number: Running number, from 1.
    year: Year in Vietnam in which it was received.
    text: As it is printed and quoted, such as `hanam-2026-000123`.
    """

    number: int
    year: int
    text: str


class ArticleOpenedV1Event(Value):
    """What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).

    type: Kind of event: issued, approved, accepted, law_issued, decided_to_publish, changed,
        occurred, original_changed, closed, created, opened …
    date: Day of the event.
    """

    type: str
    date: date


class ArticleOpenedV1Due(Value):
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


class ArticleOpenedV1(Fact):
    """Article opened (tiếp nhận thành tin, bài để xử lý).

    A submission became an article that the site's board handles under its regulation. It keeps this
    version of the profile for its whole life.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    submission_id: Submission it was opened from.
    receipt: Receipt (số tiếp nhận): dense per site and year of receipt; gaps are explained by the
        counter.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    process: Process of that profile that it goes through (quy trình), such as `hanam.minimum`.
    category: Category (chuyên mục, loại nội dung), the name of a schema under contracts/categories.
    language: Language of title and body, as in BCP 47.
    section: Section or field it belongs to (chuyên mục, lĩnh vực).
    sender: Who hands it in.
    circumstances: What the rules' `when` may ask for: `sender=outside`, `sensitivity=sensitive`.
    flags: What the sender declares of it, as intake says it: source_requires_agreement …
    event: What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).
    due: The publication clock (thời hạn đăng), computed when it was handed in.
    taken: Steps that the submission itself is, such as `submit`.
    opened_at: When it was opened.
    opens: Steps that may be taken next.
    """

    TYPE: ClassVar[str] = "editorial.article_opened"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    submission_id: str
    profile: str
    process: str
    category: str
    language: str
    sender: ArticleOpenedV1Sender
    opened_at: Moment
    receipt: ArticleOpenedV1Receipt | None = None
    section: str | None = None
    circumstances: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    event: ArticleOpenedV1Event | None = None
    due: ArticleOpenedV1Due | None = None
    taken: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


class ArticlePublishedV1Body(Value):
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


class ArticlePublishedV1Event(Value):
    """What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).

    type: Kind of event: issued, approved, accepted, law_issued, decided_to_publish, changed,
        occurred, original_changed, closed, created, opened …
    date: Day of the event.
    """

    type: str
    date: date


class ArticlePublishedV1Legal(Value):
    """What the law asks to be shown and kept with what is published.

    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    rule: Rule of the process under which it was published.
    article: Its place, in Vietnamese.
    approved_by: Person whose approval it was published on.
    approved_at: When they approved.
    responsible_site: Site whose head answers for the content.
    receipt: Receipt number of the submission.
    event: What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).
    due: Last day on which publishing was in time, where the law gives a number.
    late: Whether it was published after that day.
    """

    profile: str
    rule: str
    article: str
    approved_by: str
    approved_at: Moment
    responsible_site: str
    receipt: str | None = None
    event: ArticlePublishedV1Event | None = None
    due: date | None = None
    late: bool | None = None


class ArticlePublishedV1Source(Value):
    """Source (nguồn) as the sender states it.

    type: Own work of the agency, quoted, or by agreement with the owner.
    name_: Name of the source (tên nguồn).
    url: Address of what is quoted.
    """

    name_: str = Field(alias="name")
    type: Literal["own", "quoted", "agreement"] | None = None
    url: str | None = None


class ArticlePublishedV1Field(Value):
    """One field that the category asks for.

    name_: Name of the field in the category's schema.
    value: Its value as JSON text: a string, number, boolean, list, or object.
    """

    name_: str = Field(alias="name")
    value: str


class ArticlePublishedV1Attachment(Value):
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


class ArticlePublishedV1Parts(Value):
    """Hex SHA-256 of each part of a revision, so that a difference can be named.

    title: Of the title (tiêu đề).
    body: Of the body (nội dung).
    attachments: Of names, digests, texts and order of the files (tệp đính kèm).
    metadata: Of language, category, summary, author, source and the category's fields (siêu dữ
        liệu).
    """

    title: str
    body: str
    attachments: str
    metadata: str


class ArticlePublishedV1(Fact):
    """Article published (đăng, xuất bản).

    The public may read it: this is the whole content. Body and files among the blobs are public as
    long as this stands.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    category: Category (chuyên mục, loại nội dung), the name of a schema under contracts/categories.
    language: Language of title and body, as in BCP 47.
    title: Title (tên tin, bài; trích yếu), NFC.
    summary: Summary (tóm tắt).
    body: The body (nội dung) after cleaning. `digest` is the SHA-256 of its UTF-8 bytes; up to
        65,536 bytes stand here, a longer one lies among the blobs under this digest.
    author: Byline (tác giả), duty data.
    source: Source (nguồn) as the sender states it.
    fields: The fields that the category asks for, in its order.
    attachments: Files (tệp đính kèm), in their order.
    section: Section or field it stands in (chuyên mục, lĩnh vực).
    revision: Number of the revision (bản), from 1.
    digest: Hex SHA-256 over all parts of the revision: title, body, attachments, metadata and
        language.
    parts: Hex SHA-256 of each part of a revision, so that a difference can be named.
    published_at: When.
    legal: What the law asks to be shown and kept with what is published.
    """

    TYPE: ClassVar[str] = "editorial.article_published"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "public"

    article_id: str
    site: str
    category: str
    language: str
    title: str
    body: ArticlePublishedV1Body
    revision: int
    digest: str
    published_at: Moment
    legal: ArticlePublishedV1Legal
    summary: str | None = None
    author: str | None = None
    source: ArticlePublishedV1Source | None = None
    fields: tuple[ArticlePublishedV1Field, ...] = ()
    attachments: tuple[ArticlePublishedV1Attachment, ...] = ()
    section: str | None = None
    parts: ArticlePublishedV1Parts | None = None


class ArticleRefusedV1Ground(Value):
    """Prohibited ground (căn cứ từ chối, gỡ bỏ): a person decided and named it.

    ground: Ground as the profile names it, such as `hanam_p1c`.
    rule: Id of the rule in the profile.
    article: Its place, in Vietnamese.
    quotation: The words of the regulation.
    """

    ground: str
    rule: str
    article: str
    quotation: str


class ArticleRefusedV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class ArticleRefusedV1(Fact):
    """Article refused (từ chối đăng).

    It will not be published; a person named the prohibited ground.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    submission_id: Submission it was opened from.
    ground: Prohibited ground (căn cứ từ chối, gỡ bỏ): a person decided and named it.
    explanation: What the sender is told (giải thích).
    from_step: Step at which it lay.
    revision: Number of the revision (bản), from 1.
    by: Person of the directory who acted.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    refused_at: When.
    """

    TYPE: ClassVar[str] = "editorial.article_refused"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    ground: ArticleRefusedV1Ground
    explanation: str
    from_step: str
    revision: int
    by: str
    proof: ArticleRefusedV1Proof
    refused_at: Moment
    submission_id: str | None = None


class ArticleRemindedV1Due(Value):
    """The publication clock (thời hạn đăng), computed when it was handed in.

    last_day: Last day on which publishing is in time; absent where the regulation gives no number.
    at: First moment that is late.
    near: When reminders fall due, at most two.
    legal: Whether the law sets it; otherwise it is a choice of the house.
    rule: Id of the rule.
    article: Its place, in Vietnamese.
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


class ArticleRemindedV1(Fact):
    """Article reminded (nhắc hạn).

    A step that the regulation gives a time for is near its end or over it.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    step: Step of the process (bước), such as `approve`.
    kind: Near: the time is nearly over; overdue: it is over.
    to: Person who is to take the step.
    due: The publication clock (thời hạn đăng), computed when it was handed in.
    """

    TYPE: ClassVar[str] = "editorial.article_reminded"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    step: str
    kind: Literal["near", "overdue"]
    due: ArticleRemindedV1Due
    to: str | None = None


class ArticleReturnedV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class ArticleReturnedV1Law(Value):
    """Rule that it rests on, with its words.

    rule: Id of the rule in the profile.
    article: Its place, in Vietnamese.
    quotation: The words of the regulation.
    """

    rule: str
    article: str
    quotation: str


class ArticleReturnedV1(Fact):
    """Article returned (trả lại để sửa).

    The sender is asked to correct it and to hand it in again; nothing that was done stands.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    submission_id: Submission it was opened from.
    reasons: What is to be corrected (lý do trả lại), one each.
    from_step: Step at which it lay.
    law: Rule that it rests on, with its words.
    revision: Number of the revision (bản), from 1.
    by: Person of the directory who acted.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    returned_at: When.
    """

    TYPE: ClassVar[str] = "editorial.article_returned"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    reasons: tuple[str, ...]
    from_step: str
    revision: int
    by: str
    proof: ArticleReturnedV1Proof
    returned_at: Moment
    submission_id: str | None = None
    law: ArticleReturnedV1Law | None = None


class ArticleScheduledV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class ArticleScheduledV1(Fact):
    """Article scheduled (hẹn giờ đăng).

    Everything is done and somebody with authority set the moment of publication; their authority
    and the text are checked again at that moment.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    at: When it is to be published.
    revision: Number of the revision (bản), from 1.
    digest: Hex SHA-256 over all parts of the revision: title, body, attachments, metadata and
        language.
    by: Person of the directory who acted.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    scheduled_at: When this was decided.
    """

    TYPE: ClassVar[str] = "editorial.article_scheduled"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    at: Moment
    revision: int
    digest: str
    by: str
    proof: ArticleScheduledV1Proof
    scheduled_at: Moment


class ArticleWithdrawnV1Ground(Value):
    """Prohibited ground (căn cứ từ chối, gỡ bỏ): a person decided and named it.

    ground: Ground as the profile names it, such as `hanam_p1c`.
    rule: Id of the rule in the profile.
    article: Its place, in Vietnamese.
    quotation: The words of the regulation.
    """

    ground: str
    rule: str
    article: str
    quotation: str


class ArticleWithdrawnV1(Fact):
    """Article withdrawn (gỡ bỏ).

    The public no longer reads it; its address answers with this explanation.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    explanation: Why, for the public (giải thích công khai).
    category: Category (chuyên mục, loại nội dung), the name of a schema under contracts/categories.
    language: Language of title and body, as in BCP 47.
    title: Title (tên tin, bài; trích yếu), NFC.
    ground: Prohibited ground (căn cứ từ chối, gỡ bỏ): a person decided and named it.
    published_at: When it had been published.
    withdrawn_at: When.
    """

    TYPE: ClassVar[str] = "editorial.article_withdrawn"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "public"

    article_id: str
    site: str
    explanation: str
    category: str
    language: str
    title: str
    withdrawn_at: Moment
    ground: ArticleWithdrawnV1Ground | None = None
    published_at: Moment | None = None


class OpinionGivenV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class OpinionGivenV1(Fact):
    """Opinion given (ý kiến thủ trưởng cơ quan; đánh giá chất lượng).

    The head of agency's consent or objection to important or sensitive content (Lạng Sơn Điều 12
    khoản 2), or the rating of a published article for its royalty.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    kind: Consent, objection, or rating.
    step: Step of the process (bước), such as `approve`.
    revision: Number of the revision (bản), from 1.
    digest: Hex SHA-256 over all parts of the revision: title, body, attachments, metadata and
        language.
    opinion: The opinion, in their words (ý kiến).
    rating: Quality of a published article, 1 weak to 5 excellent (mức đánh giá).
    by: Person of the directory who acted.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    given_at: When.
    """

    TYPE: ClassVar[str] = "editorial.opinion_given"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    kind: Literal["consent", "objection", "rating"]
    revision: int
    digest: str
    by: str
    proof: OpinionGivenV1Proof
    given_at: Moment
    step: str | None = None
    opinion: str | None = None
    rating: int | None = None


class PublishingFailedV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class PublishingFailedV1(Fact):
    """Publishing failed (đăng không thành).

    Publishing was tried and did not succeed. It is tried again at `retry_at`; without one it waits
    for a person.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    why: Code of the reason: file-missing, authority-ended, differs-from-approved …
    detail: What happened and what to do, in Vietnamese.
    detail_en: The same in English.
    attempt: How often it was tried.
    retry_at: When it is tried again.
    revision: Number of the revision (bản), from 1.
    digest: Hex SHA-256 over all parts of the revision: title, body, attachments, metadata and
        language.
    by: Person of the directory who acted.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    failed_at: When.
    """

    TYPE: ClassVar[str] = "editorial.publishing_failed"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    why: str
    detail: str
    attempt: int
    revision: int
    digest: str
    failed_at: Moment
    detail_en: str | None = None
    retry_at: Moment | None = None
    by: str | None = None
    proof: PublishingFailedV1Proof | None = None


class RevisionAddedV1Body(Value):
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


class RevisionAddedV1Source(Value):
    """Source (nguồn) as the sender states it.

    type: Own work of the agency, quoted, or by agreement with the owner.
    name_: Name of the source (tên nguồn).
    url: Address of what is quoted.
    """

    name_: str = Field(alias="name")
    type: Literal["own", "quoted", "agreement"] | None = None
    url: str | None = None


class RevisionAddedV1Field(Value):
    """One field that the category asks for.

    name_: Name of the field in the category's schema.
    value: Its value as JSON text: a string, number, boolean, list, or object.
    """

    name_: str = Field(alias="name")
    value: str


class RevisionAddedV1Attachment(Value):
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


class RevisionAddedV1Content(Value):
    """The whole content of a revision.

    category: Category (chuyên mục, loại nội dung), the name of a schema under contracts/categories.
    language: Language of title and body, as in BCP 47.
    title: Title (tên tin, bài; trích yếu), NFC.
    summary: Summary (tóm tắt).
    body: The body (nội dung) after cleaning. `digest` is the SHA-256 of its UTF-8 bytes; up to
        65,536 bytes stand here, a longer one lies among the blobs under this digest.
    author: Byline (tác giả), duty data.
    source: Source (nguồn) as the sender states it.
    fields: The fields that the category asks for, in its order.
    attachments: Files (tệp đính kèm), in their order.
    section: Section or field it stands in (chuyên mục, lĩnh vực).
    """

    category: str
    language: str
    title: str
    body: RevisionAddedV1Body
    summary: str | None = None
    author: str | None = None
    source: RevisionAddedV1Source | None = None
    fields: tuple[RevisionAddedV1Field, ...] = ()
    attachments: tuple[RevisionAddedV1Attachment, ...] = ()
    section: str | None = None


class RevisionAddedV1Parts(Value):
    """Hex SHA-256 of each part of a revision, so that a difference can be named.

    title: Of the title (tiêu đề).
    body: Of the body (nội dung).
    attachments: Of names, digests, texts and order of the files (tệp đính kèm).
    metadata: Of language, category, summary, author, source and the category's fields (siêu dữ
        liệu).
    """

    title: str
    body: str
    attachments: str
    metadata: str


class RevisionAddedV1Event(Value):
    """What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).

    type: Kind of event: issued, approved, accepted, law_issued, decided_to_publish, changed,
        occurred, original_changed, closed, created, opened …
    date: Day of the event.
    """

    type: str
    date: date


class RevisionAddedV1Due(Value):
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


class RevisionAddedV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class RevisionAddedV1(Fact):
    """Revision added (lập bản mới).

    The text of an article as it stands from now on. A revision never changes; another one follows
    it.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    revision: Number of the revision (bản), from 1.
    content: The whole content of a revision.
    digest: Hex SHA-256 over all parts of the revision: title, body, attachments, metadata and
        language.
    parts: Hex SHA-256 of each part of a revision, so that a difference can be named.
    by: Person of the directory who wrote it; the sender for what was submitted.
    reason: Why (lý do), in their words; no personal data.
    submission_revision: Revision of the submission that it came with.
    purpose: Whether it prepares the publication, or a minor or major correction of what is
        published.
    undoes: Steps whose result no longer stands and which must be passed again.
    process: Process of that profile that it goes through (quy trình), such as `hanam.minimum`;
        where it was handed in again, with its circumstances, event and clock as they are from here
        on.
    circumstances: What the rules' `when` may ask for: `sender=outside`, `sensitivity=sensitive`.
    flags: What the sender declares of it; with a revision that a submission brings.
    event: What starts the publication clock (sự kiện làm phát sinh thời hạn đăng).
    due: The publication clock (thời hạn đăng), computed when it was handed in.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    added_at: When.
    opens: Steps that may be taken next.
    """

    TYPE: ClassVar[str] = "editorial.revision_added"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    revision: int
    content: RevisionAddedV1Content
    digest: str
    parts: RevisionAddedV1Parts
    by: str
    reason: str
    added_at: Moment
    submission_revision: int | None = None
    purpose: Literal["publication", "minor_correction", "major_correction"] | None = None
    undoes: tuple[str, ...] = ()
    process: str | None = None
    circumstances: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    event: RevisionAddedV1Event | None = None
    due: RevisionAddedV1Due | None = None
    proof: RevisionAddedV1Proof | None = None
    opens: tuple[str, ...] = ()


class ScheduleCancelledV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class ScheduleCancelledV1(Fact):
    """Schedule cancelled (huỷ hẹn giờ đăng).

    It will not be published by itself.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    reason: Why (lý do).
    by: Person of the directory who acted.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    cancelled_at: When.
    """

    TYPE: ClassVar[str] = "editorial.schedule_cancelled"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    reason: str
    by: str
    cancelled_at: Moment
    proof: ScheduleCancelledV1Proof | None = None


class StepReopenedV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class StepReopenedV1(Fact):
    """Step reopened (chuyển lại bước trước).

    The article goes back inside the board: to an earlier step, with reasons. What is named in
    `undoes` must be passed again.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    step: Step that is to be taken again.
    from_step: Step at which it lay.
    outcome: Outcome as the process names it: returned, needs_change, upload_mismatch,
        needs_supplementary_approval.
    undoes: Steps whose result no longer stands and which must be passed again.
    reasons: Why (lý do), one each.
    revision: Number of the revision (bản), from 1.
    by: Person of the directory who acted.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    reopened_at: When.
    opens: Steps that may be taken next.
    """

    TYPE: ClassVar[str] = "editorial.step_reopened"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    step: str
    from_step: str
    outcome: str
    reasons: tuple[str, ...]
    by: str
    proof: StepReopenedV1Proof
    reopened_at: Moment
    undoes: tuple[str, ...] = ()
    revision: int | None = None
    opens: tuple[str, ...] = ()


class StepTakenV1Proof(Value):
    """By what right it was done (căn cứ thẩm quyền), checked at that moment.

    person: Person of the directory who acted.
    act: Act as the profile names it.
    rule: Rule that gives the act.
    article: Its place, in Vietnamese: `khoản 1 Điều 12 Quy chế (…)`.
    profile: Key of the regulation profile that the case keeps, such as `hanam@1`.
    position: Position that the power comes from (vị trí).
    role: Role of that position.
    delegations: Delegations it came through, from the holder of the position on (uỷ quyền).
    documents: Their documents (văn bản uỷ quyền).
    at: When it was checked.
    """

    person: str
    act: str
    rule: str
    profile: str
    position: str
    at: Moment
    article: str | None = None
    role: str | None = None
    delegations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class StepTakenV1(Fact):
    """Step taken (hoàn thành bước).

    Somebody with authority took a step of the process on one revision.

    article_id: Id of the article (tin, bài), a UUID: that of the submission it was opened from.
    site: Site (cổng / trang thông tin điện tử) that it is for: every query is asked within one
        site.
    step: Step of the process (bước), such as `approve`.
    act: Act of the profile by which it was taken.
    revision: Number of the revision (bản), from 1.
    digest: Hex SHA-256 over all parts of the revision: title, body, attachments, metadata and
        language.
    supplementary: Taken again for a text that was changed after approval (duyệt bổ sung).
    undoes: Steps whose result no longer stands and which must be passed again.
    compared: Parts that were compared with the approved revision and found equal.
    remark: Remark for the next person (ý kiến xử lý).
    by: Person of the directory who acted.
    proof: By what right it was done (căn cứ thẩm quyền), checked at that moment.
    taken_at: When.
    opens: Steps that may be taken next.
    """

    TYPE: ClassVar[str] = "editorial.step_taken"
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str] = "editorial.article"
    VISIBILITY: ClassVar[str] = "internal"

    article_id: str
    site: str
    step: str
    act: str
    revision: int
    digest: str
    by: str
    proof: StepTakenV1Proof
    taken_at: Moment
    supplementary: bool | None = None
    undoes: tuple[str, ...] = ()
    compared: tuple[Literal["title", "body", "attachments", "metadata"], ...] = ()
    remark: str | None = None
    opens: tuple[str, ...] = ()
