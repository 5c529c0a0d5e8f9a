"""The import rules of pyproject.toml hold, and each of them finds the import that breaks it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = {
    "layers": "services never import each other; libraries never import services",
    "anatomy": "inside a service, arrows point down",
    "rules": "rules are pure",
    "ports": "use cases know ports",
    "driver": "routes, consumers and clocks never call a driver themselves",
}

HOUSE = {
    "directory/__init__.py": "",
    "directory/main.py": "from directory import routes, consumers, settings\n",
    "directory/routes.py": "from directory import usecases, queries, domain\n",
    "directory/consumers.py": "from directory import projections\n",
    "directory/settings.py": "",
    "directory/usecases.py": "from directory import domain\n",
    "directory/projections.py": "import pymongo\nfrom directory import domain\n",
    "directory/queries.py": "from directory import projections, usecases, domain\n",
    "directory/domain.py": "from contracts import events\n",
    "portal/__init__.py": "",
    "portal/main.py": "from portal import routes, consumers\n",
    "portal/routes.py": "from portal import queries\n",
    "portal/consumers.py": "from portal import projections\n",
    "portal/projections.py": "",
    "portal/queries.py": "",
}


def lint(repository: Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run lint-imports; packages in `folder` stand before the installed ones."""
    path = {"PYTHONPATH": str(folder)} if folder else {}
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=repository,
        env={**os.environ, **path, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def build(folder: Path, changes: dict[str, str]) -> None:
    for name, text in {**HOUSE, **changes}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def broken(output: str) -> set[str]:
    lines = [line for line in output.splitlines() if line.endswith(" BROKEN")]
    return {key for key, name in NAMES.items() if any(line.startswith(name) for line in lines)}


def test_the_house_keeps_its_layers(repository):
    result = lint(repository)

    assert result.returncode == 0, result.stdout
    assert all(f"{name}" in result.stdout for name in NAMES.values())


def test_two_services_of_the_full_anatomy_pass(repository, tmp_path):
    build(tmp_path, {})

    result = lint(repository, tmp_path)

    assert result.returncode == 0, result.stdout


ONE_OF_EACH = {
    "portal/queries.py": "import directory.domain\n",
    "directory/helpers.py": "",
    "directory/domain.py": "import fastapi\n",
    "directory/usecases.py": "import faststream\n",
    "directory/routes.py": "import pymongo\n",
}


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        (ONE_OF_EACH, set(NAMES)),
        ({"directory/domain.py": "from directory import usecases\n"}, {"anatomy"}),
        ({"directory/routes.py": "from directory import consumers\n"}, {"anatomy"}),
        ({"directory/projections.py": "from directory import queries\n"}, {"anatomy"}),
        ({"directory/domain.py": "from common import telemetry\n"}, {"rules"}),
        ({"portal/consumers.py": "from aiokafka import AIOKafkaConsumer\n"}, {"driver"}),
    ],
    ids=["one of each", "upwards", "sideways", "past queries", "through another", "driver"],
)
def test_an_import_that_breaks_a_rule_is_found(repository, tmp_path, changes, rules):
    build(tmp_path, changes)

    result = lint(repository, tmp_path)

    assert broken(result.stdout) == rules, result.stdout
