"""Shell completion: what bash, zsh and fish offer when a user presses Tab."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.patterns_on_disk import TINY, tiny, write_pattern

from .running import COMMAND, blueprint

SETTINGS = """
PS1='$ '
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
bind 'set show-all-if-ambiguous on'
bind -x '"\\C-xp": printf "<%s>\\n" "$READLINE_LINE"'
"""
"""Settings of readline under which a single Tab shows everything, and Ctrl-X p prints the line."""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `blueprint` as a program, as a shell finds it."""
    folder = tmp_path_factory.mktemp("programs")
    program = folder / "blueprint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m blueprint "$@"\n')
    program.chmod(0o755)
    return folder


def environment(programs: Path) -> dict[str, str]:
    """Return an environment in which the shell finds `blueprint`."""
    return os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "TERM": "dumb"}


def completion(shell: str, programs: Path) -> str:
    """Return the script that completes `blueprint` in `shell`.

    --show-completion prints it for the shell that it runs in, which a test cannot choose: here it is asked
    for by name.
    """
    env = environment(programs) | {"_BLUEPRINT_COMPLETE": f"source_{shell}"}
    return subprocess.run(COMMAND, env=env, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def bash(programs: Path, tmp_path: Path) -> "Iterator[pexpect.spawn[str]]":
    """A bash at a terminal, with the completion for it."""
    startup = tmp_path / "startup"
    startup.write_text(f"{SETTINGS}{completion('bash', programs)}\n")
    session = pexpect.spawn(
        "bash",
        ["--noprofile", "--rcfile", str(startup)],
        cwd=tmp_path,
        env=environment(programs),
        encoding="utf-8",
        timeout=60,
        dimensions=(50, 200),
    )
    session.expect_exact("$ ")
    yield session
    session.close(force=True)


def completed(bash: "pexpect.spawn[str]", typed: str) -> tuple[str, list[str]]:
    """Press Tab after some text; return the line as it is then, and the words that were offered."""
    bash.send(f"{typed}\t\x18p")
    bash.expect_exact("<")
    shown = str(bash.before)
    bash.expect_exact(">\r\n")
    line = str(bash.before)
    bash.send("\x15")
    return line, shown.split()


@pytest.mark.slow
def test_bash_completes_options_and_their_values(bash: "pexpect.spawn[str]") -> None:
    """--set takes the name of an option, up to the equals sign, and then one of its values."""
    assert completed(bash, "blueprint new --set load")[0] == "blueprint new --set load_balancer="
    assert "postgresql" in completed(bash, "blueprint new --set database=")[1]
    assert completed(bash, "blueprint new --set replic")[0] == "blueprint new --set replicas="
    two = "blueprint new --set cache=redis --set kubernetes="
    assert completed(bash, f"{two}n")[0] == f"{two}no "
    named = completed(bash, "blueprint new -p event-driven --set ")[1]
    assert "retention_hours=" in named
    assert "cache=" in named
    assert completed(bash, "blueprint new --cache=red")[0] == "blueprint new --cache=redis "


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("blueprint recommend --preset sm", "blueprint recommend --preset small-shop "),
        ("blueprint recommend --cloud g", "blueprint recommend --cloud gcp "),
        ("blueprint recommend --workload s", "blueprint recommend --workload streaming "),
        ("blueprint recommend --consistency r", "blueprint recommend --consistency read_your_writes "),
    ],
)
def test_bash_completes_needs(bash: "pexpect.spawn[str]", typed: str, line: str) -> None:
    """Presets and choices of the needs are completed."""
    assert completed(bash, typed)[0] == line


@pytest.mark.slow
def test_bash_completes_what_a_project_has(bash: "pexpect.spawn[str]", tmp_path: Path) -> None:
    """`update --set` and `diff --set` complete options of the project, and `add` what can be added to it."""
    edges = {"type": "list", "question": "Which?", "item": "edge", "ask": "never"}
    write_pattern(tmp_path / "tiny", tiny(options={**TINY["options"], "edges": edges}))
    assert blueprint("new", "shop", "-p", "./tiny", "--yes", cwd=tmp_path).status == 0

    assert completed(bash, "blueprint update shop --set data")[0] == "blueprint update shop --set database="
    assert completed(bash, "blueprint update shop --set database=my")[0].endswith("database=mysql ")
    bash.sendline("cd shop")
    bash.expect_exact("$ ")
    assert completed(bash, "blueprint diff --update --set kub")[0].endswith("--set kubernetes=")
    assert completed(bash, "blueprint add e")[0] == "blueprint add edge "


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_complete_whole_words(shell: str, tmp_path: Path) -> None:
    """zsh and fish do not split words at equals signs, so they are offered NAME=VALUE."""
    words = "blueprint new --set cache=re"
    env = {
        "_BLUEPRINT_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": words,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    assert "cache=redis" in blueprint(cwd=tmp_path, env=env).out


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_a_real_fish_completes_a_setting(programs: Path, tmp_path: Path) -> None:
    """fish offers the values of an option."""
    asked = f"{completion('fish', programs)}\ncomplete -C 'blueprint new --set cache=re'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", asked],
        cwd=tmp_path,
        env=environment(programs),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["cache=redis"]
