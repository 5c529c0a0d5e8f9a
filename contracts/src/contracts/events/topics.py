"""Names of the topics. Made by `make contracts` from contracts/events; do not edit."""

from typing import Final

DIRECTORY_AGENCY: Final = "directory.agency"
"""Agencies (cơ quan), their names, competences, ends and successors."""
DIRECTORY_LOG: Final = "directory.log"
"""Seals and heartbeats of the directory's commit log."""
