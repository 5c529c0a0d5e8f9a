"""A Merkle root over leaves: RFC 6962's tree, pure, shared with the verifier."""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").hexdigest()


def merkle_root(leaves: Sequence[bytes]) -> str:
    """Hex SHA-256 root; leaf and node hashes are told apart by their first byte."""
    if not leaves:
        return EMPTY
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[n] + level[n + 1]).digest()
            for n in range(0, len(level) - 1, 2)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()
