"""What a service is told from outside: environment variables NHIPCAU_*, checked before start.

In development every value has a default, so that `make run` needs none. In production nothing
secret has one: what is missing, weak or made for development is refused, one line each.
"""

import base64
import binascii
import hashlib
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "NHIPCAU_"
KEY_BYTES = 32
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - names to refuse, nothing is bound
S = TypeVar("S", bound="ServiceSettings")
KEYS = ("cursor_key", "vault_master_key", "vault_digest_key", "seal_key")


class SettingsError(ValueError):
    """The settings can't start a service; `lines` says what to set, one line each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def development_key(name: str) -> str:
    """The same well-known key on every development machine, so that data opens again."""
    return base64.b64encode(
        hashlib.sha256(f"nhipcau development {name}".encode()).digest()
    ).decode()


def _key(name: str) -> Any:
    return Field(default=SecretStr(development_key(name)), repr=False)


class ServiceSettings(BaseSettings):
    """One service's settings. Keys are base64 of at least 32 bytes (`openssl rand -base64 32`).

    vault_old_master_keys  a JSON list of keys that still open what they wrapped, until `rewrap` ran
    oidc_clients     a JSON list of the programs whose tokens count (azp); empty: any of the issuer's
    service          name of the service, also its database's name behind `mongo_prefix`
    kafka_ca_file    PEM file of the authority behind the brokers' certificates; "" for the system's
    blobs_url        "s3://bucket/folder" for the bytes of files; "" keeps them in MongoDB
    blobs_endpoint   address of a server that speaks S3; "" for Amazon's own
    blobs_key        access key, with blobs_secret; "" for what the machine itself may do
    topic_prefix     put before every topic, so that two installations share one broker
    rate_limit       requests per person (or address, when nobody is signed in), "600/minute"
    rate_storage     "memory" counts in this process, "mongo" over all processes of a service
    request_timeout  seconds until a request is answered 503
    drain_seconds    how long a stopping service waits for requests in flight
    sample_ratio     part of the requests whose spans are recorded, 0 to 1
    trusted_proxies  how many proxies in front add an X-Forwarded-For entry each
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", populate_by_name=True
    )

    service: str = Field(
        pattern=r"^[a-z][a-z0-9-]{1,30}$",
        validation_alias=AliasChoices(f"{PREFIX}SERVICE", "SERVICE"),
    )
    environment: Literal["development", "production"] = "development"
    public_url: str = "http://127.0.0.1:8000"

    mongo_url: str = Field(default="mongodb://127.0.0.1:27017/?replicaSet=rs0", repr=False)
    mongo_driver: Literal["pymongo", "motor"] = Field(
        default="pymongo", validation_alias=AliasChoices(f"{PREFIX}MONGO_DRIVER", "MONGO_DRIVER")
    )
    mongo_prefix: str = Field(default="nhipcau", pattern=r"^[a-z][a-z0-9_]{0,20}$")

    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_ca_file: str = ""
    topic_prefix: str = Field(default="", pattern=r"^[a-z0-9.-]{0,40}$")

    blobs_url: str = Field(
        default="", validation_alias=AliasChoices(f"{PREFIX}BLOBS_URL", "BLOBS_URL")
    )
    blobs_endpoint: str = ""
    blobs_region: str = "us-east-1"
    blobs_key: SecretStr = SecretStr("")
    blobs_secret: SecretStr = SecretStr("")

    oidc_issuer: str = "http://127.0.0.1:8000/dev-issuer"
    oidc_audience: str = "nhipcau"
    oidc_leeway: float = Field(default=30.0, ge=0, le=300)
    oidc_clients: frozenset[str] = frozenset()

    cursor_key: SecretStr = _key("cursor_key")
    vault_master_key: SecretStr = _key("vault_master_key")
    vault_old_master_keys: tuple[SecretStr, ...] = Field(default=(), repr=False)
    vault_digest_key: SecretStr = _key("vault_digest_key")
    seal_key: SecretStr = _key("seal_key")

    body_limit: int = Field(default=1_048_576, ge=1024, description="bytes of a request body")
    request_timeout: float = Field(default=30.0, gt=0)
    rate_limit: str = Field(default="600/minute", pattern=r"^\d+/(second|minute|hour|day)$")
    rate_storage: Literal["memory", "mongo"] = "memory"
    drain_seconds: float = Field(default=20.0, ge=0)
    trusted_proxies: int = Field(default=0, ge=0, le=5)

    otlp_endpoint: str = ""
    sample_ratio: float = Field(default=0.05, ge=0, le=1)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def database(self) -> str:
        """The service's own database: commits, projections, positions, parked."""
        return f"{self.mongo_prefix}_{self.service}"

    @property
    def vault_database(self) -> str:
        """Encrypted personal data of this service."""
        return f"{self.mongo_prefix}_{self.service}_vault"

    @property
    def vault_keys_database(self) -> str:
        """The wrapped keys of persons: backed up for days, not years (D5)."""
        return f"{self.mongo_prefix}_{self.service}_keys"

    @property
    def blobs_database(self) -> str:
        """One for all services: intake writes, others read by digest (D12)."""
        return f"{self.mongo_prefix}_blobs"

    def key(self, name: str) -> bytes:
        """The bytes of one of the secret keys, by its settings name; ValueError if not base64."""
        secret: SecretStr = getattr(self, name)
        return key_bytes(secret.get_secret_value())

    @model_validator(mode="after")
    def _fit_to_start(self) -> Self:
        lines = [*_key_problems(self), *_login_problems(self), *_bucket_problems(self)]
        if self.production:
            lines += _production_problems(self)
        if lines:
            raise SettingsError(lines)
        return self


