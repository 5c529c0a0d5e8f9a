"""The repository's own files, as the architecture tests read them."""

import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LEFT_OUT = {".git", ".venv", ".nhipcau", ".cache", "__pycache__", "node_modules"}


def _files() -> list[Path]:
    """Committed and new files; without git, all that no tool made."""
    listed = subprocess.run(
        ["git", "-C", str(REPOSITORY), "ls-files", "-co", "--exclude-standard", "-z"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    if listed.returncode == 0:
        paths = [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [p for p in REPOSITORY.rglob("*") if not LEFT_OUT & set(p.parts)]
    return sorted(path for path in paths if path.is_file())


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def sources() -> dict[str, str]:
    """Path below the repository → text of every file that is text."""
    read: dict[str, str] = {}
    for path in _files():
        content = path.read_bytes()
        if b"\0" not in content:
            read[str(path.relative_to(REPOSITORY))] = content.decode("utf-8", "replace")
    return read
