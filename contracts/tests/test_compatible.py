"""Nobody is let down by a change: every kind of breaking change is found, every other passes."""

import copy
import subprocess

import pytest

from contracts.check import compatible, http_change
from contracts.check.__main__ import main
from contracts.check.base import Base, NoBase, find

REGISTERED = "events/directory.agency_registered.v1.schema.json"


def git(house, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=Thử", "-c", "user.email=thu@example.org", *arguments],
        cwd=house.repository,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()


def commit(house, message: str) -> str:
    git(house, "add", "-A")
    git(house, "commit", "-q", "--allow-empty", "-m", message)
    return git(house, "rev-parse", "HEAD")


@pytest.fixture
def committed(house):
    """The house as the first commit of main, with a branch checked out for the change."""
    house.add_second_log()
    git(house, "init", "-q", "-b", "main")
    house.first = commit(house, "first")
    git(house, "checkout", "-q", "-b", "change")
    commit(house, "second")
    return house


def broken(house) -> str:
    base = find(house.root)
    assert isinstance(base, Base), base
    return "\n".join(str(problem) for problem in compatible.problems(house.root, base))


# -- the base ---------------------------------------------------------------------------------


def test_the_base_is_where_the_branch_left_main(committed):
    base = find(committed.root)

    assert isinstance(base, Base)
    assert base.commit == committed.first
    assert REGISTERED in base.files
    assert "topics.yaml" in base.files
    assert not any(path.startswith("examples/") for path in base.files)


def test_on_main_itself_the_base_is_the_commit_before(committed):
    git(committed, "checkout", "-q", "main")
    commit(committed, "on main")

    base = find(committed.root)

    assert isinstance(base, Base)
    assert base.commit == committed.first


def test_a_base_can_be_named(committed):
    base = find(committed.root, "HEAD^")

    assert isinstance(base, Base)
    assert base.commit == committed.first


@pytest.mark.parametrize(
    ("prepare", "ref", "reason"),
    [
        (lambda _: None, None, "this is no git checkout"),
        (lambda house: git(house, "init", "-q"), None, "no commit in common with main"),
        (
            lambda house: (git(house, "init", "-q", "-b", "main"), commit(house, "first")),
            None,
            "and none before",
        ),
        (
            lambda house: (git(house, "init", "-q", "-b", "main"), commit(house, "first")),
            "v0.9",
            "no commit in common with v0.9",
        ),
    ],
)
def test_no_base_says_why(house, prepare, ref, reason):
    prepare(house)

    base = find(house.root, ref)

    assert isinstance(base, NoBase)
    assert reason in base.reason


def test_a_base_from_before_the_contracts_says_so(house):
    git(house, "init", "-q", "-b", "main")
    git(house, "commit", "-q", "--allow-empty", "-m", "empty")
    commit(house, "contracts")

    base = find(house.root)

    assert isinstance(base, NoBase)
    assert "has no contracts yet" in base.reason


# -- facts ------------------------------------------------------------------------------------


BREAKING = [
    (lambda s: s["properties"].pop("note"), "#/properties/note was removed"),
    (lambda s: s["required"].append("domain"), "# newly requires domain"),
    (lambda s: s["required"].remove("kind"), "# no longer guarantees kind"),
    (lambda s: s["properties"]["name_vi"].update(type="integer"), "name_vi type changed"),
    (
        lambda s: s["properties"]["valid_from"].update(format="date-time"),
        "valid_from format changed",
    ),
    (lambda s: s["properties"]["domain"].pop("format"), "domain format changed"),
    (lambda s: s["properties"]["site"].update(pattern="^.*$"), "site pattern changed"),
    (lambda s: s["properties"]["note"].update(pattern="^.*$"), "note pattern changed"),
    (lambda s: s["properties"]["kind"]["enum"].append("ministry"), "kind enum gained ['ministry']"),
    (lambda s: s["properties"]["kind"]["enum"].remove("office"), "kind enum lost ['office']"),
    (lambda s: s["properties"]["kind"].pop("enum"), "kind enum vanished"),
    (
        lambda s: s["properties"]["note"].update(maxLength=2000),
        "note maxLength changed from 1000 to 2000",
    ),
    (
        lambda s: s["properties"]["note"].update(maxLength=10),
        "note maxLength changed from 1000 to 10",
    ),
    (
        lambda s: s["properties"]["note"].pop("maxLength"),
        "note maxLength changed from 1000 to None",
    ),
    (lambda s: s["properties"]["supplies"].pop("uniqueItems"), "supplies uniqueItems changed"),
    (
        lambda s: s["properties"]["supplies"]["items"].update(maxLength=9),
        "supplies/items maxLength",
    ),
    (lambda s: s["properties"].update(note={"$ref": "#/$defs/none"}), "note type changed"),
    (lambda s: s["properties"].update(note=True), "#/properties/note changed"),
    (lambda s: s.update(anyOf=[{"required": ["domain"]}]), "# anyOf has 1 parts instead of 0"),
    (lambda s: s.update(additionalProperties=False), "# additionalProperties changed"),
]


@pytest.mark.parametrize(("change", "problem"), BREAKING, ids=[p for _, p in BREAKING])
def test_a_breaking_change_of_a_fact_is_found(committed, change, problem):
    schema = committed.json(REGISTERED)
    change(schema)
    committed.put_json(REGISTERED, schema)

    found = broken(committed)

    assert problem in found
    assert "make a new version instead" in found


def test_a_breaking_change_behind_a_reference_is_found(committed):
    path = "events/directory.agency_ended.v1.schema.json"
    schema = committed.json(path)
    schema["$defs"]["document"]["properties"].pop("issuer")
    committed.put_json(path, schema)

    assert "#/properties/document/properties/issuer was removed" in broken(committed)


HARMLESS = {
    "new optional field": lambda s: s["properties"].update(seal={"type": "string", "maxLength": 9}),
    "other description": lambda s: s["properties"]["note"].update(description="Other words."),
    "other title": lambda s: s.update(title="Other title"),
    "examples": lambda s: s["properties"]["note"].update(examples=["…"]),
    "other order": lambda s: s["required"].reverse(),
    "unused definition": lambda s: s.update({"$defs": {"unused": {"type": "string"}}}),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_change_of_a_fact_passes(committed, change):
    schema = committed.json(REGISTERED)
    change(schema)
    committed.put_json(REGISTERED, schema)

    assert broken(committed) == ""


def test_a_part_moved_behind_a_reference_passes(committed):
    schema = committed.json(REGISTERED)
    schema["$defs"] = {"note": schema["properties"]["note"]}
    schema["properties"]["note"] = {"$ref": "#/$defs/note"}
    committed.put_json(REGISTERED, schema)

    assert broken(committed) == ""


def test_a_removed_schema_is_found(committed):
    committed.remove(REGISTERED)

    assert f"{REGISTERED}: was removed" in broken(committed)


def test_a_schema_that_is_no_json_is_found(committed):
    (committed.root / REGISTERED).write_text("{")

    assert f"{REGISTERED}: cannot be compared" in broken(committed)


def test_a_new_version_beside_the_old_one_passes(committed):
    schema = committed.json(REGISTERED)
    schema["properties"].pop("note")
    committed.put_json("events/directory.agency_registered.v2.schema.json", schema)
    topics = committed.topics()
    facts = topics["topics"]["directory.agency"]["facts"]
    facts["directory.agency_registered"]["versions"] = [1, 2]
    committed.put_topics(topics)

    assert broken(committed) == ""


# -- topics -----------------------------------------------------------------------------------


TOPICS = [
    (lambda t: t.pop("portal.log"), "portal.log was removed"),
    (lambda t: t["directory.agency"].update(partitions=1), "partitions shrank from "),
    (lambda t: t["directory.agency"].update(owner="portal"), "owner changed"),
    (
        lambda t: t["directory.agency"]["facts"].pop("directory.agency_ended"),
        "directory.agency_ended was removed",
    ),
    (
        lambda t: t["directory.agency"]["facts"]["directory.agency_ended"].update(versions=[2]),
        "directory.agency_ended lost v1",
    ),
    (
        lambda t: t["portal.log"]["facts"]["log.sealed"].update(visibility="internal"),
        "log.sealed is seen by fewer: internal",
    ),
]


@pytest.mark.parametrize(("change", "problem"), TOPICS, ids=[p for _, p in TOPICS])
def test_a_breaking_change_of_a_topic_is_found(committed, change, problem):
    topics = committed.topics()
    change(topics["topics"])
    committed.put_topics(topics)

    assert problem in broken(committed)


def test_more_partitions_readers_and_topics_pass(committed):
    topics = committed.topics()
    topics["topics"]["directory.agency"]["partitions"] = 12
    topics["topics"]["directory.agency"]["consumers"]["intake"] = ["directory.agency_ended.v1"]
    topics["topics"]["directory.castle"] = topics["topics"]["directory.log"]
    committed.put_topics(topics)

    assert broken(committed) == ""


# -- HTTP -------------------------------------------------------------------------------------


API = {
    "openapi": "3.1.0",
    "info": {"title": "directory", "version": "1"},
    "paths": {
        "/agencies": {
            "get": {
                "operationId": "agencies",
                "parameters": [
                    {"in": "query", "name": "on", "schema": {"type": "string", "format": "date"}},
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100}},
                ],
                "responses": {
                    "200": {
                        "description": "ok",
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Page"}}
                        },
                    },
                    "404": {"description": "none"},
                },
            },
            "post": {
                "operationId": "register",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/New"}}
                    },
                },
                "responses": {"201": {"description": "done"}},
            },
        }
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "required": ["items"],
                "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Agency"}},
                    "next": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
            },
            "Agency": {
                "type": "object",
                "required": ["id", "status"],
                "properties": {
                    "id": {"type": "string"},
                    "status": {"type": "string", "enum": ["open", "ended"]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Agency"}},
                },
            },
            "New": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 200},
                    "kind": {"type": "string", "enum": ["office", "department"]},
                },
            },
        }
    },
}
GET = API["paths"]["/agencies"]["get"]


