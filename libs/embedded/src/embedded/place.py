"""Where a run keeps its data, and which address it has: NHIPCAU_DATA and PORT."""

import os
import socket
from pathlib import Path

from embedded.trouble import Trouble

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
HIGHEST_PORT = 65_535


def data_folder() -> Path:
    return Path(os.environ.get("NHIPCAU_DATA") or ".nhipcau").absolute()


def wanted_port() -> int:
    """PORT, or 8000; raises Trouble when it is no port number."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise Trouble(f"PORT={text} is not a port number", "give one of 1024 to 65535")
    return int(text)


def listen(port: int) -> socket.socket:
    """The socket behind the door; raises Trouble when the port is taken or not ours to take."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
        door.listen(1024)
    except PermissionError as error:
        door.close()
        raise Trouble(f"This user may not use port {port}", "PORT=8001 make run") from error
    except OSError as error:
        door.close()
        raise Trouble(
            f"Port {port} is in use", f"stop what uses it, or: PORT={port + 1} make run"
        ) from error
    return door
