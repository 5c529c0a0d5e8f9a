"""Everything that is made from the authored contracts, as bytes: models, constants, documents.

`files(root)` says what must stand where; `python -m contracts.generate` writes it and the check
compares it. The output depends on the contracts alone, so the same contracts give the same bytes.
"""

from pathlib import Path

from contracts.generate import api, event_map, models
from contracts.names import FactName
from contracts.place import ROOT, BrokenContract
from contracts.schemas import Schema, read_schemas
from contracts.topics import Topics, read

MODELS = Path("contracts/src/contracts/events")


def files(root: Path = ROOT) -> dict[Path, bytes]:
    """Path below the repository → content, for a contracts folder; raises BrokenContract."""
    topics, schemas = read(root), read_schemas(root)
    try:
        return _files(topics, schemas)
    except LookupError as error:
        raise BrokenContract(root, f"incomplete, see `make check`: {error}") from error


def _files(topics: Topics, schemas: dict[FactName, Schema]) -> dict[Path, bytes]:
    made = {MODELS / name: text for name, text in models.modules(topics, schemas).items()}
    made[Path("docs/event-map.md")] = event_map.page(topics, schemas)
    made[Path("contracts/api/asyncapi.json")] = api.document(topics, schemas)
    return {path: text.encode() for path, text in made.items()}


def strays(repository: Path, made: dict[Path, bytes]) -> list[Path]:
    """Files in the generated package that nothing generates any more, below the repository."""
    found = {path.relative_to(repository) for path in (repository / MODELS).glob("*.py")}
    return sorted(found - made.keys())