def changed(change) -> list[str]:
    new = copy.deepcopy(API)
    change(new)
    return list(http_change.broken(API, new))


def get(document):
    return document["paths"]["/agencies"]["get"]


def post(document):
    return document["paths"]["/agencies"]["post"]


def schemas(document):
    return document["components"]["schemas"]


HTTP = [
    (lambda d: d["paths"].pop("/agencies"), "GET /agencies was removed"),
    (lambda d: d["paths"]["/agencies"].pop("post"), "POST /agencies was removed"),
    (lambda d: get(d)["parameters"].pop(0), "query parameter on was removed"),
    (lambda d: get(d)["parameters"][0].update(required=True), "parameter on is newly required"),
    (
        lambda d: get(d)["parameters"].append({"in": "header", "name": "site", "required": True}),
        "header parameter site is newly required",
    ),
    (lambda d: get(d)["parameters"][0]["schema"].pop("format"), "parameter on format changed"),
    (lambda d: get(d)["parameters"][1]["schema"].update(maximum=10), "limit maximum changed"),
    (lambda d: get(d)["responses"].pop("404"), "answer 404 was removed"),
    (lambda d: get(d)["responses"]["200"].pop("headers"), "header ETag was removed"),
    (lambda d: get(d)["responses"]["200"].pop("content"), "application/json was removed"),
    (lambda d: get(d).update(operationId="list"), "operationId changed"),
    (lambda d: post(d).update(security=[{"oidc": []}]), "newly requires a sign-in"),
    (lambda d: post(d).pop("requestBody"), "request body was removed"),
    (lambda d: get(d).update(requestBody={"required": True}), "request body is newly required"),
    (lambda d: schemas(d)["New"]["required"].append("kind"), "newly requires kind"),
    (lambda d: schemas(d)["New"]["properties"].pop("kind"), "kind was removed"),
    (lambda d: schemas(d)["New"]["properties"]["kind"]["enum"].pop(), "kind enum lost"),
    (
        lambda d: schemas(d)["New"]["properties"]["name"].update(maxLength=9),
        "name maxLength changed",
    ),
    (lambda d: schemas(d)["Page"]["required"].clear(), "no longer guarantees items"),
    (lambda d: schemas(d)["Page"]["properties"]["next"]["anyOf"].pop(), "next anyOf has 1 parts"),
    (lambda d: schemas(d)["Agency"]["properties"].pop("id"), "items/properties/id was removed"),
    (lambda d: schemas(d)["Agency"]["properties"]["status"]["enum"].append("x"), "enum gained"),
]


