"""The files of the demo articles, made by code when they are loaded: the same bytes each time."""

import io
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.styles.style import ParagraphStyle

Kind = Literal["pdf", "docx", "png"]
PIXELS_PER_INCH = 108.0
SINCE = (1980, 1, 1, 0, 0, 0)
FONT, SIZE = "Times New Roman", 14


@dataclass(frozen=True)
class DemoFile:
    """A file that is to be made: what it is called, of which kind, what it says or shows."""

    name: str
    kind: Kind
    said: dict[str, Any]
    shows: str | None = None
    caption: str | None = None
    font: str | None = None
    size: int | None = None

    def made(self) -> bytes:
        """Takes some milliseconds of CPU."""
        if self.kind == "docx":
            return _docx(self.said)
        template = "picture" if self.kind == "png" else "document"
        inputs = {"said": json.dumps(self.said, ensure_ascii=False)}
        return typst.compile(
            _template(template),
            format=self.kind,
            ppi=PIXELS_PER_INCH,
            sys_inputs=inputs,
            ignore_system_fonts=True,
        )


@cache
def _template(name: str) -> bytes:
    return resources.files("embedded").joinpath(f"demo_data/{name}.typ").read_bytes()


def _docx(said: dict[str, Any]) -> bytes:
    document = Document()
    style = cast("ParagraphStyle", document.styles["Normal"])
    style.font.name, style.font.size = FONT, Pt(SIZE)
    document.core_properties.title = said["title"]
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(f"{said['issuer'].upper()}\nSố: {said['number']}").bold = True
    head.add_run(f"\n{said['place']}, {said['on']}").italic = True
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(f"{said['type'].upper()}\n{said['abstract']}").bold = True
    for words in said["basis"]:
        document.add_paragraph().add_run(words).italic = True
    for words in said["body"]:
        document.add_paragraph(words)
    signed = document.add_paragraph()
    signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signed.add_run(f"{said['signs'].upper()}\n\n{said['signer']}").bold = True
    document.add_paragraph("Nơi nhận:\n" + "\n".join(f"- {each}" for each in said["recipients"]))
    made = io.BytesIO()
    document.save(made)
    return _without_times(made)


def _without_times(made: io.BytesIO) -> bytes:
    """The archive without the moment at which it was written, which would make other bytes."""
    again = io.BytesIO()
    with ZipFile(made) as source, ZipFile(again, "w", ZIP_DEFLATED) as target:
        for each in source.infolist():
            target.writestr(ZipInfo(each.filename, SINCE), source.read(each), ZIP_DEFLATED)
    return again.getvalue()
