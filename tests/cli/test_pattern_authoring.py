"""`blueprint pattern init`, `check`, `test` and `pack`: from a starter pattern to a package."""

import shlex
import sys
from pathlib import Path

import pytest

from tests.authoring.starters import write_starter
from tests.patterns_on_disk import write_files

from .running import COMMAND, blueprint, in_process


def test_the_starter_pattern_works(here: Path) -> None:
    """The starter pattern passes its check, smoke commands and golden trees, and generates a project."""
    made = blueprint("pattern", "init", "functions", cwd=here)
    assert made.status == 0
    assert "Created the pattern functions, 27 files\n" in made.out

    checked = blueprint("pattern", "check", "functions", "--smoke", "--json", cwd=here)
    assert (checked.status, checked.json["problems"], checked.json["not_run"]) == (0, [], [])
    assert [(ran["command"], ran["exit_code"]) for ran in checked.json["smoke"]] == [("make test", 0)]

    tested = blueprint("pattern", "test", "functions", "--json", cwd=here)
    assert tested.status == 0
    assert [(case["name"], case["passed"]) for case in tested.json["cases"]] == [
        ("default", True),
        ("with-container", True),
    ]

    assert blueprint("new", "shop", "-p", "./functions", "--yes", cwd=here).status == 0
    assert (here / "shop/src/shop/service.py").is_file()


def test_a_new_pattern_is_named_after_its_folder(here: Path) -> None:
    """The name of a new pattern is derived from its folder."""
    started = blueprint("pattern", "init", "Big Functions", "--json", cwd=here)
    assert started.json["name"] == "big-functions"
    text = (here / "Big Functions/pattern.yaml").read_text()
    assert "\nname: big-functions\ntitle: Big functions\n" in text


@pytest.mark.parametrize(
    ("folder", "status", "code"),
    [("9", 2, "usage"), ("full", 5, "target-in-use"), ("full/file", 5, "target-in-use")],
)
def test_init_refuses_invalid_targets(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: str,
    status: int,
    code: str,
) -> None:
    """An invalid name and a folder that is not empty are refused."""
    write_files(here, {"full/file": ""})
    monkeypatch.chdir(here)
    run = in_process("pattern", "init", folder, "--json", capsys=capsys)
    assert (run.status, run.json["error"]["code"]) == (status, code)


def test_check_shows_problems_as_a_compiler_does(here: Path) -> None:
    """Each problem has file, line, message and code, followed by the answers; then come the totals."""
    write_starter(
        here / "functions",
        ("files/README.md.jinja", "docker build --tag {{ project }}", "docker build --tag {{ image }}"),
        (
            "pattern.yaml",
            "values:  ",
            "  color: {type: boolean, question: Color?, default: true}\nvalues:  ",
        ),
    )
    checked = blueprint("pattern", "check", "functions", "--smoke", cwd=here)
    assert checked.status == 4
    assert checked.out == (
        "functions/files/README.md.jinja, line 6: 'image' is not defined [undefined]\n"
        "  with container=yes\n"
        "functions/pattern.yaml, line 23: the option 'color' is not used [unused-option]\n"
        "functions 0.1.0: 3 options, 2 layers, 4 combinations tried\n"
        "2 problems found\n"
    )


def test_the_json_of_check_is_complete(here: Path) -> None:
    """The JSON output has every problem; a pattern with problems runs no smoke command."""
    edit = ("files/README.md.jinja", "docker build --tag {{ project }}", "docker build --tag {{ image }}")
    folder = write_starter(here / "functions", edit)
    checked = blueprint("pattern", "check", "functions", "--smoke", "--json", cwd=here)
    assert checked.status == 4
    assert checked.json == {
        "path": str(folder),
        "pattern": {"name": "functions", "version": "0.1.0"},
        "combinations": 4,
        "problems": [
            {
                "code": "undefined",
                "message": "'image' is not defined",
                "path": str(folder / "files/README.md.jinja"),
                "line": 6,
                "answers": {"container": True},
            }
        ],
        "warnings": [],
        "smoke": [],
        "not_run": [],
    }


def test_smoke_commands_do_not_run_without_consent(here: Path) -> None:
    """Without a terminal, smoke commands run only with --smoke; those that did not run are named."""
    touch = shlex.join(["touch", str(here / "ran")])
    edit = ("pattern.yaml", "smoke: [make test]", f"smoke: [{touch}, 'false', make test]")
    write_starter(here / "functions", edit)
    checked = blueprint("pattern", "check", "functions", cwd=here)
    assert checked.status == 0
    assert f"Not run: {touch}, false, make test (add --smoke)\n" in checked.out
    assert not (here / "ran").exists()

    checked = blueprint("pattern", "check", "functions", "--smoke", cwd=here)
    assert checked.status == 4
    assert f"{touch}: passed\nfalse: failed (1)\nNot run: make test\n" in checked.out
    assert (here / "ran").exists()


def test_a_smoke_command_has_a_time_limit(here: Path) -> None:
    """A smoke command is stopped at its time limit, and its output so far is shown."""
    edit = ("pattern.yaml", "smoke: [make test]", "smoke: [echo began; sleep 600]")
    write_starter(here / "functions", edit)
    checked = blueprint("pattern", "check", "functions", "--smoke", "--seconds", "1", cwd=here)
    assert checked.status == 4
    assert "echo began; sleep 600: timed out\n  began\n" in checked.out