@pytest.mark.parametrize(("change", "problem"), HTTP, ids=[p for _, p in HTTP])
def test_a_breaking_change_of_http_is_found(change, problem):
    assert any(problem in text for text in changed(change)), changed(change)


HARMLESS_HTTP = {
    "nothing": dict.items,
    "new path": lambda d: d["paths"].update({"/castles": {"get": {}}}),
    "new parameter": lambda d: get(d)["parameters"].append({"in": "query", "name": "q"}),
    "other order": lambda d: get(d)["parameters"].reverse(),
    "wider parameter": lambda d: get(d)["parameters"][1]["schema"].update(maximum=500),
    "new answer": lambda d: get(d)["responses"].update({"304": {"description": "same"}}),
    "new field asked": lambda d: schemas(d)["New"]["properties"].update(note={"type": "string"}),
    "less required": lambda d: schemas(d)["New"]["required"].clear(),
    "more to choose": lambda d: schemas(d)["New"]["properties"]["kind"]["enum"].append("division"),
    "less answered": lambda d: schemas(d)["Agency"]["properties"]["status"]["enum"].pop(),
    "more promised": lambda d: schemas(d)["Agency"]["required"].append("parts"),
    "new bound said": lambda d: schemas(d)["Agency"]["properties"]["id"].update(maxLength=64),
}


