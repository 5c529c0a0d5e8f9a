"""What a start does when the demo of this version is not what the house knows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from embedded.demo import Demo
from embedded.demo_start import DemoStart
from embedded.trouble import Trouble

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    async def refused(*_: object) -> None:
        raise Trouble("refused: the key was used", "do something")

    monkeypatch.setattr(Demo, "load", refused)
    return []


async def test_a_house_with_the_demo_of_an_earlier_version_goes_on_with_it(
    said: list[str], tmp_path: Path
):
    (tmp_path / "demo-loaded").write_text("earlier http://127.0.0.1:8000", "utf-8")

    await DemoStart("http://127.0.0.1:8000", tmp_path, lambda: NOON, said.append).people()

    assert "stays as it is; make reset" in said[-1]
    assert "the key was used" in said[-1]
    assert (tmp_path / "demo-loaded").read_text("utf-8") == "earlier http://127.0.0.1:8000"


async def test_an_empty_house_without_its_demo_is_told(said: list[str], tmp_path: Path):
    with pytest.raises(Trouble):
        await DemoStart("http://127.0.0.1:8000", tmp_path, lambda: NOON, said.append).people()

    assert not (tmp_path / "demo-loaded").exists()
