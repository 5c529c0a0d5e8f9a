"""What people wrote, on a page: the cleaned HTML, in which a wide table moves by itself, by keyboard too."""

import re

from markupsafe import Markup

from pages.language import Language

_TABLE = re.compile(r"<table\b|</table>")
_LABEL = {"vi": "Bảng trong bài", "en": "Table in the text"}


def prose(cleaned: str, language: Language) -> Markup:
    """`cleaned`: HTML out of `common.markup.clean`; nothing here makes other HTML harmless."""
    begins = (
        f'<div class="scroller" tabindex="0" role="group" aria-label="{_LABEL[language]}"><table'
    )
    wrapped = _TABLE.sub(
        lambda found: "</table></div>" if found[0] == "</table>" else begins, cleaned
    )
    return Markup(wrapped)  # noqa: S704 - cleaned by whoever calls
