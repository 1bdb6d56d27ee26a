"""Start-up cost, help, version and shell completion."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint import __version__

from .running import blueprint

HEAVY = {"jinja2", "yaml", "msgspec", "rich", "pydantic", "copier", "cookiecutter", "tarfile"}


def modules_after(*arguments: str | Path) -> set[str]:
    """Return the top-level modules that are loaded when `blueprint` with `arguments` ends."""
    return {name.partition(".")[0] for name in all_modules_after(*arguments)}


def all_modules_after(*arguments: str | Path) -> set[str]:
    """Return the modules that are loaded when `blueprint` with `arguments` ends."""
    script = """if True:
        import sys
        from blueprint.cli.app import run
        run(sys.argv[1:])
        print(*sys.modules, file=sys.stderr)
    """
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return {*done.stderr.split()}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["new", "--help"],
        ["recommend", "--help"],
        ["update", "--help"],
        ["pattern", "--help"],
        ["pattern", "add", "--help"],
    ],
)
def test_help_loads_no_heavy_module(arguments: list[str]) -> None:
    """Help loads no heavy module: each command imports what it needs when it runs."""
    assert not modules_after(*arguments) & HEAVY


def test_listing_patterns_loads_no_other_tool(here: Path) -> None:
    """Listing patterns loads neither Copier nor Cookiecutter, nor the template engine."""
    unneeded = {"pydantic", "copier", "cookiecutter", "jsonschema", "jinja2", "rich"}
    assert not modules_after("pattern", "list") & unneeded


def test_a_recommendation_loads_no_template_engine() -> None:
    """A recommendation as JSON loads neither the template engine nor anything for terminals."""
    unneeded = HEAVY - {"yaml"} | {"jsonschema"}
    assert not modules_after("recommend", "--preset", "cms", "--json") & unneeded


def test_a_recommendation_loads_no_reader_of_manifests() -> None:
    """Only `recommend --check` loads what reads Kubernetes manifests."""
    loaded = all_modules_after("recommend", "--preset", "cms", "--json")
    assert "blueprint.advise.recommend" in loaded
    assert "blueprint.deployment" not in loaded


def test_new_loads_no_unneeded_module(tiny: Path, here: Path) -> None:
    """`blueprint new` loads no unneeded heavy module; some releases of typer would import pydantic."""
    arguments: list[str | Path] = ["new", "shop", "-p", tiny, "--json", "-o", here / "shop"]
    assert not modules_after(*arguments) & {"pydantic", "copier", "cookiecutter", "jsonschema", "rich"}


def test_new_runs_through_few_modules(here: Path) -> None:
    """`blueprint new` with a built-in pattern calls functions of at most 25 modules of the package."""
    script = """if True:
        import sys
        from pathlib import Path
        import blueprint
        from blueprint.cli.app import run
        package = f"{Path(blueprint.__file__).parent}/"
        called = set()
        def watch(frame, event, argument):
            code = frame.f_code
            if event != "call" or not code.co_filename.startswith(package):
                return
            # Python 3.14 evaluates annotations when they are first read, not when a module is imported.
            annotation = "__annotate__" in (code.co_name, frame.f_back.f_code.co_name)
            if code.co_name != "<module>" and not annotation:
                called.add(code.co_filename.removeprefix(package))
        sys.setprofile(watch)
        status = run(sys.argv[1:])
        sys.setprofile(None)
        print(*sorted(called), file=sys.stderr)
        sys.exit(status)
    """
    done = subprocess.run(
        [sys.executable, "-c", script, "new", "my-shop", "--yes"],
        cwd=here,
        capture_output=True,
        text=True,
        check=True,
    )
    called = done.stderr.split()

    assert "cli/new/flow.py" in called
    assert len(called) <= 28, called


def test_the_version_is_that_of_the_package(here: Path) -> None:
    """`blueprint --version` names the distribution, because another one on the index is called blueprint."""
    assert blueprint("--version", cwd=here).out == f"blueprint-shop {__version__} (blueprint)\n"


def test_every_command_has_help(here: Path) -> None:
    """Each command prints its help for -h."""
    for command in (["new"], ["update"], ["diff"], ["pattern"], ["pattern", "list"], ["pattern", "show"]):
        shown = blueprint(*command, "-h", cwd=here)
        assert shown.status == 0
        assert f"blueprint {' '.join(command)}" in shown.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [("blueprint ne", "new"), ("blueprint new shop --database my", "mysql"), ("blueprint pattern s", "show")],
)
def test_the_shell_completes_commands_and_values(here: Path, words: str, expected: str) -> None:
    """The shell completes commands and the values of options."""
    env = {
        "_BLUEPRINT_COMPLETE": "complete_bash",
        "COMP_WORDS": words.replace(" ", "\n"),
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    assert expected in blueprint(cwd=here, env={**os.environ, **env}).out.split()