@pytest.mark.parametrize(("answer", "ran"), [("yes", True), ("no", False)])
def test_at_a_terminal_check_asks_before_running(here: Path, answer: str, ran: bool) -> None:
    """At a terminal, the commands are shown and run only after a yes."""
    pexpect = pytest.importorskip("pexpect")
    touch = shlex.join(["touch", str(here / "ran")])
    write_starter(here / "functions", ("pattern.yaml", "smoke: [make test]", f"smoke: [{touch}]"))
    command = [*COMMAND[1:], "pattern", "check", "functions"]
    with pexpect.spawn(sys.executable, command, cwd=here, encoding="utf-8") as terminal:
        terminal.expect_exact(touch, timeout=60)
        terminal.expect_exact("Run them in a temporary folder?")
        terminal.sendline(answer)
        terminal.expect(pexpect.EOF, timeout=60)
    assert (terminal.exitstatus, (here / "ran").exists()) == (0, ran)


def test_test_shows_differences_and_update_accepts_them(here: Path) -> None:
    """A failed case shows its diff with status 4 until --update rewrites the golden tree."""
    write_starter(here / "functions", ("pattern.yaml", "else 'Hello'", "else 'Hi'"))
    tested = blueprint("pattern", "test", "functions", cwd=here)
    assert tested.status == 4
    assert '-SALUTATION = "Hello"\n+SALUTATION = "Hi"\n' in tested.out
    assert tested.out.endswith("default: failed, 2 files changed\nwith-container: passed\n")

    updated = blueprint("pattern", "test", "functions", "--update", cwd=here)
    assert updated.status == 0
    assert updated.out == "default: rewritten, 2 files changed\nwith-container: passed\n"
    assert blueprint("pattern", "test", "functions", cwd=here).status == 0


def test_the_json_of_test_has_each_case(here: Path) -> None:
    """The JSON output has each case with its diffs."""
    write_starter(here / "functions", ("pattern.yaml", "else 'Hello'", "else 'Hi'"))
    tested = blueprint("pattern", "test", "functions", "--json", cwd=here)
    default, with_container = tested.json["cases"]
    assert [file["path"] for file in default["files"]] == ["src/my_shop/service.py", "tests/test_service.py"]
    assert with_container == {
        "name": "with-container",
        "passed": True,
        "updated": False,
        "error": "",
        "files": [],
    }


def test_pack_says_how_to_use_the_package(here: Path) -> None:
    """The output of `pack` names a command that works."""
    write_starter(here / "functions")
    packed = blueprint("pattern", "pack", "functions", cwd=here)
    assert packed.out == (
        "Packed functions 0.1.0: 9 files\n  blueprint new my-shop --pattern functions-0.1.0.zip\n"
    )
    assert blueprint("new", "my-shop", "--pattern", "functions-0.1.0.zip", "--yes", cwd=here).status == 0
    assert (here / "my-shop/src/my_shop/service.py").is_file()


def test_the_json_of_pack_describes_the_package(here: Path) -> None:
    """The JSON output has the path, the size and the number of files."""
    write_starter(here / "functions")
    packed = blueprint("pattern", "pack", "functions", "--wheel", "--json", cwd=here).json
    wheel = here / "blueprint_pattern_functions-0.1.0-py3-none-any.whl"
    assert packed == {
        "pattern": {"name": "functions", "version": "0.1.0"},
        "path": str(wheel),
        "bytes": wheel.stat().st_size,
        "files": 9,
        "bundled_files": 0,
    }


def test_a_pattern_can_share_layers_of_its_repository(here: Path) -> None:
    """REPOSITORY#DIR lets a pattern share layers of its repository, in every command."""
    edit = ("pattern.yaml", "from: container", "from: ../container")
    write_starter(here / "patterns/functions", edit)
    (here / "patterns/functions/container").rename(here / "patterns/container")
    assert blueprint("pattern", "check", "patterns/functions", cwd=here).status == 4

    where = "./patterns#functions"
    assert blueprint("pattern", "check", where, cwd=here).status == 0
    assert blueprint("pattern", "test", where, cwd=here).status == 0
    assert blueprint("new", "shop", "-p", where, "--set", "container=yes", cwd=here).status == 0
    assert (here / "shop/Dockerfile").is_file()
    assert blueprint("pattern", "pack", where, "--json", cwd=here).json["bundled_files"] == 1


def test_a_pattern_is_sized_for_its_own_shape(here: Path) -> None:
    """A pattern is sized for its own shape, not for that of the recommended pattern."""
    sizes = "  max_replicas: {type: integer, question: How many?, default: 1, ask: never}\nvalues:  "
    terms = "recommend:\n  terms: [{name: costly, points: -5}]\n  capacity: {deployables: 40}\nsmoke: "
    write_starter(
        here / "functions",
        ("pattern.yaml", "values:  ", sizes),
        ("pattern.yaml", "smoke: ", terms),
        ("files/README.md.jinja", "# {{ project }}", "# {{ project }} {{ max_replicas }}"),
    )
    needs = blueprint("recommend", "--mean-rps", "2000", "--yes", "--save", "needs.yaml", "--json", cwd=here)
    assert needs.json["pattern"] != "functions"
    arguments = ["--needs", "needs.yaml", "--dry-run", "--json"]
    alone = blueprint("new", "shop", "-p", "monolith", *arguments, cwd=here).json["answers"]["max_replicas"]
    ours = blueprint("new", "shop", "-p", "./functions", *arguments, cwd=here).json["answers"]["max_replicas"]
    assert 1 < ours < alone
