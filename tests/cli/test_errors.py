"""Invalid input gives one clear error with a hint and a stable status, and leaves nothing behind."""

import subprocess
from pathlib import Path

import pytest

from tests.patterns_on_disk import write_files, write_pattern

from .running import COMMAND, blueprint, in_process

_MISSPELLED = "--load-balancer; did you mean 'nginx'?"
BAD = [
    (["new"], 2, "usage", "no name"),
    (["new", ""], 2, "usage", "no name"),
    (["nwe"], 2, "usage", "nwe"),
    (["new", "shop", "--databse", "x"], 2, "usage", "--databse"),
    (["new", "shop", "more"], 2, "usage", "more"),
    (["new", "1"], 3, "bad-name", "'1' is not a valid project name"),
    (["new", "json"], 3, "bad-name", "Python or a library already uses 'json'"),
    (["new", "a\nb"], 3, "bad-name", "is not a valid project name"),
    (["new", "../up"], 3, "bad-name", "is not a valid project name"),
    (["new", "shop", "--database", "postgres"], 3, "bad-answers", "did you mean 'postgresql'?"),
    (["new", "shop", "--load-balancer", "ngnix", "-p", "monolith"], 3, "bad-answers", _MISSPELLED),
    (["new", "shop", "--no-observability"], 3, "bad-answers", "has no option for --no-observability"),
    (["new", "shop", "--database", "mysql", "--set", "database=mysql"], 3, "bad-answers", "is set twice"),
    (["new", "shop", "--auth", "jwt"], 3, "bad-answers", "the pattern tiny has no option for --auth"),
    (["new", "shop", "--set", "replicas"], 3, "bad-answers", "has no value"),
    (["new", "shop", "--set", "replicas=many"], 3, "bad-answers", "is not valid for --set replicas"),
    (["new", "shop", "--set", "replicas=1", "--set", "replicas=2"], 3, "bad-answers", "set twice"),
    (["new", "shop", "--answers", "none.yaml"], 3, "bad-answers", "No such file"),
    (["new", "shop", "--answers", "."], 3, "bad-answers", "Is a directory"),
    (["new", "shop", "--answers", "list.yaml"], 3, "bad-answers", "is not a mapping"),
    (["new", "shop", "--answers", "twice.yaml"], 3, "bad-answers", "line 2: has the key 'replicas' twice"),
    (["new", "shop", "--answers", "binary.yaml"], 3, "bad-answers", "is not UTF-8"),
    (["new", "shop", "--answers", "wrong.yaml"], 3, "bad-answers", "'2' is not valid for replicas"),
    (["new", "shop", "--answers", "odd.yaml"], 3, "bad-answers", "project must be text"),
    (["new", "shop", "-p", "tinny"], 4, "unknown-pattern", "no pattern 'tinny'"),
    (["new", "shop", "-p", "./none"], 4, "unknown-pattern", "no pattern in ./none"),
    (["new", "shop", "-p", "http://host/x.git"], 10, "source", "the protocol http is not allowed"),
    (["new", "shop", "-p", "none.zip"], 10, "source", "cannot read none.zip"),
    (["pattern", "add", "monolith"], 2, "usage", "monolith is not a source"),
    (["pattern", "remove", "monolith"], 4, "unknown-pattern", "there is no added pattern"),
    (["new", "shop", "-p", "./broken"], 4, "bad-pattern", "pattern.yaml, line 1: "),
    (["new", "shop", "-p", "./template"], 4, "bad-template", "a.jinja, line 1: 'x' is not defined"),
    (["new", "shop", "-p", "./hostile"], 4, "hostile-pattern", "'../x'"),
    (["pattern", "show", "tinny"], 4, "unknown-pattern", "no pattern 'tinny'"),
    (["new", "shop", "-o", "file"], 5, "target-in-use", "is not a folder"),
    (["new", "shop", "-o", "."], 5, "target-in-use", "is not empty"),
    (["new", "shop", "-o", "file/shop"], 6, "disk", "Not a directory"),
    (["new", "shop", "-o", "/proc/shop"], 6, "disk", "cannot write /proc/shop"),
    (["new", "shop", "-o", "x" * 300], 6, "disk", "File name too long"),
]


@pytest.fixture
def here(here: Path) -> Path:
    """A folder with invalid files of every kind."""
    write_files(
        here,
        {
            "list.yaml": "- database\n",
            "twice.yaml": "replicas: 1\nreplicas: 2\n",
            "binary.yaml": b"\xff\xfe\x00",
            "wrong.yaml": "replicas: '2'\n",
            "odd.yaml": "project: [a]\n",
            "file": "",
            "broken/pattern.yaml": "[]\n",
        },
    )
    write_pattern(here / "template", files={"files/a.jinja": "{{ x }}"})
    write_pattern(here / "hostile", files={"files/{{ '..' }}/x": ""})
    return here


def everything(folder: Path) -> list[Path]:
    """Return every path below `folder`."""
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize(
    ("arguments", "status", "code", "expected"), BAD, ids=[" ".join(case[0])[:50] for case in BAD]
)
def test_an_error_is_printed_once_and_leaves_nothing_behind(
    tiny: Path,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    code: str,
    expected: str,
) -> None:
    """An error is printed once, as text or as one JSON object, and no file is left behind."""
    before = everything(here)
    monkeypatch.chdir(here)
    if arguments[0] == "new" and "-p" not in arguments:
        arguments = [*arguments, "-p", str(tiny)]
    as_text = in_process(*arguments, capsys=capsys)

    assert (as_text.status, as_text.out) == (status, "")
    assert as_text.err.startswith("Error: ")
    assert expected in as_text.err

    as_json = in_process(*arguments, "--json", capsys=capsys)
    assert as_json.status == status
    error = as_json.json["error"]
    assert set(error) == {"code", "message", "hint", "exit_code"}
    assert (error["code"], error["exit_code"]) == (code, status)
    assert everything(here) == before


def test_an_error_sets_the_exit_status_of_the_process(tiny: Path, here: Path) -> None:
    """The exit status of an error reaches the shell."""
    run = blueprint("new", "json", "-p", tiny, cwd=here)
    assert (run.status, run.out) == (3, "")
    assert run.err.startswith("Error: 'json' is not a valid project name")


def test_a_closed_pipe_prints_no_error(tiny: Path, here: Path) -> None:
    """A closed output pipe, as in `blueprint pattern show NAME | true`, prints no error."""
    with subprocess.Popen(
        [*COMMAND, "pattern", "show", tiny], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_bug_is_reported_in_one_line(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bug in blueprint gives one line, and a traceback only with BLUEPRINT_TRACEBACK=1."""

    def fault(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("blueprint.sources.find_pattern", fault)
    run = in_process("pattern", "show", str(tiny), "--json", capsys=capsys)
    assert (run.status, run.json["error"]["code"]) == (1, "fault")
    assert "ZeroDivisionError: by zero" in run.json["error"]["message"]

    monkeypatch.setenv("BLUEPRINT_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        in_process("pattern", "show", str(tiny), capsys=capsys)
