"""Words that every explanation may need."""

PHRASES: dict[str, tuple[str, str]] = {
    # which rule speaks
    "rules-firing": ("Các quy tắc áp dụng: {rules:place}.", "Rules that apply: {rules:place}."),
    "deadline-rule": ("Thời hạn theo {rule:place}.", "The limit follows {rule:place}."),
    "facts-missing": (
        "Chưa biết {facts:term} nên lấy thời hạn ngắn nhất.",
        "The shortest limit is taken, for this is not known: {facts:term}.",
    ),
    "no-deadline-rule": (
        "Quy chế không đặt thời hạn “{duty:term}” sau “{trigger:term}” cho trường hợp này.",
        "The regulation sets no limit for “{duty:term}” after “{trigger:term}” in this case.",
    ),
    "set-own-limit": (
        "Cách gần nhất: cơ quan tự cam kết thời hạn.",
        "Nearest way: the agency commits itself to a limit.",
    ),
    # warnings every profile can give
    "amendment-pending": (
        "Quy định này đang chờ sửa đổi.",
        "This regulation is waiting to be amended.",
    ),
    "account-not-original": (
        "Lời trích là lời thuật lại của nguồn khác, không phải nguyên văn văn bản; cần đối chiếu bản gốc trước khi viện dẫn.",
        "The words quoted are an account by others, not the instrument's own; compare the original before citing them.",
    ),
    "law-known-until": (
        "Pháp luật liên quan chỉ được rà soát đến {known:day}; sau ngày đó có thể đã có thay đổi.",
        "The law round this rule was looked at until {known:day}; it may have changed since.",
    ),
    "rule-unverified": (
        "Chưa có chuyên viên pháp lý xác nhận cách số hoá quy tắc này.",
        "No jurist has yet confirmed this rule as entered.",
    ),
    "verified-long-ago": (
        "Quy tắc được xác nhận lần cuối ngày {on:day}, đã hơn một năm.",
        "The rule was last confirmed on {on:day}, more than a year before.",
    ),
    "rule-expired": (
        "Quy tắc hết hiệu lực từ {to:day}; chỉ còn áp dụng cho việc đã bắt đầu trước ngày đó.",
        "The rule ceased to have effect on {to:day}; it binds only what had begun before.",
    ),
    "rule-not-yet": (
        "Quy tắc chỉ có hiệu lực từ {from:day}; kết quả chỉ để tham khảo.",
        "The rule takes effect only on {from:day}; the result is for reference only.",
    ),
}

TERMS: dict[str, tuple[str, str]] = {
    "working_day": ("ngày làm việc", "working day(s)"),
    "calendar_day": ("ngày", "calendar day(s)"),
    "hour": ("giờ", "hour(s)"),
    "working_hour": ("giờ làm việc", "working hour(s)"),
    "month": ("tháng", "month(s)"),
}
