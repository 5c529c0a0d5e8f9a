"""The sentences of problem documents in Vietnamese and English, and which language is wanted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from common.errors import Said

Language = Literal["vi", "en"]
_RANGE = re.compile(r"([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]{1,20})?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages; `{names}` are filled from a rule's own parameters."""

    vi: str
    en: str

    def to(self, language: Language, **values: Any) -> str:
        """The sentence in one language; a name that has no value stays as it is written."""
        text = self.vi if language == "vi" else self.en
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text


def wanted(accept_language: str) -> Language:
    """English when it is asked for before Vietnamese, else Vietnamese. Never fails."""
    best: dict[str, float] = {}
    for part in accept_language[:200].split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is not None:
            quality = float(match[2]) if match[2] else 1.0
            best[match[1].lower()] = max(quality, best.get(match[1].lower(), 0.0))
    return "en" if best.get("en", 0.0) > best.get("vi", 0.0) else "vi"


TITLES: dict[int, Words] = {
    400: Words("Yêu cầu không đọc được", "The request cannot be read"),
    401: Words("Cần đăng nhập", "Sign-in needed"),
    403: Words("Không có thẩm quyền", "Not allowed for this person"),
    404: Words("Không tìm thấy", "Not found"),
    410: Words("Không còn đăng", "No longer published"),
    405: Words("Phương thức không dùng được ở đây", "Method not allowed here"),
    406: Words("Không có định dạng được yêu cầu", "No such representation"),
    409: Words("Không được chấp nhận", "Refused"),
    412: Words("Đã có phiên bản khác", "Another version stands"),
    413: Words("Quá lớn", "Too large"),
    415: Words("Kiểu nội dung không dùng được", "Unsupported content type"),
    422: Words("Nội dung chưa đúng", "The content breaks a rule"),
    428: Words("Cần nêu phiên bản", "A version must be named"),
    429: Words("Quá nhiều yêu cầu", "Too many requests"),
    500: Words("Lỗi hệ thống", "Our fault"),
    503: Words("Tạm thời chưa phục vụ được", "Not available right now"),
}

DETAILS: dict[str, Words] = {
    "no-such-route": Words(
        "Địa chỉ này không có. Danh mục địa chỉ ở /openapi.json.",
        "There is nothing at this address. /openapi.json lists what there is.",
    ),
    "method-not-allowed": Words(
        "Địa chỉ này chỉ nhận các phương thức: {allow}.",
        "This address takes these methods only: {allow}.",
    ),
    "body-unreadable": Words(
        "Không đọc được nội dung. Gửi JSON mã hoá UTF-8.",
        "The body cannot be read. Send JSON in UTF-8.",
    ),
    "json-invalid": Words(
        "JSON sai cú pháp ở ký tự thứ {position}.",
        "The JSON is broken at character {position}.",
    ),
    "content-type-unsupported": Words(
        "Gửi nội dung với Content-Type: application/json.",
        "Send the body with Content-Type: application/json.",
    ),
    "content-invalid": Words(
        "{count} chỗ chưa đúng; xem `errors` để biết từng chỗ và cách sửa.",
        "Places that break a rule: {count}; `errors` names each and what to do.",
    ),
    "http-error": Words("Yêu cầu bị từ chối.", "The request was refused."),
    "unexpected": Words(
        "Đã có lỗi ngoài dự kiến và đã được ghi lại. Thử lại sau; nếu còn lỗi, báo mã {trace}.",
        "Something unexpected happened and was noted. Try again; if it stays, quote {trace}.",
    ),
    "body-too-large": Words(
        "Nội dung vượt giới hạn {limit} byte. Gửi ít hơn, hoặc gửi tệp riêng.",
        "The body is over the limit of {limit} bytes. Send less, or send files on their own.",
    ),
    "too-many-requests": Words(
        "Nhiều hơn {quota} yêu cầu trong {window} giây. Thử lại sau {seconds} giây.",
        "More than {quota} requests in {window} seconds. Try again in {seconds} seconds.",
    ),
    "database-away": Words(
        "Cơ sở dữ liệu chưa trả lời. Yêu cầu có thể đã được thực hiện: "
        "gửi lại với cùng Idempotency-Key.",
        "The database gave no answer. It may still have happened: "
        "send it again with the same Idempotency-Key.",
    ),
    "timed-out": Words(
        "Không kịp trả lời trong {seconds} giây. Yêu cầu có thể đã được thực hiện: "
        "gửi lại với cùng Idempotency-Key.",
        "No answer in {seconds} seconds. It may still have happened: "
        "send it again with the same Idempotency-Key.",
    ),
}

