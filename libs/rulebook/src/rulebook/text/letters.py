"""Which strings are Vietnamese syllables: the spelling rules by which damaged text is told from sound text."""

import re
import unicodedata
from functools import cache, lru_cache

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
LONGEST_SYLLABLE = 14  # "nghiêng" with its marks apart, or as VNI writes it
_STOP_TONES = frozenset("\u0301\u0323")
_MODERN = re.compile("[ăĂđĐĩĨũŨơƠưƯ\u1ea0-\u1ef9\u0300-\u036f]")
_STOPS = ("c", "ch", "p", "t")

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om
    on ong oong ooc op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut
    uy uya uych uyên uyêt uynh uyp uyt uyu ư ưa ưc ưi ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    y yêm yên yêng yêt yêu
"""


@cache
def _toneless_syllables() -> frozenset[str]:
    return frozenset(onset + rhyme for onset in ("", *_ONSETS.split()) for rhyme in _RHYMES.split())


def is_syllable(word: str) -> bool:
    """Whether a word in any case is spelt as a Vietnamese syllable (one tone at most, stops take two tones)."""
    return len(word) <= LONGEST_SYLLABLE and _is_syllable(word)


@lru_cache(maxsize=32_768)
def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in apart if mark in TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(char for char in apart if char not in TONES))
    if bare not in _toneless_syllables():
        return False
    return not bare.endswith(_STOPS) or bool(_STOP_TONES.intersection(tones))


def is_modern(text: str) -> bool:
    """Whether a text has a letter of Unicode's Vietnamese ranges, which no 8-bit western set has."""
    return _MODERN.search(text) is not None
