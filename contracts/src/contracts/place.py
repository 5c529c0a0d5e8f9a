"""Where the contracts lie: the folder that holds topics.yaml, events/, examples/ and api/."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class BrokenContract(ValueError):
    """A contract file that cannot be read; the message names the file and what is wrong in it."""

    def __init__(self, file: Path | str, problem: str) -> None:
        super().__init__(f"{Path(file).name}: {problem}")
        self.problem = problem
