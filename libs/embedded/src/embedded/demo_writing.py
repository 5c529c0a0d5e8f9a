"""Turns the written demo articles into submissions: days are told from today, series from their frames."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from html import escape
from random import Random
from types import MappingProxyType
from typing import Any

Raw = dict[str, Any]
_TOKEN = re.compile(r"\{(d|dm|iso|y)([+-]\d+)\}")
WORKDAYS = 5


def workday(day: date, offset: int) -> date:
    """So many days from Monday to Friday before or after; 0 is the day itself or the last one before."""
    while day.weekday() >= WORKDAYS:
        day -= timedelta(days=1)
    step = timedelta(days=1 if offset > 0 else -1)
    for _ in range(abs(offset)):
        day += step
        while day.weekday() >= WORKDAYS:
            day += step
    return day


def in_words(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year}"


def told_from(today: date, value: Any) -> Any:
    """The value with its days filled in: `{d-3}` is three working days ago as 24/11/2026."""
    if isinstance(value, str):
        return _TOKEN.sub(lambda found: _told(today, found), value)
    if isinstance(value, list):
        return [told_from(today, each) for each in value]
    if isinstance(value, dict):
        return {name: told_from(today, each) for name, each in value.items()}
    return value


def _told(today: date, found: re.Match[str]) -> str:
    day = workday(today, int(found[2]))
    return {
        "d": in_words(day),
        "dm": f"{day.day}/{day.month}",
        "iso": day.isoformat(),
        "y": str(day.year),
    }[found[1]]


def html_of(text: str) -> str:
    """Paragraphs parted by empty lines; `## ` begins a heading, `- ` an item, `| ` a row of a table."""
    return "".join(_block(block.strip()) for block in re.split(r"\n\s*\n", text) if block.strip())


def _block(block: str) -> str:
    lines = [line.strip() for line in block.splitlines()]
    if block.startswith("## "):
        return f"<h2>{_safe(block[3:])}</h2>"
    if block.startswith("- "):
        items = "".join(f"<li>{_safe(line[2:])}</li>" for line in lines)
        return f"<ul>{items}</ul>"
    if block.startswith("| "):
        head, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        top = "".join(f'<th scope="col">{_safe(cell)}</th>' for cell in head)
        rest = "".join(
            "<tr>" + "".join(f"<td>{_safe(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        return f"<table><thead><tr>{top}</tr></thead><tbody>{rest}</tbody></table>"
    return f"<p>{_safe(' '.join(lines))}</p>"


def _safe(text: str) -> str:
    return escape(text.strip(), quote=False)


def composed(raw: Raw, today: date, site: Mapping[str, Any]) -> Raw:
    """An article whose every part is said; one of a series takes what it leaves out from its frame."""
    frame = FRAMES.get(raw.get("kind", ""))
    whole = frame(raw, today, site) if frame else raw
    return told_from(today, whole)


# -- series ---------------------------------------------------------------------------------------


def _document(raw: Raw, today: date, _: Mapping[str, Any]) -> Raw:
    """An issued document (văn bản): its summary, main points, who carries it out, its file."""
    issued = workday(today, -raw["days"])
    number = raw["number"].replace("{y}", str(issued.year))
    begins = workday(today, raw.get("begins", 0) - raw["days"])
    name, about, issuer = raw["type"], raw["about"], raw["issuer"]
    on, effective = in_words(issued), in_words(begins)
    points = "\n".join(f"- {point}" for point in raw["points"])
    carried = _choice(raw, CARRIED_OUT).format(issuer=issuer, name=name.lower())
    fields: Raw = {
        "doc_type": name,
        "issuing_authority": issuer,
        "number": number,
        "issue_date": issued.isoformat(),
        "effective_date": begins.isoformat(),
        "abstract": about[:1].upper() + about[1:],
        "recipients": raw.get("recipients", []),
    }
    opening = _choice(raw, OPENINGS).format(on=on, issuer=issuer, name=name, number=number)
    return {
        "category": "legal_document",
        "title": f"{name} số {number} {about}",
        "summary": f"{issuer} ban hành {name.lower()} ngày {on}, có hiệu lực từ ngày {effective}.",
        "body": f"{opening} {about}.\n\n## Nội dung chính\n\n{points}\n\n## Tổ chức thực hiện\n\n"
        f"{carried}\n\n{name} có hiệu lực kể từ ngày {effective}. Toàn văn có trong tệp đính kèm.",
        "fields": fields,
        "event": ["issued", -raw["days"]],
        "file": raw.get("file", "pdf"),
        "printed": [
            *(f"Điều {n}. {point}." for n, point in enumerate(raw["points"], 1)),
            f"Điều {len(raw['points']) + 1}. {carried}",
            f"Điều {len(raw['points']) + 2}. {name} có hiệu lực kể từ ngày {effective}.",
        ],
        **({"basis": raw["basis"]} if "basis" in raw else {}),
        **{name: raw[name] for name in KEPT if name in raw},
    }


def _schedule(raw: Raw, today: date, site: Mapping[str, Any]) -> Raw:
    """A week of the leaders: meetings of the site's list, each once, in the hours of the office."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=raw["week"])
    chosen = Random(raw["id"]).sample(site["meetings"], k=8)  # noqa: S311 - any order will do
    rows: list[Raw] = []
    for place, meeting in enumerate(chosen):
        day = monday + timedelta(days=place * WORKDAYS // len(chosen))
        hour = ("08:00", "09:30", "14:00", "15:30")[(place + raw["week"]) % 4]
        rows.append({"day": day.isoformat(), "time": hour, **meeting})
    begin, end = in_words(monday), in_words(monday + timedelta(days=4))
    return {
        "category": "work_schedule",
        "title": f"Lịch làm việc của {raw['of']} (từ {begin} đến {end})",
        "summary": f"Các cuộc họp, buổi làm việc của {raw['of']} trong tuần từ ngày {begin}.",
        "body": f"Văn phòng thông báo lịch làm việc của {raw['of']} từ ngày {begin} đến ngày {end}. "
        "Lịch này thay giấy mời; khi có thay đổi, Văn phòng sẽ thông báo riêng.",
        "fields": {
            "week_from": monday.isoformat(),
            "week_to": (monday + timedelta(days=4)).isoformat(),
            "entries": sorted(rows, key=lambda row: (row["day"], row["time"])),
        },
        **{name: raw[name] for name in KEPT if name in raw},
    }


def _reception(raw: Raw, today: date, site: Mapping[str, Any]) -> Raw:
    """Who receives citizens on which days of the coming weeks."""
    first = workday(today, raw.get("from", 1))
    days = [workday(first, 5 * n) for n in range(len(site["receivers"]))]
    rows = [
        {"day": day.isoformat(), "time": "08:00", **receiver}
        for day, receiver in zip(days, site["receivers"], strict=True)
    ]
    return {
        "category": "reception_schedule",
        "title": f"Lịch tiếp công dân định kỳ của {raw['of']} từ ngày {in_words(first)}",
        "summary": f"Các ngày {raw['of']} trực tiếp tiếp công dân, từ 08 giờ tại trụ sở tiếp công dân.",
        "body": f"{raw['of'][:1].upper()}{raw['of'][1:]} tiếp công dân định kỳ theo Luật Tiếp công dân, "
        "vào các ngày dưới đây.\n\nCông dân mang theo giấy tờ tuỳ thân và "
        "đơn, tài liệu liên quan. Trường hợp đột xuất, lịch được thay đổi và niêm yết tại trụ sở.",
        "fields": {
            "week_from": first.isoformat(),
            "week_to": days[-1].isoformat(),
            "entries": rows,
        },
        **{name: raw[name] for name in KEPT if name in raw},
    }


def _procedure(raw: Raw, _: date, site: Mapping[str, Any]) -> Raw:
    """An administrative procedure with every part that has to be told (BD Đ11, LS Đ6)."""
    dossier = "\n".join(f"- {part}" for part in raw["dossier"])
    where = site["one_stop"]
    return {
        "category": "public_service",
        "title": raw["name"],
        "summary": f"Hồ sơ, thời hạn {raw['time']}, lệ phí và nơi nộp của thủ tục mã số {raw['code']}.",
        "body": f"{raw['what']}\n\n## Thành phần hồ sơ\n\n{dossier}\n\n## Thời hạn và lệ phí\n\n"
        f"Thời hạn giải quyết: {raw['time']}, kể từ khi nhận đủ hồ sơ hợp lệ. Phí, lệ phí: "
        f"{raw.get('fee', 'không thu')}.\n\n## Nơi nộp\n\nNộp trực tuyến trên Cổng Dịch vụ công quốc gia, "
        f"hoặc tại {where}; kết quả: {raw['result'][:1].lower()}{raw['result'][1:]}.",
        "fields": {
            "procedure_code": raw["code"],
            "name": raw["name"],
            "level": "Toàn trình",
            "sector": raw["sector"],
            "field": raw["field"],
            "sequence": "Nộp hồ sơ; tiếp nhận và hẹn ngày; thẩm định; ký duyệt; trả kết quả.",
            "methods": f"Trực tuyến; trực tiếp tại {where}; qua bưu chính công ích.",
            "dossier": "; ".join(raw["dossier"]),
            "number_of_sets": "01 bộ",
            "time_limit": raw["time"],
            "applicants": raw["applicants"],
            "authority": raw["authority"],
            "result": raw["result"],
            "procedure": raw["name"],
            "unit": raw["authority"],
            "step_officers": "Tiếp nhận: bộ phận một cửa; thẩm định: phòng chuyên môn; ký: lãnh đạo cơ quan.",
        },
        **{name: raw[name] for name in KEPT if name in raw},
    }


FRAMES: Mapping[str, Callable[[Raw, date, Mapping[str, Any]], Raw]] = MappingProxyType(
    {
        "document": _document,
        "schedule": _schedule,
        "reception": _reception,
        "procedure": _procedure,
    }
)
KEPT = ("id", "goal", "sender", "why", "ground", "change", "section", "system", "issuer_role")
"""What the frame of a series leaves as it is written."""

OPENINGS = (
    "Ngày {on}, {issuer} đã ký ban hành {name} số {number}",
    "{issuer} vừa ban hành {name} số {number} ngày {on}",
    "Trong số văn bản mới của {issuer} có {name} số {number} ngày {on}",
)
CARRIED_OUT = (
    (
        "{issuer} giao thủ trưởng các cơ quan, đơn vị và cá nhân có liên quan chịu trách nhiệm thi hành {name} này; "
        "vướng mắc phát sinh được phản ánh bằng văn bản để tổng hợp, giải quyết."
    ),
    (
        "Các cơ quan, địa phương căn cứ {name} này xây dựng kế hoạch cụ thể, báo cáo kết quả trước ngày 20 của tháng "
        "cuối quý; cơ quan tham mưu theo dõi, đôn đốc và tổng hợp chung."
    ),
    (
        "Trong quá trình thực hiện, nếu có nội dung cần sửa đổi, bổ sung cho phù hợp thực tế, các đơn vị gửi ý kiến về "
        "cơ quan chủ trì soạn thảo để trình {issuer} xem xét, quyết định."
    ),
)


def _choice(raw: Raw, pool: tuple[str, ...]) -> str:
    return Random(raw["id"]).choice(pool)  # noqa: S311 - any choice will do, the same each time


def paragraphs(text: str) -> Iterator[str]:
    """The text of a body for a file, one paragraph, item or row after another."""
    for block in re.split(r"\n\s*\n", text):
        for line in block.strip().splitlines() if block.startswith(("- ", "| ")) else [block]:
            yield re.sub(r"^(##|-|\|)\s*", "", " ".join(line.split())).replace("|", "–").strip(" –")