@pytest.mark.parametrize("change", HARMLESS_HTTP.values(), ids=HARMLESS_HTTP)
def test_a_harmless_change_of_http_passes(change):
    assert changed(change) == []


def test_an_openapi_document_is_compared_with_its_base(committed):
    git(committed, "checkout", "-q", "main")
    committed.put_json("api/directory.openapi.json", API)
    commit(committed, "api")
    git(committed, "checkout", "-q", "-B", "change")
    commit(committed, "change")
    new = copy.deepcopy(API)
    del new["paths"]["/agencies"]["post"]
    committed.put_json("api/directory.openapi.json", new)

    assert broken(committed) == "api/directory.openapi.json: POST /agencies was removed"


def test_a_removed_openapi_document_is_found(agencies):
    base = Base("0" * 40, {"api/directory.openapi.json": b"{}"})

    found = compatible.problems(agencies.root, base)

    assert [str(problem) for problem in found] == ["api/directory.openapi.json: was removed"]


# -- the command ------------------------------------------------------------------------------


def test_the_command_passes_on_the_house_and_names_each_check(capsys):
    assert main([]) == 0

    said = capsys.readouterr().out
    assert "FAIL" not in said
    assert said.count("contracts: ") >= 5


def test_the_command_fails_on_a_base_that_git_does_not_know(capsys):
    assert main(["--base", "no-such-ref"]) == 1

    assert "FAIL compatible: nothing to compare with" in capsys.readouterr().out
