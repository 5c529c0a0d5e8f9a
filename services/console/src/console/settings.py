"""What the console is told from outside, beside what every service is told."""

import base64
from typing import Self

from pydantic import Field, SecretStr, model_validator

from common.settings import (
    KEY_BYTES,
    PREFIX,
    ServiceSettings,
    SettingsError,
    development_key,
    key_bytes,
)


class Settings(ServiceSettings):
    """The console's settings.

    console_url         where people find it; `public_url`/console unless given
    api_url             where the services answer under /api/<service>; `public_url` unless given
    oidc_client         the console's id at the issuer; the secret is empty for a public client
    services            those whose state the page for operators shows
    session_key         seals the session cookies; base64 of 32 bytes
    """

    console_url: str = ""
    api_url: str = ""
    oidc_client: str = "nhipcau-console"
    oidc_client_secret: SecretStr = SecretStr("")
    services: tuple[str, ...] = ("directory", "intake", "editorial", "portal")
    session_key: SecretStr = Field(default=SecretStr(development_key("session_key")), repr=False)

    @property
    def home(self) -> str:
        """The console's address without a slash at its end."""
        return (self.console_url or f"{self.public_url}/console").rstrip("/")

    @property
    def api(self) -> str:
        return (self.api_url or self.public_url).rstrip("/")

    @model_validator(mode="after")
    def _session_is_sealed(self) -> Self:
        text = self.session_key.get_secret_value()
        advice = f"{PREFIX}SESSION_KEY: give base64 of 32 random bytes (openssl rand -base64 32)"
        try:
            fit = len(key_bytes(text)) >= KEY_BYTES
        except ValueError as error:
            raise SettingsError([advice]) from error
        if not fit or (self.production and text == development_key("session_key")):
            raise SettingsError([advice])
        return self

    def session_bytes(self) -> bytes:
        return base64.b64decode(self.session_key.get_secret_value())[:KEY_BYTES]
