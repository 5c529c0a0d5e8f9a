"""Instruments that are no text of law, as they are cited in both languages."""

HOUSE_RULES = "Quy tắc vận hành Nhịp Cầu (quy tắc nội bộ, không phải văn bản pháp luật)"
TERMS = {HOUSE_RULES: (HOUSE_RULES, "Operating rules of Nhịp Cầu (internal rules, no text of law)")}
