"""A run of the integration tests that is killed leaves no service behind."""

import subprocess
import sys
import time
from pathlib import Path

from embedded import births

RUN = """
import importlib.util, os, sys, threading
from pathlib import Path

spec = importlib.util.spec_from_file_location("house", sys.argv[1])
house = importlib.util.module_from_spec(spec)
sys.modules["house"] = house
spec.loader.exec_module(house)
command = [sys.executable, "-c", "import time; time.sleep(600)"]
process = house.Process("service", command, dict(os.environ), Path(sys.argv[2]) / "log", "")
again = threading.Thread(target=process.restart)
again.start()
again.join()
print(process.child.pid, flush=True)
sys.stdin.read()
"""


def test_services_end_with_the_run_that_started_them(tmp_path: Path):
    conftest = Path(__file__).with_name("conftest.py")
    command = [sys.executable, "-c", RUN, conftest, tmp_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        lived = births.birth(pid)

        run.kill()

    assert lived is not None
    deadline = time.monotonic() + 10
    while births.birth(pid) == lived:
        assert time.monotonic() < deadline
        time.sleep(0.01)
