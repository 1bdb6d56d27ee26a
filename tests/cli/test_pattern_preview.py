"""`blueprint pattern preview`: what a pattern renders, once or after each change."""

import os
import signal
import subprocess
from pathlib import Path
from typing import IO

import pytest

from tests.patterns_on_disk import write_pattern

from .running import COMMAND, blueprint


def test_the_tree_and_a_file_are_shown(tiny: Path, here: Path) -> None:
    """Without --file the tree is shown, with it the rendered text; --set changes the answers."""
    tree = blueprint("pattern", "preview", tiny, "--set", "kubernetes=no", cwd=here)
    assert tree.status == 0
    assert "Tiny 1.2.3, 5 files\n" in tree.out
    assert "  kubernetes: no\n" in tree.out
    assert "deploy" not in tree.out

    shown = blueprint(
        "pattern", "preview", tiny, "--set", "database=mysql", "--file", "README.md", "--json", cwd=here
    )
    assert shown.json["content"] == "# my-shop\n\nmysql 2 example/my-shop:1.2.3\n"
    assert shown.json["answers"]["database"] == "mysql"
    assert [*here.iterdir()] == []


def test_a_file_that_does_not_exist_is_an_error(tiny: Path, here: Path) -> None:
    """The error suggests the file that was meant."""
    done = blueprint("pattern", "preview", tiny, "--file", "REDME.md", "--json", cwd=here)
    assert (done.status, done.json["error"]["code"]) == (2, "usage")
    assert "did you mean 'README.md'?" in done.json["error"]["message"]


def lines_until(stream: IO[str], end: str) -> str:
    """Read lines up to one that contains `end`."""
    read = ""
    for line in stream:
        read += line
        if end in line:
            return read
    pytest.fail(f"the output ended without {end!r}: {read}")


def test_a_change_is_shown_when_it_is_saved(here: Path) -> None:
    """A saved file is shown again, an error is shown until it is corrected, and Ctrl-C ends it well."""
    tiny = write_pattern(here / "tiny")
    readme = tiny / "files/README.md.jinja"
    command = [*COMMAND, "pattern", "preview", str(tiny), "--file", "README.md", "--watch"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=here, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        try:
            lines_until(process.stdout, "postgresql 2 example/my-shop:1.2.3")
            readme.write_text("{{ projekt }}\n")
            assert "'projekt' is not defined" in lines_until(process.stdout, "projekt")
            readme.write_text("Hello {{ project }}\n")
            lines_until(process.stdout, "Hello my-shop")
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            process.kill()
