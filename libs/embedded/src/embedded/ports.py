"""Finds free TCP ports that no outgoing connection will take while an engine is away."""

import random
import socket
from pathlib import Path

LOWEST = 20_000


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A free port below the kernel's ephemeral range.

    Above it, a client that keeps trying a dead engine's port may be given that very port as its
    own, connect to itself, and block the restart.
    """
    highest = _first_ephemeral() - 1
    while True:
        port = random.SystemRandom().randint(min(LOWEST, highest), highest)
        if is_free(port):
            return port


def _first_ephemeral() -> int:
    try:
        text = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii")
    except OSError:
        return 32_768
    return max(int(text.split()[0]), 10_000)