RULES: dict[str, Words] = {
    "missing": Words("Bắt buộc, hãy điền.", "Required: give it."),
    "extra_forbidden": Words("Không có trường này, hãy bỏ.", "No such field: leave it out."),
    "string_type": Words("Phải là chuỗi.", "Must be a string."),
    "string_too_short": Words(
        "Phải có ít nhất {min_length} ký tự.", "Must have at least {min_length} characters."
    ),
    "string_too_long": Words(
        "Không quá {max_length} ký tự.", "Must have at most {max_length} characters."
    ),
    "string_pattern_mismatch": Words("Không đúng dạng {pattern}.", "Must have the form {pattern}."),
    "string_unicode": Words("Phải là UTF-8 hợp lệ.", "Must be valid Unicode."),
    "blank": Words("Mới chỉ có khoảng trắng: hãy viết thành lời.", "Only blanks: put it in words."),
    "int_type": Words("Phải là số nguyên.", "Must be an integer."),
    "int_parsing": Words("Phải là số nguyên.", "Must be an integer."),
    "int_from_float": Words("Phải là số nguyên.", "Must be an integer."),
    "int_parsing_size": Words("Số quá lớn.", "The number is too large."),
    "float_type": Words("Phải là số.", "Must be a number."),
    "float_parsing": Words("Phải là số.", "Must be a number."),
    "finite_number": Words(
        "Phải là số hữu hạn: không dùng NaN, Infinity hay số lớn hơn 1,8e308.",
        "Must be a finite number: not NaN, Infinity, nor one beyond 1.8e308.",
    ),
    "bool_type": Words("Phải là true hoặc false.", "Must be true or false."),
    "bool_parsing": Words("Phải là true hoặc false.", "Must be true or false."),
    "greater_than": Words("Phải lớn hơn {gt}.", "Must be greater than {gt}."),
    "greater_than_equal": Words("Phải từ {ge} trở lên.", "Must be {ge} or more."),
    "less_than": Words("Phải nhỏ hơn {lt}.", "Must be less than {lt}."),
    "less_than_equal": Words("Không quá {le}.", "Must be {le} or less."),
    "too_short": Words("Cần ít nhất {min_length} mục.", "Give more items: at least {min_length}."),
    "too_long": Words("Không quá {max_length} mục.", "Give fewer items: at most {max_length}."),
    "list_type": Words("Phải là danh sách.", "Must be a list."),
    "dict_type": Words("Phải là đối tượng JSON.", "Must be a JSON object."),
    "model_type": Words("Phải là đối tượng JSON.", "Must be a JSON object."),
    "model_attributes_type": Words("Phải là đối tượng JSON.", "Must be a JSON object."),
    "enum": Words("Phải là một trong: {expected}.", "Must be one of: {expected}."),
    "literal_error": Words("Phải là một trong: {expected}.", "Must be one of: {expected}."),
    "uuid_type": Words("Phải là UUID.", "Must be a UUID."),
    "uuid_parsing": Words("Phải là UUID.", "Must be a UUID."),
    "date_type": Words("Phải là ngày dạng 2026-03-31.", "Must be a date such as 2026-03-31."),
    "date_parsing": Words("Phải là ngày dạng 2026-03-31.", "Must be a date such as 2026-03-31."),
    "date_from_datetime_parsing": Words(
        "Phải là ngày dạng 2026-03-31.", "Must be a date such as 2026-03-31."
    ),
    "date_from_datetime_inexact": Words(
        "Phải là ngày, không kèm giờ.", "Must be a date without a time."
    ),
    "datetime_type": Words(
        "Phải là thời điểm dạng 2026-03-31T08:00:00Z.", "Must be like 2026-03-31T08:00:00Z."
    ),
    "datetime_parsing": Words(
        "Phải là thời điểm dạng 2026-03-31T08:00:00Z.", "Must be like 2026-03-31T08:00:00Z."
    ),
    "datetime_from_date_parsing": Words(
        "Phải là thời điểm dạng 2026-03-31T08:00:00Z.", "Must be like 2026-03-31T08:00:00Z."
    ),
    "timezone_aware": Words("Phải kèm múi giờ.", "Must name a time zone."),
    "url_parsing": Words("Phải là địa chỉ web.", "Must be a web address."),
    "url_type": Words("Phải là địa chỉ web.", "Must be a web address."),
    "url_scheme": Words("Phải bắt đầu bằng https://.", "Must begin with https://."),
}
OTHER_RULE = Words("Không đúng quy tắc {rule}.", "Breaks the rule {rule}.")

_SHOWN = frozenset(
    [
        "min_length",
        "max_length",
        "gt",
        "ge",
        "lt",
        "le",
        "multiple_of",
        "expected",
        "pattern",
        "max_digits",
        "decimal_places",
    ]
)
"""Parameters of a schema's rules that may be quoted."""


def advice(rule: str, context: Mapping[str, Any]) -> Said:
    """What to do about a rule of a schema that was broken; never what was given."""
    shown = {key: value for key, value in context.items() if key in _SHOWN}
    words = RULES.get(rule, OTHER_RULE)
    here = dict(shown)
    if "expected" in here:
        here["expected"] = str(here["expected"]).replace(" or ", " hoặc ")
    return Said(words.to("vi", rule=rule, **here), words.to("en", rule=rule, **shown))
