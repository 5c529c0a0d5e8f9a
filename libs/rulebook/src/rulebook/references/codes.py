"""Codes inside Vietnamese document numbers: kinds of document, who issues them, and the words for both."""

import re
from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "NĐ": "Nghị định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch", "QĐ": "Quyết định",
        "NQ": "Nghị quyết", "NQLT": "Nghị quyết liên tịch", "CT": "Chỉ thị", "L": "Luật", "LĐ": "Lệnh",
        "LCTN": "Lệnh", "PL": "Pháp lệnh", "CTr": "Chương trình", "KH": "Kế hoạch", "BC": "Báo cáo",
        "TTr": "Tờ trình", "TB": "Thông báo", "HD": "Hướng dẫn", "QC": "Quy chế", "QYĐ": "Quy định",
        "QyĐ": "Quy định", "CV": "Công văn", "CĐ": "Công điện", "KL": "Kết luận", "ĐA": "Đề án",
        "PA": "Phương án", "DA": "Dự án", "BB": "Biên bản", "HĐ": "Hợp đồng", "BGN": "Bản ghi nhớ",
        "BTT": "Bản thỏa thuận", "GUQ": "Giấy ủy quyền", "GM": "Giấy mời", "GGT": "Giấy giới thiệu",
        "GNP": "Giấy nghỉ phép", "PG": "Phiếu gửi", "PC": "Phiếu chuyển", "PB": "Phiếu báo",
        "TC": "Thông cáo", "VBHN": "Văn bản hợp nhất",
    }
)  # fmt: skip
"""Abbreviations of Nghị định 30/2020/NĐ-CP and of normative documents, with their words."""

PARTY_KINDS = frozenset("NQ CT QĐ QyĐ KL TB HD QC BC TTr CV KH ĐA".split(" "))  # noqa: SIM905

ISSUERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CP": ("Chính phủ",), "TTg": ("Thủ tướng Chính phủ", "Thủ tướng"), "CTN": ("Chủ tịch nước",),
        "QH": ("Quốc hội",), "UBTVQH": ("Ủy ban thường vụ Quốc hội",), "TW": ("Ban Chấp hành Trung ương", "Bộ Chính trị", "Ban Bí thư"),
        "UBND": ("Ủy ban nhân dân", "UBND"), "HĐND": ("Hội đồng nhân dân", "HĐND"),
        "BTC": ("Bộ Tài chính",), "BXD": ("Bộ Xây dựng",), "BCA": ("Bộ Công an",), "BTP": ("Bộ Tư pháp",),
        "BNV": ("Bộ Nội vụ",), "BNG": ("Bộ Ngoại giao",), "BQP": ("Bộ Quốc phòng",), "BYT": ("Bộ Y tế",),
        "BCT": ("Bộ Công Thương",), "BGTVT": ("Bộ Giao thông vận tải",), "BKHCN": ("Bộ Khoa học và Công nghệ",),
        "BKHĐT": ("Bộ Kế hoạch và Đầu tư",), "BLĐTBXH": ("Bộ Lao động - Thương binh và Xã hội", "Bộ Lao động, Thương binh và Xã hội"),
        "BNNPTNT": ("Bộ Nông nghiệp và Phát triển nông thôn",), "BNNMT": ("Bộ Nông nghiệp và Môi trường",),
        "BTNMT": ("Bộ Tài nguyên và Môi trường",), "BTTTT": ("Bộ Thông tin và Truyền thông",),
        "BGDĐT": ("Bộ Giáo dục và Đào tạo",), "BVHTTDL": ("Bộ Văn hóa, Thể thao và Du lịch",),
        "BVHTT": ("Bộ Văn hóa - Thông tin", "Bộ Văn hóa Thông tin"), "BDTTG": ("Bộ Dân tộc và Tôn giáo",),
        "NHNN": ("Ngân hàng Nhà nước",), "VPCP": ("Văn phòng Chính phủ",), "TTCP": ("Thanh tra Chính phủ",),
        "UBDT": ("Ủy ban Dân tộc",), "KTNN": ("Kiểm toán Nhà nước",), "TANDTC": ("Tòa án nhân dân tối cao",),
        "VKSNDTC": ("Viện kiểm sát nhân dân tối cao",), "TCHQ": ("Tổng cục Hải quan",), "TCT": ("Tổng cục Thuế",),
        "BHXH": ("Bảo hiểm xã hội",), "UBTƯMTTQVN": ("Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",),
        "UBTWMTTQVN": ("Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",), "QLXNC": ("Cục Quản lý xuất nhập cảnh",),
        "SNgV": ("Sở Ngoại vụ",), "SNV": ("Sở Nội vụ",), "STP": ("Sở Tư pháp",), "STC": ("Sở Tài chính",), "SXD": ("Sở Xây dựng",),
        "SYT": ("Sở Y tế",), "SCT": ("Sở Công Thương",), "SKHCN": ("Sở Khoa học và Công nghệ",), "SKHĐT": ("Sở Kế hoạch và Đầu tư",),
        "STTTT": ("Sở Thông tin và Truyền thông",), "STNMT": ("Sở Tài nguyên và Môi trường",), "SGTVT": ("Sở Giao thông vận tải",),
        "SLĐTBXH": ("Sở Lao động - Thương binh và Xã hội",), "SGDĐT": ("Sở Giáo dục và Đào tạo",),
        "SNNPTNT": ("Sở Nông nghiệp và Phát triển nông thôn",), "SVHTTDL": ("Sở Văn hóa, Thể thao và Du lịch",),
        "VPUBND": ("Văn phòng Ủy ban nhân dân", "Văn phòng UBND"),
    }
)  # fmt: skip
"""Codes of issuers with the phrases that name them; other codes are accepted and cannot be checked."""

ISSUER_LETTER = "A-Za-zĐđƯưƠơÂâÊêÔôĂă"
VIETNAMESE_LETTER = "A-Za-zÀ-ÖØ-öø-ÿĂăĐđĨĩŨũƠơƯưẠ-ỹ"
KIND_ALIASES: Mapping[str, str] = MappingProxyType({"QD": "QĐ", "ND": "NĐ"})
"""Kinds as they are typed without Vietnamese letters."""
KIND_PATTERN = "|".join(sorted(map(re.escape, (*KINDS, *KIND_ALIASES)), key=len, reverse=True))
_LENGTHS = tuple(sorted({len(code) for code in ISSUERS}, reverse=True))
_BY_FOLDED = {code.casefold(): code for code in ISSUERS}


def known_beginning(letters: str) -> str | None:
    """The longest known issuer code that a run of letters begins with; None if there is none."""
    return next((letters[:n] for n in _LENGTHS if letters[:n] in ISSUERS), None)


def in_usual_case(code: str) -> str:
    """An issuer code with its usual capitals: "TTG" is "TTg"; an unknown one as it is."""
    return _BY_FOLDED.get(code.casefold(), code)
