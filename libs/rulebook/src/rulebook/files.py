"""Where the data of contracts/ stands on disk."""

from pathlib import Path

import contracts

CONTRACTS = Path(contracts.__file__).resolve().parents[2]
"""The folder contracts/ of the repository (the package is installed from there in every set-up)."""
