"""How a client proves itself to Kafka, and Kafka to it: TLS, SASL, both or neither."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from common.kafka.door import LoginRefused, PublishFailed
from common.words import say

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
REFUSED = (AuthenticationFailedError, SaslAuthenticationFailed)
NOT_SPOKEN = (
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    UnsupportedSaslMechanismError,
)


@dataclass(frozen=True, slots=True)
class Login:
    """Empty by default: an open cluster on this machine.

    ca_file  PEM file of the authority that signed the brokers' certificates; "" for the system's own
    """

    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism = "SCRAM-SHA-512"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def options(self) -> dict[str, Any]:
        """The arguments of every aiokafka client; raises LoginRefused for a CA file that is none."""
        options: dict[str, Any] = {"security_protocol": self.protocol}
        if self.protocol.endswith("SSL"):
            options["ssl_context"] = self._context()
        if self.protocol.startswith("SASL"):
            options |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return options

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_file or None)
        except (OSError, ssl.SSLError) as error:
            raise LoginRefused(say("kafka-ca-unreadable", file=Path(self.ca_file))) from error

    async def failure(self, bootstrap: str, error: Exception) -> PublishFailed:
        """Why a client did not start: it logs the reason itself and raises only that it did not."""
        if self.protocol == "PLAINTEXT":
            return PublishFailed(str(error))
        host, _, port = bootstrap.partition(",")[0].strip().rpartition(":")
        try:
            connection = await create_conn(
                host, int(port), request_timeout_ms=5_000, **self.options()
            )
        except REFUSED:
            return LoginRefused(say("kafka-user-refused", user=self.username))
        except NOT_SPOKEN:
            return LoginRefused(say("kafka-mechanism-refused", mechanism=self.mechanism))
        except ssl.SSLError as reason:
            return LoginRefused(say("kafka-certificate-refused", why=reason.reason))
        except (KafkaError, OSError, TimeoutError) as reason:
            return PublishFailed(str(reason))
        connection.close()
        return PublishFailed(str(error))


OPEN = Login()