def key_bytes(text: str) -> bytes:
    """Decode a key written as base64; raises ValueError for anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(
            "a key must be base64, such as `openssl rand -base64 32` prints"
        ) from error


def kind_of(service: str) -> type[ServiceSettings]:
    """The service's own settings (`Settings` of its `settings.py`) where it has any, else these."""
    if find_spec(service) is None or find_spec(f"{service}.settings") is None:
        return ServiceSettings
    return getattr(import_module(f"{service}.settings"), "Settings", ServiceSettings)


def load(kind: type[S], **values: Any) -> S:
    """Read a service's settings; raises SettingsError with one line per fault, no values shown."""
    try:
        return kind(**values)
    except ValidationError as error:
        raise SettingsError(_lines(error)) from None


def _lines(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for fault in error.errors(include_input=False, include_url=False):
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, SettingsError):
            lines += cause.lines
        else:
            name = ".".join(str(part) for part in fault["loc"]).upper()
            lines.append(f"{PREFIX}{name.removeprefix(PREFIX)}: {fault['msg']}")
    return lines


def _key_problems(settings: ServiceSettings) -> list[str]:
    texts = [(name, getattr(settings, name)) for name in KEYS]
    texts += [("vault_old_master_keys", key) for key in settings.vault_old_master_keys]
    found = [_key_problem(name, secret.get_secret_value()) for name, secret in texts]
    return [problem for problem in found if problem is not None]


def _key_problem(name: str, text: str) -> str | None:
    try:
        key = key_bytes(text)
    except ValueError as error:
        return f"{PREFIX}{name.upper()}: {error}"
    if len(key) < KEY_BYTES:
        return f"{PREFIX}{name.upper()}: {len(key)} bytes are too few, give {KEY_BYTES} or more"
    return None


def _login_problems(settings: ServiceSettings) -> list[str]:
    """Credentials without a protocol that sends them, or the other way round, are a mistake."""
    protocol = settings.kafka_security
    given = bool(settings.kafka_username), bool(settings.kafka_password.get_secret_value())
    if protocol.startswith("SASL") and not all(given):
        return [f"{PREFIX}KAFKA_USERNAME and {PREFIX}KAFKA_PASSWORD: {protocol} needs both"]
    if not protocol.startswith("SASL") and any(given):
        return [f"{PREFIX}KAFKA_SECURITY: {protocol} sends no user name, use SASL_SSL"]
    return []


def _bucket_problems(settings: ServiceSettings) -> list[str]:
    parts = urlsplit(settings.blobs_url)
    key, secret = settings.blobs_key.get_secret_value(), settings.blobs_secret.get_secret_value()
    problems: list[str] = []
    if settings.blobs_url and (parts.scheme != "s3" or not parts.netloc or parts.query):
        problems.append(f"{PREFIX}BLOBS_URL: must be s3://bucket or s3://bucket/folder")
    if bool(key) != bool(secret):
        problems.append(f"{PREFIX}BLOBS_KEY and {PREFIX}BLOBS_SECRET: give both or neither")
    if settings.blobs_endpoint and not settings.blobs_url:
        problems.append(f"{PREFIX}BLOBS_ENDPOINT: needs {PREFIX}BLOBS_URL, which names the bucket")
    return problems


def _production_problems(settings: ServiceSettings) -> list[str]:
    problems = [problem for name in KEYS if (problem := _weakness(settings, name))]
    seen = [getattr(settings, name).get_secret_value() for name in KEYS]
    if len(set(seen)) < len(seen):
        problems.append(f"{PREFIX}*_KEY: two keys are the same, make each its own")
    for name in ("oidc_issuer", "public_url"):
        problems += _address_problems(name, getattr(settings, name))
    if settings.blobs_endpoint:
        problems += _address_problems("blobs_endpoint", settings.blobs_endpoint)
    if "mongo_url" not in settings.model_fields_set:
        problems.append(f"{PREFIX}MONGO_URL: must be given in production")
    if "kafka_bootstrap" not in settings.model_fields_set:
        problems.append(f"{PREFIX}KAFKA_BOOTSTRAP: must be given in production")
    return problems


def _weakness(settings: ServiceSettings, name: str) -> str | None:
    text = getattr(settings, name).get_secret_value()
    if text == development_key(name):
        return f"{PREFIX}{name.upper()}: must be given in production (openssl rand -base64 32)"
    try:
        key = key_bytes(text)
    except ValueError:
        return None  # already reported
    if len(set(key)) < KEY_BYTES // 2:
        return f"{PREFIX}{name.upper()}: looks typed by hand, make it with openssl rand -base64 32"
    return None


def _address_problems(name: str, url: str) -> list[str]:
    parts = urlsplit(url)
    variable = f"{PREFIX}{name.upper()}"
    if parts.hostname is None or parts.hostname in LOCAL_HOSTS:
        return [f"{variable}: a development address, give the real one"]
    if parts.scheme != "https":
        return [f"{variable}: must begin with https:// in production"]
    return []
