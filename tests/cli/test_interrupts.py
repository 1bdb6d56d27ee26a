"""Ctrl-C and `kill` leave either the whole project or nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .running import COMMAND


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("output", ["shop", "."])
def test_a_signal_at_any_moment_leaves_everything_or_nothing(
    tiny: Path, here: Path, number: int, status: int, output: str
) -> None:
    """A signal at any file operation leaves all files or none, and the exit status says which."""
    arguments = ["new", "shop", "-p", str(tiny), "-o", output, "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.interrupting", str(int(number)), str(here), *arguments],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=Path(__file__).parents[2],
    )
    outcomes = json.loads(done.stdout)
    complete = max((left for _, left in outcomes), key=len)

    assert len(complete) == 11
    assert [end for end, left in outcomes if left and left != complete] == []
    assert {end for end, left in outcomes if not left} == {status}
    assert {end for end, left in outcomes if left} == {0}
    assert sum(end == status for end, _ in outcomes) > 20


@pytest.mark.parametrize("delay", [0.1, 0.3, 0.6])
def test_a_signal_from_another_process_gives_one_result(tiny: Path, here: Path, delay: float) -> None:
    """A signal from another process gives at most one JSON object; the delays only vary the moment."""
    process = subprocess.Popen(
        [*COMMAND, "new", "shop", "-p", tiny, "--json"],
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)

    if process.returncode == 0:
        assert (here / "shop/README.md").is_file()
    else:
        assert list(here.iterdir()) == []
    if out:
        answer = json.loads(out)
        assert answer.get("written") or answer["error"] == {
            "code": "interrupted",
            "message": "stopped before anything was written",
            "hint": "",
            "exit_code": 130,
        }
