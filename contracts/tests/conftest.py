"""A copy of the house's contracts, so that a test can spoil a file and see who notices."""

import copy
import shutil
from pathlib import Path

import orjson
import pytest
import yaml
from hypothesis import HealthCheck, settings

from contracts.generate import MODELS
from contracts.place import ROOT
from contracts.schemas import read_schemas

# A busy machine is no fault of the code: only what is drawn decides, not how long it takes.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


class House:
    """A repository with contracts in it."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        self.root = repository / "contracts"

    def json(self, path: str):
        return orjson.loads((self.root / path).read_bytes())

    def put_json(self, path: str, value) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(orjson.dumps(value))

    def topics(self):
        return yaml.safe_load((self.root / "topics.yaml").read_text("utf-8"))

    def put_topics(self, value) -> None:
        text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
        (self.root / "topics.yaml").write_text(text, "utf-8")

    def add_second_log(self) -> None:
        """`portal.log` beside `directory.log`, whatever the house has today."""
        topics = self.topics()
        log = copy.deepcopy(topics["topics"]["directory.log"])
        log.update(owner="portal", producers=["portal"], consumers={})
        topics["topics"]["portal.log"] = log
        self.put_topics(topics)

    def remove(self, path: str) -> None:
        (self.root / path).unlink()


@pytest.fixture
def house(tmp_path: Path) -> House:
    for folder in ("events", "examples", "api"):
        shutil.copytree(ROOT / folder, tmp_path / "contracts" / folder)
    shutil.copy(ROOT / "topics.yaml", tmp_path / "contracts")
    shutil.copytree(ROOT.parent / MODELS, tmp_path / MODELS)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT.parent / "docs/event-map.md", tmp_path / "docs")
    return House(tmp_path)


@pytest.fixture
def agencies(house: House) -> House:
    """The house with agencies alone, heard by the portal alone, and no HTTP."""
    topics = house.topics()
    agency = topics["topics"]["directory.agency"]
    agency["consumers"] = {"portal": agency["consumers"]["portal"]}
    house.put_topics({"topics": {"directory.agency": agency}})
    for name in read_schemas(house.root):
        if name.type not in agency["facts"]:
            house.remove(f"events/{name.schema_file}")
            shutil.rmtree(house.root / "examples" / str(name))
    for file in (house.root / "api").glob("*.openapi.json"):
        file.unlink()
    return house
