"""UTF-8 that was read as Latin-1 or Windows-1252 and saved again: finds the sequences and undoes them."""

import re
from functools import lru_cache

from rulebook.text.legacy import western_byte
from rulebook.text.letters import is_modern

_CONTINUATION = "\u0080-\u00bf" + "".join(
    re.escape(bytes([byte]).decode("cp1252"))
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
)
POSSIBLE = re.compile(f"[{_CONTINUATION}]")
"""What every sequence has and sound Vietnamese text seldom: a quick look before the thorough one."""
SEQUENCE = re.compile(
    f"[\u00c2-\u00df][{_CONTINUATION}]|[\u00e0-\u00ef][{_CONTINUATION}]{{2}}"
    f"|[\u00f0-\u00f4][{_CONTINUATION}]{{3}}"
)
ENOUGH = 2
_VIETNAMESE_LATIN1 = frozenset("àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")
_ALSO_DAMAGED = frozenset("ÂÃÄÆÌ")
_PRINTERS_MARKS = frozenset("–—‘’“”…•")
_TELLING = _VIETNAMESE_LATIN1 | _ALSO_DAMAGED | _PRINTERS_MARKS


@lru_cache(maxsize=4096)
def undo(sequence: str) -> str | None:
    """The character whose UTF-8 bytes a sequence shows; None when the bytes are no UTF-8."""
    codes = [western_byte(char) for char in sequence]
    known = bytes(code for code in codes if code is not None)
    try:
        return known.decode("utf-8") if len(known) == len(codes) else None
    except UnicodeDecodeError:
        return None


def weight(found: re.Match[str]) -> int:
    """How much a sequence tells: a Vietnamese letter or printer's mark is enough alone, a Chinese one is not.

    "XÃ" before a no-break space looks like "Xà" damaged: it counts only after a small letter or before
    another space.
    """
    read = undo(found[0])
    if read is None:
        return 0
    if found[0].endswith("\u00a0"):
        around = found.string[max(found.start() - 1, 0) : found.start()].islower()
        return ENOUGH if around or found.string[found.end() : found.end() + 1].isspace() else 0
    if is_modern(read) or read in _TELLING:
        return ENOUGH
    return ENOUGH // 2 if "\u4e00" <= read <= "\u9fff" else 0
