"""`python -m contracts.generate`: write what is made from the contracts."""

import sys
from pathlib import Path

from contracts.generate import files, strays
from contracts.place import ROOT, BrokenContract


def main() -> int:
    repository = ROOT.parent
    try:
        made = files()
    except BrokenContract as error:
        sys.stderr.write(f"contracts: {error}\n")
        return 1
    changed = [p for p, b in made.items() if _content(repository / p) != b]
    for path in changed:
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_bytes(made[path])
    gone = strays(repository, made)
    for path in gone:
        (repository / path).unlink()
    for path in (*changed, *gone):
        sys.stdout.write(f"{'removed' if path in gone else 'wrote'} {path}\n")
    sys.stdout.write(f"contracts: {len(made)} generated files, {len(changed)} changed\n")
    return 0


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
