"""Rules of the house for Python, as small readings of the syntax tree, each with its reason."""

import ast
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch

import pytest

Fault = tuple[int, str]
Rule = Callable[[ast.Module, str], Iterator[Fault]]

PURE = (
    "libs/rulebook/src/*",
    "services/*/domain*",
    "services/*/usecases*",
    "services/*/projections*",
)
CLOCK_DOORS = (
    "libs/common/src/common/moments.py",
    "libs/common/src/common/world.py",
    "libs/rulebook/src/rulebook/cli*",  # a person at a shell asks about today
)
MONGO_DOORS = ("libs/common/src/common/mongo/*", "libs/common/src/common/blobs*", "libs/embedded/*")
KAFKA_DOORS = ("libs/common/src/common/kafka/*", "libs/embedded/*")
FAULTS = ("tests/integration/test_faults.py",)
MEASURES = ("bench/*",)
TESTS = ("*/tests/*", "tests/*", "bench/*")


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)


def is_source(path: str) -> bool:
    return "/src/" in path


def is_test(path: str) -> bool:
    return matches(path, TESTS)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute, else ''."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


# -- the rules --------------------------------------------------------------------------------


def opens_with_its_job(tree: ast.Module, path: str) -> Iterator[Fault]:
    """Every module opens with one sentence on its job."""
    if tree.body and not ast.get_docstring(tree):
        yield 1, "no docstring"


AMBIENT = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic)|utc_now)$"
    r"|^(random|secrets|uuid|uuid_utils|os\.urandom)(\.|$)|^uuid[1-8]$"
)


def takes_time_and_chance_as_arguments(tree: ast.Module, path: str) -> Iterator[Fault]:
    """A rule that reads the clock or throws dice cannot be replayed."""
    if matches(path, PURE) and not matches(path, (*CLOCK_DOORS, "libs/rulebook/*/testing/*")):
        yield from ((node.lineno, name) for node, name in calls(tree) if AMBIENT.search(name))


NOW = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today)$")


def asks_the_world_for_the_time(tree: ast.Module, path: str) -> Iterator[Fault]:
    """One clock for all: tests and simulation set it, and everything else follows."""
    if is_source(path) and not matches(path, (*CLOCK_DOORS, "libs/embedded/*")):
        yield from ((node.lineno, name) for node, name in calls(tree) if NOW.search(name))


def leaves_drivers_behind_their_door(tree: ast.Module, path: str) -> Iterator[Fault]:
    """A driver that stands in one place can be exchanged and simulated."""
    if not is_source(path):
        return
    for line, module in imports(tree):
        package = module.partition(".")[0]
        if package in {"motor", "pymongo", "bson", "gridfs"} and not matches(path, MONGO_DOORS):
            yield line, module
        if package in {"aiokafka", "faststream"} and not matches(path, KAFKA_DOORS):
            yield line, module


def looks_at_the_outcome(tree: ast.Module, path: str) -> Iterator[Fault]:
    """A patched name tests the wiring; a working fake tests what happens."""
    if not is_test(path):
        return
    for line, module in imports(tree):
        if module in {"unittest.mock", "mock", "pytest_mock"}:
            yield line, module
    for node, name in calls(tree):
        if name in {"monkeypatch.setattr", "mocker.patch"}:
            yield node.lineno, name


SLEEPS = {
    "test_what_another_process_commits_is_looked_for_together_and_not_at_every_bell": "virtual time",
    "test_a_lease_has_one_holder_and_a_rising_epoch": "the lease ends by the server's own clock",
    "test_a_virtual_hour_takes_no_time": "virtual time",
    "test_an_idle_reader_reacts_at_once": "idleness is what is measured",
    "test_of_two_transactions_on_one_document_one_runs_again": "the transactions must overlap",
}


def waits_for_conditions(tree: ast.Module, path: str) -> Iterator[Fault]:
    """A test that sleeps is slow on a good day and wrong on a bad one.

    A poll inside `while` waits for a condition. Where time itself is tested, `SLEEPS` says why;
    where faults are made (`FAULTS`), the moment and the length are the fault, and a load
    (`MEASURES`) is told its moments.
    """
    if not is_test(path) or matches(path, (*FAULTS, *MEASURES)):
        return
    polls = {
        id(node)
        for loop in ast.walk(tree)
        if isinstance(loop, ast.While)
        for node in ast.walk(loop)
    }
    told = {
        id(node) for test in ast.walk(tree) if _sleeps_with_reason(test) for node in ast.walk(test)
    }
    for node, name in calls(tree):
        if (
            name in {"time.sleep", "asyncio.sleep"}
            and not _is_zero(node)
            and id(node) not in polls | told
        ):
            yield node.lineno, name


