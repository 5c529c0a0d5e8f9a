"""What a person meets when the machine is not as needed: one line that says what is wrong and what to do."""

import errno
import shutil
from pathlib import Path


class Trouble(Exception):
    """Something outside the program is in the way; `str()` is one line for the person at the terminal."""

    def __init__(self, wrong: str, remedy: str) -> None:
        self.wrong = " ".join(wrong.split())
        self.remedy = " ".join(remedy.split())
        super().__init__(f"{self.wrong} — {self.remedy}")


def of_disk(error: OSError, place: Path) -> Trouble:
    """The trouble behind an operating-system error met while writing under `place`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Trouble(f"The disk that holds {place} is full", "free some space and start again")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Trouble(
            f"{place} cannot be written ({error.strerror})",
            "give this user the right to write there, or set NHIPCAU_DATA / XDG_CACHE_HOME to "
            "folders of its own",
        )
    return Trouble(f"{place} cannot be used ({error.strerror})", "check the disk and start again")


def check_space(place: Path, megabytes: int, what: str) -> None:
    """Raises Trouble when the disk of the existing folder `place` has less room than `what` needs."""
    free = shutil.disk_usage(place).free // 1_000_000
    if free < megabytes:
        raise Trouble(
            f"The disk that holds {place} has only {free} MB free, {what} need {megabytes} MB",
            "free some space and start again",
        )
