"""Each service has its anatomy, its README, and hears exactly what topics.yaml says it hears."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

import pytest

from common.consumer.hears import Hears
from common.consumer.lives import log_of
from common.service import all_hears
from common.settings import ServiceSettings, load
from contracts import topics
from contracts.events import AgencyEndedV1, AgencyRegisteredV1, HeartbeatV1
from contracts.names import FactName
from contracts.topics import Topics

ALWAYS = ("main", "routes")
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
    tells = any(topic.owner == built_service for topic in TOPICS.all)
    wanted = ("decides", "owns", "hears", *(("tells",) if tells else ()))

    assert [word for word in wanted if word not in text] == []


def test_a_service_has_the_modules_everybody_looks_for(built_service, repository):
    found = modules(repository, built_service)

    assert [name for name in ALWAYS if name not in found] == []


def test_a_service_that_is_a_member_is_a_layer_too(service, repository):
    text = (repository / "pyproject.toml").read_text("utf-8")
    layers = text.partition("[tool.importlinter]")[2]

    assert f'"nhipcau-{service}",' in text
    assert layers.count(f'"{service}"') >= 2, f"{service} must be a root package and a container"


def test_topics_name_services_that_exist(repository):
    named = {topic.owner for topic in TOPICS.all} | {s for t in TOPICS.all for s in t.consumers}

    assert sorted(named - set(services(repository))) == []


# -- what a service hears ---------------------------------------------------------------------


Heard = frozenset[tuple[str, FactName]]


def dispatch_tables(service: str) -> Sequence[Hears]:
    """The tables a service starts its consumers with, that for heartbeats among them."""
    parts = import_module(f"{service}.main").PARTS
    return all_hears(load(ServiceSettings, service=service), parts)


def heard(tables: Iterable[Hears]) -> Heard:
    """Topic and fact of every entry of dispatch tables."""
    return frozenset(
        (model.topic_for(log), model.name())
        for table in tables
        for log in (table.logs_of or ("",))
        for model in table.handlers
    )


def differences(service: str, tables: Iterable[Hears], house: Topics) -> list[str]:
    """What tables and topics.yaml say differently about what a service hears."""
    listed = {(topic, n) for topic, names in house.heard_by(service).items() for n in names}
    found = heard(tables)
    unlisted = [f"hears {name} on {topic} unlisted" for topic, name in sorted(found - listed)]
    unheard = [f"{name} on {topic} is listed, not heard" for topic, name in sorted(listed - found)]
    old = [
        f"hears {n}, but v{house.newest(n.type)} is sent"
        for _, n in sorted(found)
        if _old(n, house)
    ]
    return unlisted + unheard + old


def _old(name: FactName, house: Topics) -> bool:
    return name.version != house.newest(name.type)


def test_dispatch_tables_equal_topics_yaml(built_service):
    assert differences(built_service, dispatch_tables(built_service), TOPICS) == []


def test_a_service_hears_the_heartbeat_of_every_log_it_hears(built_service):
    """A log that was restored may have nothing else to tell of its new life."""
    found = heard(dispatch_tables(built_service))

    logs = {log_of(topic) for topic, _ in found}
    assert {log_of(topic) for topic, name in found if name.type == HeartbeatV1.TYPE} == logs


def test_no_two_tables_of_a_service_share_a_name(built_service):
    names = [table.name for table in dispatch_tables(built_service)]

    assert len(set(names)) == len(names)


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


AGENCY = "directory.agency"


@pytest.mark.parametrize(
    ("listed", "tables", "difference"),
    [
        (["directory.agency_registered.v1"], [table(AgencyRegisteredV1)], []),
        (
            ["directory.agency_registered.v1"],
            [],
            [f"directory.agency_registered.v1 on {AGENCY} is listed, not heard"],
        ),
        (
            [],
            [table(AgencyRegisteredV1)],
            [f"hears directory.agency_registered.v1 on {AGENCY} unlisted"],
        ),
        (
            ["directory.agency_ended.v1"],
            [table(AgencyEndedV1)],
            ["hears directory.agency_ended.v1, but v2 is sent"],
        ),
    ],
    ids=["the same", "not heard", "not listed", "an old version"],
)
def test_a_table_that_differs_from_topics_yaml_is_found(listed, tables, difference):
    assert differences("portal", tables, portal_hears(*listed)) == difference


def test_a_fact_of_another_log_than_listed_is_found():
    beats = Hears("beats", {HeartbeatV1: nothing}, logs_of=("directory", "intake"))

    found = differences("portal", [beats], TOPICS)

    assert "hears log.heartbeat.v1 on intake.log unlisted" in found