def _sleeps_with_reason(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in SLEEPS


def _is_zero(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0


VAGUE = re.compile(r"(Manager|Helper|Util|Utils)$")


def says_what_it_is(tree: ast.Module, path: str) -> Iterator[Fault]:
    """`Manager`, `Helper` and `utils` hide what a thing does."""
    if re.search(r"/(utils?|helpers?|misc)\.py$", path):
        yield 1, path
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and VAGUE.search(node.name):
            yield node.lineno, node.name


RULES: tuple[Rule, ...] = (
    opens_with_its_job,
    takes_time_and_chance_as_arguments,
    asks_the_world_for_the_time,
    leaves_drivers_behind_their_door,
    looks_at_the_outcome,
    waits_for_conditions,
    says_what_it_is,
)


def parsed(sources: dict[str, str]) -> dict[str, ast.Module]:
    return {path: ast.parse(text) for path, text in sources.items() if path.endswith(".py")}


@pytest.fixture(scope="module")
def trees(sources) -> dict[str, ast.Module]:
    return parsed(sources)


def faults(rule: Rule, trees: dict[str, ast.Module]) -> list[str]:
    return [
        f"{path}:{line}: {what}" for path, tree in trees.items() for line, what in rule(tree, path)
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule, trees):
    assert faults(rule, trees) == []


SEEDED = [
    (opens_with_its_job, "libs/x/src/x/a.py", "import os\n"),
    (takes_time_and_chance_as_arguments, "libs/rulebook/src/rulebook/a.py", "datetime.now(UTC)"),
    (takes_time_and_chance_as_arguments, "services/a/src/a/domain.py", "date.today()"),
    (takes_time_and_chance_as_arguments, "services/a/src/a/domain/b.py", "uuid.uuid4()"),
    (takes_time_and_chance_as_arguments, "services/a/src/a/usecases.py", "random.random()"),
    (takes_time_and_chance_as_arguments, "services/a/src/a/projections.py", "time.time()"),
    (asks_the_world_for_the_time, "services/a/src/a/main.py", "datetime.datetime.now(UTC)"),
    (leaves_drivers_behind_their_door, "services/a/src/a/queries.py", "from pymongo import X"),
    (leaves_drivers_behind_their_door, "libs/common/src/common/relay.py", "import aiokafka.admin"),
    (looks_at_the_outcome, "services/a/tests/test_a.py", "from unittest.mock import Mock"),
    (looks_at_the_outcome, "tests/integration/test_a.py", "monkeypatch.setattr('a', 1)"),
    (waits_for_conditions, "libs/a/tests/test_a.py", "time.sleep(1)"),
    (waits_for_conditions, "tests/integration/test_a.py", "asyncio.sleep(0.1)"),
    (says_what_it_is, "services/a/src/a/helpers.py", ""),
    (says_what_it_is, "services/a/src/a/main.py", "class ArticleManager: ..."),
]


@pytest.mark.parametrize(("rule", "path", "text"), SEEDED)
def test_each_rule_finds_its_fault(rule, path, text):
    assert faults(rule, parsed({path: text}))


ALLOWED = [
    (opens_with_its_job, "libs/x/src/x/__init__.py", ""),
    (takes_time_and_chance_as_arguments, "services/a/src/a/main.py", "uuid.uuid4()"),
    (takes_time_and_chance_as_arguments, "services/a/src/a/domain.py", "case.now()\ntimes.today"),
    (asks_the_world_for_the_time, "libs/common/src/common/moments.py", "datetime.now(UTC)"),
    (leaves_drivers_behind_their_door, "libs/common/src/common/mongo/a.py", "import pymongo"),
    (waits_for_conditions, "libs/a/tests/test_a.py", "asyncio.sleep(0)"),
    (waits_for_conditions, "libs/a/tests/test_a.py", "while not true(): time.sleep(0.02)"),
]


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_no_rule_cries_wolf(rule, path, text):
    assert faults(rule, parsed({path: text})) == []


# -- comments that silence a tool --------------------------------------------------------------

SILENCED = re.compile(
    r"#\s*(?:noqa(?P<codes>:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?|(?:type|pyright):\s*ignore(?:\[[^\]]*\])?)(?P<reason>.*)"
)

REASONED_ONCE = {
    "FBT003": "a record is filled in order",
    "SIM905": "a line of words reads better than a list",
    "PLR2004": "the number is that of a weekday or of the law, and the line says which",
}
FAKES = (*TESTS, "*/testing/*")


def unreasoned(sources: dict[str, str]) -> list[str]:
    """Comments that silence a linter or type checker without saying why beside it.

    `REASONED_ONCE` gives the reason for codes that have the same one everywhere. Fakes and
    builders of tests take what the types forbid, so there a type checker may be silent.
    """
    return [
        f"{path}:{number}: {found.group(0)}"
        for path, text in sources.items()
        if path.endswith(".py")
        for number, line in enumerate(text.splitlines(), 1)
        if (found := SILENCED.search(line)) and not _reasoned(found, path)
    ]


def _reasoned(found: re.Match[str], path: str) -> bool:
    codes = re.findall(r"[A-Z]+[0-9]+", found["codes"] or "")
    if codes and all(code in REASONED_ONCE for code in codes):
        return True
    if codes == [] and "noqa" not in found.group(0) and matches(path, FAKES):
        return True
    return len(found["reason"].strip(" -—:,#()")) > 2


def test_a_silenced_tool_has_its_reason_beside(sources):
    here = "tests/architecture/test_code_rules.py"

    assert unreasoned({path: text for path, text in sources.items() if path != here}) == []


SRC, FAKE = "libs/a/src/a/b.py", "libs/a/src/a/testing/b.py"


@pytest.mark.parametrize(
    ("path", "line", "silent"),
    [
        (SRC, "x = 1  # noqa: S101", True),
        (SRC, "x = 1  # noqa", True),
        (SRC, "x = 1  # noqa: PLR2004, S101", True),
        (SRC, "x = y  # type: ignore[arg-type]", True),
        (SRC, "x = y  # pyright: ignore[reportArgumentType]", True),
        (FAKE, "x = 1  # noqa: S101", True),
        (FAKE, "x = y  # pyright: ignore[reportArgumentType]", False),
        (SRC, "x = 1  # noqa: PLR2004", False),
        (SRC, "x = y  # pyright: ignore[reportX] — the stub lacks it", False),
        (SRC, "x = 1  # noqa: S101, S102 — our own text", False),
        (SRC, "x = 1  # noqa: S101 - our own text", False),
    ],
)
def test_an_unreasoned_silence_is_found(path, line, silent):
    assert bool(unreasoned({path: line})) is silent
