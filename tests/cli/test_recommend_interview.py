"""Tests of the questions of `blueprint recommend` on a terminal."""

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

import pytest

from blueprint.needs.file import read_needs_file
from blueprint.needs.inputs import default_flows, inputs
from blueprint.needs.questions import required_questions

from .running import COMMAND

# In a single team, the default, no change waits for another.
REQUIRED = [spec.name for spec in required_questions({}) if spec.name != "waiting_percent"]
FLOWS = len(default_flows())


def converse(arguments: list[str], lines: list[str], cwd: Path) -> tuple[int, str]:
    """Run the command on a new terminal and type one line at each prompt; return its status and output."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "recommend", *arguments],
        cwd=cwd,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        close_fds=True,
    )
    os.close(terminal)
    to_type, output, deadline = iter(lines), "", time.monotonic() + 60
    answered = 0
    while time.monotonic() < deadline:
        if select.select([controller], [], [], 0.05)[0]:
            try:
                output += os.read(controller, 65536).decode(errors="replace")
            except OSError:
                break
        elif output.rstrip(" ").endswith(">") and len(output) > answered:
            answered = len(output)
            os.write(controller, f"{next(to_type)}\n".encode())
    os.close(controller)
    return process.wait(timeout=30), output


@pytest.mark.slow
def test_the_required_questions_are_asked(tmp_path: Path) -> None:
    """The required questions are asked in order with explanations; the optional ones can be declined."""
    lines = [""] * (len(REQUIRED) + FLOWS) + ["no", "no"]
    status, output = converse(["--save", "needs.yaml"], lines, tmp_path)
    assert status == 0
    output = " ".join(output.split())
    positions = [output.index(inputs()[name].question) for name in REQUIRED]
    assert positions == sorted(positions)
    assert len(re.findall("I don't know|if you don't know", output)) == len(REQUIRED) + FLOWS
    # A change cannot wait for another team if there is only one: that question is counted, but not asked.
    assert f"1 of {len(REQUIRED) + 1 + FLOWS}: " in output
    assert "Modular monolith" in output
    answers = read_needs_file(tmp_path / "needs.yaml")
    assert set(REQUIRED) <= set(answers)
    assert "waiting_percent" not in answers
    assert "ops_maturity" not in answers


@pytest.mark.slow
def test_dont_know_is_assumed_and_an_invalid_answer_is_asked_again(tmp_path: Path) -> None:
    """After an invalid answer, the error names the field and the question is asked again."""
    rest = [""] * (len(REQUIRED) - 2 + FLOWS)
    lines = ["?", "many", "400", *rest, "no", "no"]
    status, output = converse(["--save", "needs.yaml"], lines, tmp_path)
    assert status == 0
    assert "traffic.peak_rps: 'many' is not a number" in output
    answers = read_needs_file(tmp_path / "needs.yaml")
    assert "mean_rps" not in answers
    assert answers["peak_rps"] == 400


def test_questions_with_an_answer_are_not_asked(tmp_path: Path) -> None:
    """A preset answers the required questions, and --yes skips all questions."""
    status, output = converse(["--preset", "cms"], ["no", "no"], tmp_path)
    assert status == 0
    assert "How many requests" not in output
    status, output = converse(["--yes"], [], tmp_path)
    assert status == 0
    assert "?" not in output.split("Recommendation")[0]


def test_the_recommended_project_can_be_generated_at_once(tmp_path: Path) -> None:
    """After the recommendation, the user can accept the offer to generate the project."""
    status, output = converse(["--preset", "small-shop"], ["no", "yes", "my-shop", "yes"], tmp_path)
    assert status == 0
    assert "Create a project with this pattern and these sizes?" in output
    assert (tmp_path / "my-shop" / "docs" / "adr" / "0000-architecture.md").is_file()
