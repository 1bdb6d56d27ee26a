"""Tests of `blueprint evaluate`: from evidence to needs.yaml to a recommendation."""

import os
from pathlib import Path

import pexpect
import pytest

from tests.evaluate.access_logs import hits, log_text

from .running import COMMAND, blueprint


@pytest.fixture
def log(here: Path) -> Path:
    """Return an access log of ten minutes."""
    path = here / "access.log"
    path.write_text(log_text(list(hits([300] * 10)), "alb"))
    return path


def test_what_was_measured_is_what_recommend_uses(log: Path, here: Path) -> None:
    """The needs.yaml that evaluate saves makes recommend answer with the measured values."""
    shown = blueprint("evaluate", "--access-log", log, "--save", "needs.yaml", "--json", cwd=here).json
    measured = {each["input"]: each["estimate"] for each in shown["measurements"]}
    recommended = blueprint("recommend", "--needs", "needs.yaml", "--json", cwd=here).json

    assert shown["written"] == ["needs.yaml"]
    assert {"mean_rps", "peak_rps", "read_fraction", "payload_kb"} <= measured.keys()
    for name, value in measured.items():
        assert recommended["needs"][name] == pytest.approx(value, rel=1e-3)
        assert name not in recommended["assumed"]
    assert "Measured: " in (here / "needs.yaml").read_text()
    assert {"data_gb", "teams"} & set(recommended["assumed"])


def test_a_single_thing_that_is_left_out_is_singular(log: Path, here: Path) -> None:
    """One line that cannot be read is one line; several are lines."""
    whole = log.read_text()
    log.write_text(whole + "no request\n")
    assert " 1 line that could not be read." in text_of(log, here)
    log.write_text(whole + "no request\n" * 2)
    assert " 2 lines that could not be read." in text_of(log, here)


def text_of(log: Path, here: Path) -> str:
    """Return the report on a log in one line."""
    shown = blueprint("evaluate", "--access-log", log, cwd=here).out
    return " ".join(shown.replace("│", " ").split())


def test_the_report_shows_needs_routes_and_what_is_left_to_answer(log: Path, here: Path) -> None:
    """The text has the measured needs, the busiest routes, and the questions that remain."""
    shown = blueprint("evaluate", "--access-log", log, cwd=here)
    assert shown.status == 0, shown.err
    for text in ("Measured needs", "mean traffic", "Busiest routes", "Left out", "still to answer"):
        assert text in shown.out


def test_the_report_has_colors_on_a_terminal(log: Path, here: Path) -> None:
    """Colors are control sequences there, not text; other control characters are text."""
    arguments = [*COMMAND[1:], "evaluate", "--access-log", str(log)]
    colorful = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"}
    session = pexpect.spawn(COMMAND[0], arguments, cwd=here, env=colorful, encoding="utf-8", timeout=60)
    session.expect(pexpect.EOF)
    shown = str(session.before)
    assert "\x1b[1m" in shown
    assert "\\x1b" not in shown


def test_without_evidence_nothing_is_evaluated(here: Path) -> None:
    """Without any source, the error names the options."""
    done = blueprint("evaluate", cwd=here)
    assert done.status == 2
    assert "--access-log" in done.err


def test_errors_name_what_was_typed(here: Path) -> None:
    """A missing log is an error with a stable code."""
    error = blueprint("evaluate", "--access-log", "none.log", "--json", cwd=here).json["error"]
    assert (error["code"], error["exit_code"]) == ("bad-evidence", 7)
    assert "none.log" in error["message"]
