"""Settings: development starts with nothing, production refuses what is missing or weak."""

import base64
import os

import pytest

from common.settings import KEYS, ServiceSettings, SettingsError, development_key, load


def strong(seed: int) -> str:
    return base64.b64encode(bytes((seed * 7 + i * 5) % 256 for i in range(32))).decode()


PRODUCTION = {
    "service": "directory",
    "environment": "production",
    "public_url": "https://cong.gov.example",
    "mongo_url": "mongodb://db.internal/?replicaSet=rs0",
    "kafka_bootstrap": "kafka.internal:9093",
    "oidc_issuer": "https://id.gov.example/realms/nhipcau",
    **{name: strong(number) for number, name in enumerate(KEYS)},
}


def test_development_needs_only_the_name():
    settings = load(ServiceSettings, service="directory")

    assert settings.environment == "development"
    assert settings.database == "nhipcau_directory"
    assert len(settings.key("cursor_key")) == 32


def test_production_starts_when_everything_is_given():
    assert load(ServiceSettings, **PRODUCTION).production


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"cursor_key": development_key("cursor_key")}, "NHIPCAU_CURSOR_KEY: must be given"),
        ({"vault_master_key": base64.b64encode(b"a" * 32).decode()}, "looks typed by hand"),
        ({"seal_key": base64.b64encode(b"short").decode()}, "5 bytes are too few"),
        ({"seal_key": "not base64!"}, "must be base64"),
        ({"vault_old_master_keys": ["c2hvcnQ="]}, "NHIPCAU_VAULT_OLD_MASTER_KEYS: 5 bytes"),
        ({"seal_key": PRODUCTION["cursor_key"]}, "two keys are the same"),
        ({"oidc_issuer": "http://127.0.0.1:8000/dev-issuer"}, "NHIPCAU_OIDC_ISSUER: a development"),
        ({"oidc_issuer": "http://id.gov.example"}, "must begin with https://"),
        ({"kafka_security": "SASL_SSL"}, "KAFKA_PASSWORD: SASL_SSL needs both"),
        ({"kafka_username": "u", "kafka_password": "p"}, "PLAINTEXT sends no user name"),
        ({"blobs_url": "https://files"}, "NHIPCAU_BLOBS_URL: must be s3://"),
        ({"blobs_url": "s3://"}, "NHIPCAU_BLOBS_URL: must be s3://"),
        ({"blobs_url": "s3://files", "blobs_key": "k"}, "NHIPCAU_BLOBS_SECRET: give both"),
        ({"blobs_endpoint": "https://s3.gov.example"}, "needs NHIPCAU_BLOBS_URL"),
        (
            {"blobs_url": "s3://files", "blobs_endpoint": "http://s3.gov.example"},
            "NHIPCAU_BLOBS_ENDPOINT: must begin with https://",
        ),
        ({"public_url": "http://cong.gov.example"}, "NHIPCAU_PUBLIC_URL: must begin"),
    ],
)
def test_production_refuses_with_one_clear_line(changes, line):
    with pytest.raises(SettingsError) as refusal:
        load(ServiceSettings, **(PRODUCTION | changes))

    assert len([found for found in refusal.value.lines if line in found]) == 1


@pytest.mark.parametrize("name", ["mongo_url", "kafka_bootstrap"])
def test_production_asks_for_the_engines(name):
    given = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(SettingsError, match=name.upper()):
        load(ServiceSettings, **given)


def test_a_refusal_names_every_fault_at_once_and_no_value():
    with pytest.raises(SettingsError) as refusal:
        load(ServiceSettings, service="directory", environment="production")

    text = str(refusal.value)
    assert len(refusal.value.lines) == 8
    assert development_key("cursor_key") not in text


def test_a_wrong_value_is_named_by_its_variable_and_not_shown():
    with pytest.raises(SettingsError) as refusal:
        load(ServiceSettings, service="directory", mongo_driver="s3cret", sample_ratio=2)

    assert "NHIPCAU_SAMPLE_RATIO: " in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


def test_secrets_stay_out_of_the_printed_settings():
    settings = load(ServiceSettings, service="directory", mongo_url="mongodb://u:hunter2@db")

    assert "hunter2" not in repr(settings)
    assert development_key("seal_key") not in repr(settings)


@pytest.fixture
def environment():
    before = dict(os.environ)
    yield os.environ
    os.environ.clear()
    os.environ.update(before)


def test_the_environment_speaks(environment):
    environment |= {"NHIPCAU_SERVICE": "portal", "MONGO_DRIVER": "motor"}
    environment["NHIPCAU_TOPIC_PREFIX"] = "a."

    settings = load(ServiceSettings)

    assert (settings.service, settings.mongo_driver, settings.topic_prefix) == (
        "portal",
        "motor",
        "a.",
    )
