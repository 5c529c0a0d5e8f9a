"""Fetching from the npm registry: once, checked, and with one clear line when it does not go."""

import json
import os
import stat
from pathlib import Path

import pytest

from pages import fetch

LOCK = {"lockfileVersion": 3, "packages": {}}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "package-lock.json").write_text(json.dumps(LOCK))
    (tmp_path / "node_modules").mkdir()
    return tmp_path


@pytest.fixture
def npm_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts an npm before the machine's that runs these shell words; `calls` counts."""

    def put(words: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        calls = tmp_path / "calls"
        for name, text in (("npm", f'echo "$@" >>{calls}\n{words}'), ("node", "echo v22.1.0")):
            program = folder / name
            program.write_text(f"#!/bin/sh\n{text}\n")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return calls

    return put


def test_what_is_there_is_not_fetched_again(place, npm_that):
    calls = npm_that("exit 0")

    fetch.fetch(place)
    fetch.fetch(place)

    assert calls.read_text().count("ci --omit=dev --ignore-scripts") == 1


def test_a_changed_lock_fetches_anew(place, npm_that):
    calls = npm_that("exit 0")
    fetch.fetch(place)
    (place / "package-lock.json").write_text(json.dumps(LOCK | {"name": "changed"}))

    fetch.fetch(place)

    assert calls.read_text().count("ci") == 2


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("npm error code EINTEGRITY", "came damaged"),
        ("npm error code ENOTFOUND", "the registry does not answer"),
        ("npm error ENOSPC: no space left on device", "the disk is full"),
        ("npm error code SELF-SIGNED_CERT_IN_CHAIN: self-signed", "NODE_EXTRA_CA_CERTS"),
        ("npm error something else", "npm error something else"),
    ],
)
def test_a_failure_is_one_line_that_says_what_to_do_and_leaves_it_unfetched(
    place, npm_that, said, advice
):
    npm_that(f"echo '{said}' >&2; exit 1")

    with pytest.raises(fetch.NotFetched, match=advice) as trouble:
        fetch.fetch(place)

    assert "\n" not in str(trouble.value)
    assert not (place / "node_modules" / ".fetched").exists()


def test_a_machine_whose_node_is_too_old_uses_the_wheel(tmp_path, npm_that):
    npm_that("exit 0")
    (tmp_path / "bin" / "node").write_text("#!/bin/sh\necho v12.22.9\n")

    assert fetch._major(str(tmp_path / "bin" / "node")) == 12
    assert fetch._major(str(tmp_path / "nothing")) == 0
