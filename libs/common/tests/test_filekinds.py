"""What a file is by its content: found without believing what a container says of itself."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from struct import pack

import pytest

from common.errors import Unprocessable
from common.filekinds import MEGABYTE, recognise

ODT = "application/vnd.oasis.opendocument.text"
DIRECTORY_ENTRY = b"PK\x01\x02"


def a_zip(mimetype: bytes, packed: int = zipfile.ZIP_STORED) -> bytearray:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as archive:
        archive.writestr("mimetype", mimetype)
    return bytearray(made.getvalue())


def one_that_unpacks_to_more_than_it_says() -> bytearray:
    content = a_zip(bytes(64 * MEGABYTE), zipfile.ZIP_DEFLATED)
    size = content.rfind(DIRECTORY_ENTRY) + 24
    content[size : size + 4] = pack("<L", 10)
    return content


def one_of_nothing_but_a_directory() -> bytearray:
    entry = pack("<4s4B4HL2L5H2L", DIRECTORY_ENTRY, *(20, 0) * 2, *(0,) * 7, 1, *(0,) * 6) + b"a"
    directory = entry * (4 * MEGABYTE // len(entry))
    local = b"PK\x03\x04" + bytes(26)
    end = pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(directory), len(local), 0)
    return bytearray(local + directory + end)


def one_with_damaged_parts() -> bytearray:
    content = a_zip(ODT.encode() * 3, zipfile.ZIP_DEFLATED)
    content[38:44] = b"\xff" * 6
    return content


def one_whose_parts_are_packed_otherwise() -> bytearray:
    return a_zip(ODT.encode(), zipfile.ZIP_BZIP2)


def one_that_ends_before_its_part() -> bytearray:
    content = a_zip(ODT.encode())
    sizes = content.rfind(DIRECTORY_ENTRY) + 20
    content[sizes : sizes + 8] = pack("<2L", 5_000, 5_000)
    return content


@pytest.mark.parametrize("packed", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_container_says_itself_what_it_is(packed: int):
    found = recognise(io.BytesIO(a_zip(ODT.encode(), packed)))

    assert (found.media_type, found.kind) == (ODT, "document")


@pytest.mark.parametrize(
    "made",
    [
        one_that_unpacks_to_more_than_it_says,
        one_of_nothing_but_a_directory,
        one_with_damaged_parts,
        one_whose_parts_are_packed_otherwise,
        one_that_ends_before_its_part,
    ],
)
def test_a_container_that_is_made_to_harm_is_refused_for_little(
    made: Callable[[], bytearray],
):
    content = io.BytesIO(made())

    tracemalloc.start()
    try:
        with pytest.raises(Unprocessable) as refusal:
            recognise(content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert refusal.value.code == "file-type-not-taken"
    assert most < 3 * MEGABYTE
