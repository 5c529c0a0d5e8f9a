"""Each service has its anatomy, its README, and hears exactly what topics.yaml says it hears."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import pytest

from common.consumer.hears import Hears
from contracts import topics
from contracts.events import AgencyEndedV1, AgencyRegisteredV1
from contracts.names import FactName
from contracts.topics import Topics

README_WORDS = ("decides", "owns", "hears", "tells")
ALWAYS = ("main", "routes", "settings")
TOPICS = topics.load()


def services(repository: Path) -> list[str]:
    return sorted(path.name for path in (repository / "services").iterdir() if path.is_dir())


def modules(repository: Path, service: str) -> set[str]:
    folder = repository / "services" / service / "src" / service
    return {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}


def built(repository: Path, service: str) -> bool:
    return "main" in modules(repository, service)


@pytest.fixture(params=services(Path(__file__).resolve().parents[2]))
def service(request) -> str:
    return request.param


@pytest.fixture
def built_service(service, repository) -> str:
    if not built(repository, service):
        pytest.skip(f"{service} has no main.py yet")
    return service


# -- anatomy and README -----------------------------------------------------------------------


def test_a_service_has_a_readme_and_a_manifest(service, repository):
    folder = repository / "services" / service

    assert (folder / "README.md").read_text("utf-8").startswith(f"# {service}\n")
    assert (folder / "pyproject.toml").is_file()


def test_a_readme_says_what_the_service_decides_owns_hears_and_tells(built_service, repository):
    text = (repository / "services" / built_service / "README.md").read_text("utf-8").lower()

    assert [word for word in README_WORDS if word not in text] == []


def test_a_service_has_the_modules_everybody_looks_for(built_service, repository):
    found = modules(repository, built_service)

    assert [name for name in ALWAYS if name not in found] == []
    assert ("consumers" in found) == bool(TOPICS.heard_by(built_service))


def test_a_service_that_is_a_member_is_a_layer_too(service, repository):
    text = (repository / "pyproject.toml").read_text("utf-8")
    layers = text.partition("[tool.importlinter]")[2]

    assert f'"nhipcau-{service}",' in text
    assert layers.count(f'"{service}"') >= 2, f"{service} must be a root package and a container"


def test_topics_name_services_that_exist(repository):
    named = {topic.owner for topic in TOPICS.all} | {s for t in TOPICS.all for s in t.consumers}

    assert sorted(named - set(services(repository))) == []


# -- what a service hears ---------------------------------------------------------------------


def dispatch_tables(service: str) -> list[Hears]:
    """Every consumer that `<service>.consumers` declares, alone or in a collection."""
    values = vars(import_module(f"{service}.consumers")).values()
    several = [item for value in values if isinstance(value, tuple | list) for item in value]
    found = [value for value in (*values, *several) if isinstance(value, Hears)]
    return list({table.name: table for table in found}.values())


def differences(service: str, tables: Iterable[Hears], house: Topics) -> list[str]:
    """What tables and topics.yaml say differently about what a service hears."""
    tables = list(tables)
    listed = {name for names in house.heard_by(service).values() for name in names}
    heard = {model.name() for table in tables for model in table.handlers}
    wrong = [f"{name} is heard, but topics.yaml does not say so" for name in sorted(heard - listed)]
    wrong += [f"{name} is listed in topics.yaml, but not heard" for name in sorted(listed - heard)]
    for table in tables:
        for name in sorted(model.name() for model in table.handlers):
            wrong += _not_newest(table, name, house)
    return wrong


def _not_newest(table: Hears, name: FactName, house: Topics) -> list[str]:
    newest = house.newest(name.type)
    return [f"{table.name} hears {name}, but v{newest} is sent"] if name.version != newest else []


def test_dispatch_tables_equal_topics_yaml(built_service, repository):
    heard = TOPICS.heard_by(built_service)
    if "consumers" not in modules(repository, built_service):
        assert heard == {}
        return
    assert differences(built_service, dispatch_tables(built_service), TOPICS) == []


def nothing(fact, seen) -> tuple[()]:
    return ()


def table(*models) -> Hears:
    return Hears("seeded", dict.fromkeys(models, nothing))


def portal_hears(*names: str) -> Topics:
    return topics.parse(
        f"""
topics:
  directory.agency:
    description: Agencies.
    owner: directory
    key: stream
    partitions: 1
    retention: forever
    producers: [directory]
    consumers: {{ portal: [{", ".join(names)}] }}
    facts:
      directory.agency_registered: {{ versions: [1], visibility: public }}
      directory.agency_ended: {{ versions: [1, 2], visibility: public }}
""".encode()
    )


@pytest.mark.parametrize(
    ("listed", "tables", "difference"),
    [
        (["directory.agency_registered.v1"], [table(AgencyRegisteredV1)], []),
        (
            ["directory.agency_registered.v1"],
            [],
            ["directory.agency_registered.v1 is listed in topics.yaml, but not heard"],
        ),
        (
            [],
            [table(AgencyRegisteredV1)],
            ["directory.agency_registered.v1 is heard, but topics.yaml does not say so"],
        ),
        (
            ["directory.agency_ended.v1"],
            [table(AgencyEndedV1)],
            ["seeded hears directory.agency_ended.v1, but v2 is sent"],
        ),
    ],
    ids=["the same", "not heard", "not listed", "an old version"],
)
def test_a_table_that_differs_from_topics_yaml_is_found(listed, tables, difference):
    assert differences("portal", tables, portal_hears(*listed)) == difference
