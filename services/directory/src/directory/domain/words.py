"""What the directory says to people when it cannot do something: in Vietnamese and English, with what to do."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from common.errors import Said, filled, spoken
from directory.domain.sentences import SENTENCES
from rulebook.sentences import word_for

LEVELS: Mapping[str, Said] = MappingProxyType(
    {
        "province": Said("đơn vị cấp tỉnh", "province"),
        "district": Said("đơn vị cấp huyện", "district"),
        "commune": Said("đơn vị cấp xã", "commune"),
    }
)
"""Levels of administrative units (cấp hành chính)."""

UNIT_KINDS: Mapping[str, Said] = MappingProxyType(
    {
        "province": Said("tỉnh", "province"),
        "municipality": Said("thành phố trực thuộc trung ương", "municipality"),
        "rural_district": Said("huyện", "rural district"),
        "urban_district": Said("quận", "urban district"),
        "town": Said("thị xã", "town"),
        "provincial_city": Said("thành phố thuộc tỉnh", "provincial city"),
        "rural_commune": Said("xã", "rural commune"),
        "ward": Said("phường", "ward"),
        "township": Said("thị trấn", "township"),
        "special_zone": Said("đặc khu", "special zone"),
    }
)
"""Sorts of administrative units, as they are entered."""

SITE_KINDS: Mapping[str, Said] = MappingProxyType(
    {
        "province": Said("cổng cấp tỉnh", "provincial portal"),
        "department": Said("trang của sở, ban, ngành", "department's site"),
        "district": Said("trang cấp huyện", "district site"),
        "public_service_portal": Said("cổng dịch vụ công", "public service portal"),
        "other_organisation": Said("trang của tổ chức khác", "other organisation's site"),
        "commune": Said("trang cấp xã", "commune site"),
        "unit": Said("trang của đơn vị trực thuộc", "unit's site"),
    }
)
"""Kinds of sites, as they are entered."""

SUCCESSIONS: Mapping[str, Said] = MappingProxyType(
    {
        "merge": Said("Hợp nhất, sáp nhập", "merger"),
        "split": Said("Chia, tách", "split"),
        "rename": Said("Đổi tên", "change of name"),
        "abolition": Said("Bãi bỏ", "abolition"),
    }
)
"""How agencies and units are succeeded."""

DAMAGE: Mapping[str, Said] = MappingProxyType(
    {
        "not-utf8": Said("không phải mã UTF-8", "not UTF-8"),
        "TCVN3": Said("mã TCVN3 (ABC)", "TCVN3 encoding"),
        "VNI": Said("mã VNI", "VNI encoding"),
        "windows-1258": Said("mã Windows-1258", "Windows-1258 encoding"),
        "double-encoded": Said("mã hoá hai lần", "encoded twice"),
        "unreadable": Said("ký tự không đọc được", "unreadable signs"),
        "decomposed": Said("dấu tách rời khỏi chữ", "marks apart from their letters"),
        "eth": Said("chữ Ð của tiếng khác thay cho Đ", "the letter Eth in place of Đ"),
        "zero-width": Said("ký tự không nhìn thấy", "signs that cannot be seen"),
        "no-break-space": Said("khoảng trắng không ngắt", "spaces that do not break"),
        "look-alike": Said(
            "chữ của bảng chữ khác trông giống chữ Latinh", "look-alike letters of another script"
        ),
    }
)
"""What can be wrong with a text."""

ATTRIBUTES: Mapping[str, Said] = MappingProxyType(
    {
        "name_vi": Said("tên tiếng Việt", "the Vietnamese name"),
        "name_en": Said("tên tiếng Anh", "the English name"),
        "abbreviation": Said("chữ viết tắt", "the abbreviation"),
        "agency": Said("cơ quan", "the agency"),
        "code": Said("mã đơn vị", "the code"),
        "competence_keywords": Said("lĩnh vực thuộc thẩm quyền", "the words of its competence"),
        "domain": Said("tên miền", "the domain name"),
        "email": Said("thư điện tử công vụ", "the office e-mail"),
        "full_name": Said("họ tên", "the name"),
        "identifier_code": Said("mã định danh điện tử", "the identifier code"),
        "identifier_code_old": Said("mã định danh cũ", "the former identifier code"),
        "kind": Said("loại", "the kind"),
        "languages": Said("ngôn ngữ", "the languages"),
        "level": Said("cấp", "the level"),
        "note": Said("ghi chú", "the remark"),
        "parent": Said("cấp trên trực tiếp", "the parent"),
        "phone": Said("điện thoại cơ quan", "the office telephone"),
        "profile": Said("quy chế áp dụng", "the regulation profile"),
        "supplies": Said("thông tin phải cung cấp", "what it owes to the site"),
        "unit": Said("phòng, ban", "the unit inside the agency"),
    }
)
"""What can change with the days, by its name in the contract."""

ITEMS: Mapping[str, Said] = MappingProxyType(
    {
        "agency": Said("cơ quan", "agency"),
        "site": Said("trang", "site"),
        "board": Said("Ban Biên tập", "board"),
        "person": Said("người", "person"),
        "position": Said("chức vụ", "position"),
        "delegation": Said("giấy uỷ quyền", "delegation"),
        "administrative-unit": Said("đơn vị hành chính", "administrative unit"),
        "administrative-code": Said("mã đơn vị hành chính", "administrative code"),
        "administrative-parts": Said("danh sách đơn vị trực thuộc", "list of parts of a unit"),
        "calendar": Said("lịch làm việc", "calendar"),
        "closures": Said("danh sách ngày nghỉ địa phương", "list of closures"),
    }
)
"""What the directory keeps, by its name in addresses."""


def say(name: str, /, **values: object) -> Said:
    """The sentence of that name; days are told as people write them, words of ours in each language."""
    return filled(SENTENCES, name, **{each: _told(value) for each, value in values.items()})


def word(words: Mapping[str, Said], name: str) -> Said:
    """A word of ours in both languages; one that has none is told by its name."""
    return words.get(name) or Said(name, name)


def term(name: str) -> Said:
    """The rulebook's word for an act or a role."""
    return Said(word_for(name, "vi"), word_for(name, "en"))


def coded(words: Mapping[str, Said], names: Iterable[str]) -> Said:
    """Words one after another, each with the value that is entered for it."""
    return joined(with_code(word(words, name), name) for name in names)


def with_code(said: Said, name: str) -> Said:
    """A word with the value that is entered for it."""
    return Said(f"{said.vi} ({name})", str(said) if said == name else f"{said} ({name})")


def joined(words: Iterable[str]) -> Said:
    """Words one after another, in both languages."""
    said = list(words)
    return Said(", ".join(spoken(each, "vi") for each in said), ", ".join(said))


def _told(value: object) -> object:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value
