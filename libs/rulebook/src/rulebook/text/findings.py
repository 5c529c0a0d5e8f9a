"""What an inspection of a text says: which damage, where, and the repaired text as a proposal."""

from dataclasses import dataclass
from enum import StrEnum

MOST_PLACES = 20


class Damage(StrEnum):
    """Kinds of damage; the value is the slug that services and reports use."""

    NOT_UTF8 = "not-utf8"
    TCVN3 = "TCVN3"
    VNI = "VNI"
    WINDOWS_1258 = "windows-1258"
    DOUBLE_ENCODED = "double-encoded"
    UNREADABLE = "unreadable"
    DECOMPOSED = "decomposed"
    ETH = "eth"
    ZERO_WIDTH = "zero-width"
    NBSP = "no-break-space"
    LOOK_ALIKE = "look-alike"


ENCODINGS = frozenset(
    {
        Damage.NOT_UTF8,
        Damage.TCVN3,
        Damage.VNI,
        Damage.WINDOWS_1258,
        Damage.DOUBLE_ENCODED,
        Damage.UNREADABLE,
    }
)

_VI = {
    Damage.NOT_UTF8: "không phải UTF-8",
    Damage.TCVN3: "chữ theo bảng mã TCVN3 (ABC)",
    Damage.VNI: "chữ theo bảng mã VNI",
    Damage.WINDOWS_1258: "chữ theo bảng mã Windows-1258",
    Damage.DOUBLE_ENCODED: "UTF-8 bị đọc như Latin-1 rồi lưu lại",
    Damage.UNREADABLE: "ký tự đã mất (U+FFFD)",
    Damage.DECOMPOSED: "chữ tổ hợp, chưa theo dạng dựng sẵn (NFC)",
    Damage.ETH: "chữ Eth (Ð, ð) dùng thay cho Đ, đ",
    Damage.ZERO_WIDTH: "ký tự không hiển thị",
    Damage.NBSP: "khoảng trắng không ngắt",
    Damage.LOOK_ALIKE: "chữ của bảng chữ khác trông giống chữ Việt",
}
_EN = {
    Damage.NOT_UTF8: "bytes that are not UTF-8",
    Damage.TCVN3: "text in the character set TCVN3 (ABC)",
    Damage.VNI: "text in the character set VNI",
    Damage.WINDOWS_1258: "text in the character set Windows-1258",
    Damage.DOUBLE_ENCODED: "UTF-8 read as Latin-1 and saved again",
    Damage.UNREADABLE: "characters already lost (U+FFFD)",
    Damage.DECOMPOSED: "decomposed letters, not in the composed form (NFC)",
    Damage.ETH: "the letter Eth (Ð, ð) in place of Đ, đ",
    Damage.ZERO_WIDTH: "invisible characters",
    Damage.NBSP: "no-break spaces",
    Damage.LOOK_ALIKE: "letters of another script that look like Latin ones",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where: offsets [start, end) in the inspected text, what stands there and what is proposed."""

    start: int
    end: int
    found: str
    proposed: str


@dataclass(frozen=True, slots=True)
class TextFinding:
    """One kind of damage: how often, and the first places of it.

    `layer` 0 is the text as given; layer 1 is that text after the repair of its encoding, and so on.
    Offsets count characters (bytes for `not-utf8`) of their layer.
    """

    damage: Damage
    count: int
    places: tuple[Place, ...]
    layer: int = 0

    @property
    def is_encoding(self) -> bool:
        """Whether the whole encoding is wrong: such text is refused, other damage is repaired and recorded."""
        return self.damage in ENCODINGS

    def sentence(self, language: str = "vi") -> str:
        """One sentence that names the damage, how often and where first; `language` is "vi" or "en"."""
        where = self.places[0].start if self.places else 0
        if language == "vi":
            return f"Văn bản có {_VI[self.damage]}: {self.count} chỗ, chỗ đầu tại vị trí {where}."
        return f"The text has {_EN[self.damage]}: {self.count} places, the first at {where}."


@dataclass(frozen=True, slots=True)
class TextReport:
    """All findings of a text and the proposal. `repaired` equals the text when nothing was found.

    `case_uncertain` counts words that begin with a letter TCVN3 has in lower case only, so that the
    proposal may want a capital there.
    """

    findings: tuple[TextFinding, ...]
    repaired: str
    case_uncertain: int = 0

    @property
    def sound(self) -> bool:
        """Whether the text can be stored as it is."""
        return not self.findings

    @property
    def damages(self) -> tuple[Damage, ...]:
        """The kinds found, outermost first, each once."""
        return tuple(dict.fromkeys(finding.damage for finding in self.findings))
