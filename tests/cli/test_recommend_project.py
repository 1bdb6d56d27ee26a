"""Tests of `blueprint recommend --project`: the first step from a project that exists."""

from pathlib import Path

import pytest

from .running import blueprint

TEAM = ("--engineers", "90", "--teams", "3", "--waiting-percent", "40", "--ops-maturity", "4")
ONE = "[[orders, inventory, payments, cart, catalog, identity]]"


def steps(here: Path, *arguments: str) -> list[str]:
    """Return the steps that are recommended for ./shop."""
    shown = blueprint("recommend", "--project", "shop", *arguments, "--json", cwd=here)
    assert shown.status == 0, shown.err
    first: list[str] = shown.json["next_steps"]["first"]
    return first


@pytest.mark.slow
def test_the_first_step_is_a_command_for_the_project(here: Path) -> None:
    """A project with one service gets the command that leads to the recommended groups, and then none."""
    arguments = ["--pattern", "microservices", "--set", f"deployables={ONE}", "--yes", "--no-git"]
    assert blueprint("new", "shop", *arguments, cwd=here).status == 0
    team = (*TEAM, "--domain", "stable")
    assert steps(here, *team)[0] == "Run `blueprint promote identity` in your project."
    assert blueprint("promote", "identity", cwd=here / "shop").status in (0, 8)
    assert steps(here, *team)[0].startswith("Keep the deployables of your project")


@pytest.mark.slow
def test_the_needs_of_the_project_count(here: Path) -> None:
    """Without other needs, those count that the project recorded; its pattern stays if it is recommended."""
    blueprint("recommend", "--preset", "small-shop", "--save", "needs.yaml", "--json", cwd=here)
    made = blueprint("new", "shop", "--needs", "needs.yaml", "--yes", "--no-git", cwd=here)
    assert made.status == 0, made.err
    shown = blueprint("recommend", "--project", "shop", "--json", cwd=here).json
    recorded = blueprint("recommend", "--needs", "needs.yaml", "--json", cwd=here).json
    assert shown["needs"] == recorded["needs"]
    assert "Keep the pattern of your project" in shown["next_steps"]["first"][0]
    assert "Move one module at a time" in steps(here, *TEAM, "--engineers", "200", "--teams", "20")[0]


def test_a_folder_without_a_project_is_refused(here: Path) -> None:
    """A folder that no project of blueprint is in is an error that names it."""
    shown = blueprint("recommend", "--project", ".", "--json", cwd=here)
    assert shown.json["error"]["code"] == "bad-project"
