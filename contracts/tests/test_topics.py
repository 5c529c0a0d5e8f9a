"""The loader: who owns a topic, what it carries, who hears it."""

import pytest

from contracts import topics
from contracts.events import FACTS, AgencyRegisteredV1, SealedV1, model_of
from contracts.events.topics import DIRECTORY_AGENCY
from contracts.names import FactName
from contracts.place import BrokenContract
from contracts.topics import SeveralTopics, UnknownFact, Visibility

HOUSE = topics.load()


def test_a_fact_has_one_topic():
    assert HOUSE.topic_of("directory.agency_registered").name == DIRECTORY_AGENCY
    assert HOUSE.topic_of("directory.agency_registered", "directory").owner == "directory"


def test_a_fact_of_every_log_needs_its_service(house):
    house.add_second_log()
    two_logs = topics.read(house.root)

    assert two_logs.topic_of("log.sealed", "portal").name == "portal.log"
    assert {t.name for t in two_logs.carrying("log.sealed")} >= {"directory.log", "portal.log"}
    with pytest.raises(SeveralTopics, match=r"directory\.log, .*portal\.log"):
        two_logs.topic_of("log.sealed")


def test_a_fact_of_every_log_names_its_topic_by_the_service():
    assert SealedV1.TOPIC == "{service}.log"
    assert SealedV1.topic_for("intake") == "intake.log"


@pytest.mark.parametrize(
    ("fact_type", "service"), [("directory.nothing", None), ("directory.agency_ended", "portal")]
)
def test_an_unknown_fact_is_refused(fact_type, service):
    with pytest.raises(UnknownFact):
        HOUSE.topic_of(fact_type, service)


def test_topics_keep_their_facts_for_ever():
    assert {topic.retention_ms for topic in HOUSE.all} == {-1}


def test_newest_version_and_visibility():
    assert HOUSE.newest("directory.agency_changed") == 1
    assert HOUSE.visibility("log.heartbeat") is Visibility.INTERNAL
    assert HOUSE.visibility("directory.agency_changed") is Visibility.PUBLIC


def test_what_a_service_hears_is_named_with_versions():
    heard = HOUSE.heard_by("portal")

    assert FactName("directory.agency_succeeded", 1) in heard["directory.agency"]
    assert HOUSE.heard_by("nobody") == {}


def test_every_fact_has_a_model_that_says_where_it_goes():
    assert {FactName(*key) for key in FACTS} == set(HOUSE.names())
    for (fact_type, version), model in FACTS.items():
        assert (fact_type, version) == (model.TYPE, model.VERSION)
        assert HOUSE.visibility(fact_type) == model.VISIBILITY
        for topic in HOUSE.carrying(fact_type):
            assert model.topic_for(topic.owner) == topic.name


def test_models_are_found_by_their_name_on_the_wire():
    assert model_of("directory.agency_registered.v1") is AgencyRegisteredV1
    assert model_of("log.sealed.v1") is SealedV1
    with pytest.raises(KeyError):
        model_of("directory.agency_registered.v9")
    with pytest.raises(ValueError, match="not a fact name"):
        model_of("directory.agency_registered")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"topics: [", "while parsing"),
        (b"\xff", "unacceptable character|can't decode|invalid start byte"),
        (b"topics: {directory.agency: {}}", "Field required"),
        (b"topic: {}", "topics: Field required"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content, problem):
    with pytest.raises(BrokenContract, match=f"topics.yaml: .*({problem})"):
        topics.parse(content)


def test_a_setting_nobody_knows_is_refused(house):
    written = house.topics()
    written["topics"]["directory.agency"]["compacted"] = True
    house.put_topics(written)

    with pytest.raises(BrokenContract, match="compacted: Extra inputs are not permitted"):
        topics.read(house.root)


@pytest.mark.parametrize("retention", ["compact", 604_800_000])
def test_a_fact_topic_is_never_compacted_nor_cut(house, retention):
    written = house.topics()
    written["topics"]["directory.agency"]["retention"] = retention
    house.put_topics(written)

    with pytest.raises(BrokenContract, match="retention"):
        topics.read(house.root)
