"""The signing keys of the development issuer: made on first use, rotated on request, kept for a restart."""

import json
import os
from pathlib import Path
from typing import Any, Literal, get_args

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

Algorithm = Literal["RS256", "ES256"]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
KEPT = 3  # a rotated key still verifies the tokens it signed, until two more rotations


class Keys:
    """For each algorithm the newest key signs; older ones only verify."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._keys: dict[Algorithm, list[RSAKey | ECKey]] = {name: [] for name in ALGORITHMS}
        self._load()
        for algorithm in ALGORITHMS:
            if not self._keys[algorithm]:
                self.rotate(algorithm)

    def rotate(self, algorithm: Algorithm) -> str:
        """A new signing key; returns its id. Tokens of the one before stay valid."""
        key = _new_key(algorithm)
        self._keys[algorithm] = [key, *self._keys[algorithm]][:KEPT]
        self._save()
        return str(key.kid)

    def sign(self, claims: dict[str, Any], algorithm: Algorithm, type_: str) -> str:
        """`type_` tells an access token ("at+jwt") from others, so that none passes for another."""
        key = self._keys[algorithm][0]
        return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": type_}, claims, key)

    def public(self) -> dict[str, Any]:
        """The JWKS document."""
        keys = [key for kept in self._keys.values() for key in kept]
        return {"keys": [key.as_dict(private=False) for key in keys]}

    def _load(self) -> None:
        if self._file is None or not self._file.exists():
            return
        for key in KeySet.import_key_set(json.loads(self._file.read_text("utf-8"))).keys:
            if isinstance(key, RSAKey | ECKey):
                self._keys["RS256" if isinstance(key, RSAKey) else "ES256"].append(key)

    def _save(self) -> None:
        if self._file is None:
            return
        keys = [key.as_dict(private=True) for kept in self._keys.values() for key in kept]
        aside = self._file.with_suffix(".new")
        aside.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump({"keys": keys}, out)
        aside.replace(self._file)


def _new_key(algorithm: Algorithm) -> RSAKey | ECKey:
    marks: Any = {"use": "sig", "alg": algorithm}
    if algorithm == "RS256":
        return RSAKey.generate_key(2048, marks, private=True, auto_kid=True)
    return ECKey.generate_key("P-256", marks, private=True, auto_kid=True)
