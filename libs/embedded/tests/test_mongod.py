"""mongod finds its libraries on a bare system and names its trouble when it cannot start."""

import platform
from pathlib import Path

import pytest

from embedded.mongod import explain, no_engine, with_libcurl

LINUX = (platform.system(), platform.machine()) == ("Linux", "x86_64")


@pytest.mark.skipif(not LINUX, reason="the mongod wheel is for Linux on x86-64")
def test_libcurl_comes_from_the_wheel_of_pycurl(tmp_path):
    env = with_libcurl(tmp_path)

    folder, libraries = (Path(part) for part in env["LD_LIBRARY_PATH"].split(":"))
    assert (folder / "libcurl.so.4").resolve().parent == libraries
    assert (folder / "libcurl.so.4").stat().st_size > 100_000


def test_the_link_is_renewed_when_the_environment_has_moved(tmp_path):
    with_libcurl(tmp_path)
    link = tmp_path / "lib/libcurl.so.4"
    link.unlink()
    link.symlink_to("/nowhere/libcurl.so.4")

    with_libcurl(tmp_path)

    assert link.exists()


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("/lib/libc.so.6: version `GLIBC_2.34' not found", "older than glibc 2.35"),
        ("** IMPORTANT: UPGRADE PROBLEM: found", "written by another version of MongoDB"),
        ("WT_PANIC: WiredTiger library panic", "is damaged"),
    ],
)
def test_last_words_are_turned_into_one_line(said, line):
    trouble = explain(said, Path("/data"))

    assert line in str(trouble)
    assert "\n" not in str(trouble)


def test_unknown_last_words_explain_nothing():
    assert explain("all is well", Path("/data")) is None


def test_a_platform_without_engines_is_told_of_containers_and_given_engines():
    assert str(no_engine("MongoDB", "Darwin arm64")) == (
        "There is no embedded MongoDB for Darwin arm64 — start Docker (`docker compose up -d mongo "
        "kafka`) or give NHIPCAU_MONGO_URL and NHIPCAU_KAFKA"
    )
