"""Files: what they are by their content, whether their name says the same, how large they may be."""

import os
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO, Final, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import puremagic

from common.errors import FieldProblem, Said, TooLarge, Unprocessable
from common.words import say

FileKind = Literal["document", "image", "audio", "video"]
HEAD = 8_192
MEGABYTE = 1024 * 1024
LIMITS: Mapping[FileKind, int] = MappingProxyType(
    {
        "document": 25 * MEGABYTE,
        "image": 10 * MEGABYTE,
        "audio": 50 * MEGABYTE,
        "video": 200 * MEGABYTE,
    }
)
LARGEST: Final = max(LIMITS.values())
_CALLED: Mapping[FileKind, Said] = MappingProxyType(
    {
        "document": Said("tài liệu", "document"),
        "image": Said("ảnh", "image"),
        "audio": Said("âm thanh", "audio"),
        "video": Said("video", "video"),
    }
)
DIRECTORY = MEGABYTE
"""So much of a container is read at once: a directory of some ten thousand parts."""

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
DOCX, XLSX, PPTX = (
    f"{_OOXML}wordprocessingml.document",
    f"{_OOXML}spreadsheetml.sheet",
    f"{_OOXML}presentationml.presentation",
)
_TYPES: Mapping[str, tuple[FileKind, tuple[str, ...]]] = MappingProxyType(
    {
        "application/pdf": ("document", ("pdf",)),
        DOCX: ("document", ("docx",)),
        XLSX: ("document", ("xlsx",)),
        PPTX: ("document", ("pptx",)),
        f"{_ODF}text": ("document", ("odt",)),
        f"{_ODF}spreadsheet": ("document", ("ods",)),
        f"{_ODF}presentation": ("document", ("odp",)),
        "application/msword": ("document", ("doc", "xls", "ppt")),
        "text/plain": ("document", ("txt", "csv", "md")),
        "image/jpeg": ("image", ("jpg", "jpeg", "jpe", "jfif")),
        "image/png": ("image", ("png",)),
        "image/gif": ("image", ("gif",)),
        "image/webp": ("image", ("webp",)),
        "audio/mpeg": ("audio", ("mp3",)),
        "audio/mp4": ("audio", ("m4a",)),
        "video/mp4": ("video", ("mp4", "m4v", "m4a")),
        "video/webm": ("video", ("webm",)),
    }
)
TAKEN: Final = tuple(sorted({name for _, names in _TYPES.values() for name in names}))
_MAIN_PART = MappingProxyType({"word/": DOCX, "xl/": XLSX, "ppt/": PPTX})
_SAME: Mapping[str, str] = MappingProxyType({"image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg"})
_HTML = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is by its content."""

    media_type: str
    kind: FileKind

    @property
    def limit(self) -> int:
        return LIMITS[self.kind]


def recognise(content: BinaryIO, at: str = "/file") -> Recognised:
    """By content alone; raises Unprocessable for what is not taken. Leaves the file at its beginning.

    `at` is where a request names the file. Of a file that is no container its first bytes are enough.
    """
    head = content.read(HEAD)
    content.seek(0)
    if not head:
        raise _refused(at, "file-empty", say("file-empty"))
    media_type = _container(content) if is_container(head) else _plain_type(head)
    content.seek(0)
    if media_type not in _TYPES:
        taken = say("file-type-not-taken", taken=", ".join(TAKEN))
        raise _refused(at, "file-type-not-taken", taken)
    return Recognised(media_type, _TYPES[media_type][0])


def is_container(head: bytes) -> bool:
    """Whether what it holds stands at its end, so that all of it must be read."""
    return head.startswith(b"PK\x03\x04")


def check_name(name: str, found: Recognised, at: str = "/file") -> str:
    """The name in NFC without a path; raises Unprocessable when its ending says another kind."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2].strip()
    if not bare or not bare.isprintable():
        raise _refused(at, "file-name-missing", say("file-name-missing"))
    ending = bare.rpartition(".")[2].lower()
    endings = _TYPES[found.media_type][1]
    if "." not in bare or ending not in endings:
        named = ", …".join(f".{each}" for each in endings)
        said = say("file-not-its-name", found=found.media_type, endings=named)
        raise _refused(at, "file-not-its-name", said)
    return bare[:200]


def check_size(size: int, kind: FileKind, at: str = "/file") -> None:
    """Raises TooLarge over the limit of its kind."""
    limit = LIMITS[kind]
    if size > limit:
        said = say("file-kind-too-large", kind=_CALLED[kind], megabytes=limit // MEGABYTE)
        raise TooLarge(
            "file-too-large",
            said,
            errors=[FieldProblem(at, "max-size", said)],
            extra={"limit": limit, "kind": kind},
        )


def _refused(at: str, code: str, said: Said) -> Unprocessable:
    """A file that is not taken, with the field at fault."""
    return Unprocessable(code, said, errors=[FieldProblem(at, code, said)])


def _plain_type(head: bytes) -> str:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        return "text/html"
    try:
        guessed = [match.mime_type for match in puremagic.magic_string(head) if match.mime_type]
    except puremagic.PureError:
        guessed = []
    known = [_SAME.get(each, each) for each in guessed]
    return next((each for each in known if each in _TYPES), known[0] if known else _text(head))


def _text(head: bytes) -> str:
    """Text in UTF-8, where the head may end inside a letter."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(head) < HEAD or error.start < len(head) - 3:
            return "application/octet-stream"
        text = head[: error.start].decode("utf-8")
    odd = any(not each.isprintable() and each not in "\t\r\n\f\ufeff" for each in text)
    return "application/octet-stream" if odd else "text/plain"


def _container(content: BinaryIO) -> str:
    """Which office format a zip holds; one with macros is none."""
    try:
        with ZipFile(_Measured(content)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= HEAD:
                return _own_type(archive)
    except (BadZipFile, ValueError, RuntimeError, EOFError, zlib.error):
        return "application/zip"
    if any(name.endswith("vbaProject.bin") for name in names):
        return "application/vnd.ms-office.macro"
    if "[Content_Types].xml" not in names:
        return "application/zip"
    main = (kind for folder, kind in _MAIN_PART.items() if any(n.startswith(folder) for n in names))
    return next(main, "application/zip")


def _own_type(archive: ZipFile) -> str:
    """What it says of itself; a part may unpack to more than the directory says, so only its head is."""
    part = archive.getinfo("mimetype")
    if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return "application/zip"
    with archive.open(part) as said:
        return said.read(HEAD).decode("ascii", "replace").strip()


class _Measured:
    """A zip as its reader sees it, whatever lengths and places it claims."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self.seekable, self.tell = content.seekable, content.tell

    def read(self, size: int = -1, /) -> bytes:
        found = self._content.read(DIRECTORY + 1 if size < 0 else min(size, DIRECTORY + 1))
        if len(found) > DIRECTORY:
            raise BadZipFile("too much at once")
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        try:
            return self._content.seek(offset, whence)
        except (OSError, OverflowError) as error:
            raise BadZipFile("no such place") from error
