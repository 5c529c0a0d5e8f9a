"""Whatever the published OpenAPI documents allow, and what they do not: the running services keep them."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from .conftest import House, an_agency

pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(280),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
DOCUMENTS = Path(__file__).parents[2] / "contracts" / "api"
EXAMPLES, FEWER = 25, 6
KNOWN = "fuzz.known"
ENOUGH = 6
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
fewer = settings(bounded, max_examples=FEWER)
directory = schemathesis.openapi.from_path(DOCUMENTS / "directory.openapi.json")
portal = schemathesis.openapi.from_path(DOCUMENTS / "portal.openapi.json")
intake = schemathesis.openapi.from_path(DOCUMENTS / "intake.openapi.json")
editorial = schemathesis.openapi.from_path(DOCUMENTS / "editorial.openapi.json")


@pytest.fixture(scope="module")
def known_agency(quiet_house: House) -> str:
    """An agency that is there, so that generated acts also meet something to act on."""
    answer = httpx.post(
        f"{quiet_house.processes['directory'].url}/agencies",
        json=an_agency(KNOWN),
        headers={"Authorization": f"Bearer {quiet_house.token}", "Idempotency-Key": "fuzz-known"},
    )
    assert answer.status_code == 201, answer.text
    return KNOWN


@pytest.fixture(scope="module")
def board_house(quiet_house: House) -> House:
    """The same house with the services that take in and edit."""
    for name in ("intake", "editorial"):
        quiet_house.service(name)
    quiet_house.wait_ready("intake", "editorial")
    for name in ("portal", "intake", "editorial"):
        wait_until_the_directory_is_heard(quiet_house, name)
    return quiet_house


def wait_until_the_directory_is_heard(house: House, service: str, within: float = 90) -> None:
    """A service that has not heard the directory's heartbeat refuses nobody: it says 503."""
    deadline = time.monotonic() + within
    headers = {"Authorization": f"Bearer {house.token}"}
    asked = f"{house.processes[service].url}/authority/hanam/approve"
    while (answer := httpx.get(asked, headers=headers)).status_code == 503:
        assert time.monotonic() < deadline, f"{service}: {answer.status_code} {answer.text}"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def told() -> Counter[str]:
    """How often each operation was answered with each status."""
    return Counter()


def ask(case: Any, house: House, service: str, agency: str) -> int:
    """Some cases as generated; the others made so that they come past the outermost checks."""
    coin = crc32(repr((case.query, case.path_parameters, case.headers, case.body)).encode())
    if coin % 4:
        _make_plausible(case, agency, known=coin % 3 > 0)
    headers = {"Authorization": f"Bearer {house.token}"}
    answer = case.call_and_validate(
        base_url=house.processes[service].url, headers=headers, timeout=20, checks=CHECKS
    )
    return answer.status_code


def _make_plausible(case: Any, agency: str, *, known: bool) -> None:
    """Generated positions, cursors and versions are nobody's; generated keys repeat themselves."""
    for name in [name for name in case.headers if name.lower() in {"after-position", "if-match"}]:
        del case.headers[name]
    for name in [name for name in case.query if name == "cursor"]:
        del case.query[name]
    if "agency_id" in case.path_parameters and known:
        case.path_parameters["agency_id"] = agency
    if case.method == "POST":
        case.headers["Idempotency-Key"] = str(uuid4())
    if isinstance(case.body, dict) and isinstance(case.body.get("kind"), str):
        case.body["kind"] = "department"


@directory.parametrize()
@bounded
def test_the_directory_answers_as_its_document_says(
    case: Any, quiet_house: House, known_agency: str, told: Counter[str]
):
    status = ask(case, quiet_house, "directory", known_agency)
    told[f"directory {case.method} {case.path} {status}"] += 1


@portal.parametrize()
@bounded
def test_the_portal_answers_as_its_document_says(
    case: Any, quiet_house: House, known_agency: str, told: Counter[str]
):
    status = ask(case, quiet_house, "portal", known_agency)
    told[f"portal {case.method} {case.path} {status}"] += 1


@intake.parametrize()
@fewer
def test_intake_answers_as_its_document_says(case: Any, board_house: House, told: Counter[str]):
    status = ask(case, board_house, "intake", KNOWN)
    told[f"intake {case.method} {case.path} {status}"] += 1


@editorial.parametrize()
@fewer
def test_editorial_answers_as_its_document_says(case: Any, board_house: House, told: Counter[str]):
    status = ask(case, board_house, "editorial", KNOWN)
    told[f"editorial {case.method} {case.path} {status}"] += 1


def test_the_generated_requests_were_not_only_refused(told: Counter[str]):
    if len(told) < ENOUGH:
        pytest.skip("tells about the tests above: run the whole file")
    known = [line for line in told if line.startswith(("directory ", "portal "))]
    reads = {line[:-4] for line in known if " GET " in line and not line.endswith(" 405")}

    answered = {read for read in reads if f"{read} 200" in told}
    assert "directory POST /agencies 201" in told
    assert {"directory GET /agencies/{agency_id}", "portal GET /agencies"} <= answered
    assert len(answered) > len(reads) / 3, reads - answered
    for service in ("intake", "editorial"):  # nobody holds an office there: what they sent is read
        assert {f"{service} 200", f"{service} 403", f"{service} 404", f"{service} 422"} <= {
            f"{line.split()[0]} {line.split()[-1]}" for line in told
        }


def test_an_answer_that_differs_from_the_document_is_found(quiet_house: House, known_agency: str):
    document = json.loads((DOCUMENTS / "portal.openapi.json").read_text("utf-8"))
    answer = document["paths"]["/agencies/{agency_id}"]["get"]["responses"]["200"]
    answer["content"]["application/json"]["schema"] = {"type": "array"}
    operation = schemathesis.openapi.from_dict(document)["/agencies/{agency_id}"]["GET"]
    case = operation.Case(path_parameters={"agency_id": known_agency})
    shown = f"{quiet_house.processes['portal'].url}/agencies/{known_agency}"
    quiet_house.wait_for(shown)

    with pytest.raises(FailureGroup, match="schema"):
        ask(case, quiet_house, "portal", known_agency)
