"""Code of a template runs only if the user has seen and trusted exactly that code."""

import json
import os
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.repositories import commit
from tests.sources.templates import url, write_template

from .running import COMMAND, Outcome, blueprint, in_process

HOOK = "#!/bin/sh\necho {{ cookiecutter.name }} > hooked.txt\n"
HOOKED = {
    "cookiecutter.json": json.dumps({"name": "x"}),
    "{{ cookiecutter.name }}/a.txt": "a",
    "hooks/post_gen_project.sh": HOOK,
}
TASKED = {"copier.yml": "_tasks: ['echo task > hooked.txt']\n", "a.txt": "a"}
EXTENDED = {"copier.yml": "_jinja_extensions: [jinja2.ext.debug]\n", "hooked.txt.jinja": "{% debug %}"}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A Cookiecutter template with a hook."""
    return write_template(tmp_path / "template", HOOKED)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A separate configuration, so that trust does not leak between tests."""
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


def digest(source: Path | str, here: Path) -> str:
    """Return the content digest of a source."""
    return str(blueprint("pattern", "show", source, "--json", cwd=here).json["origin"]["digest"])


def at_a_terminal(source: Path | str, here: Path, home: dict[str, str], name: str, trust: str | None) -> Any:
    """Create a project at a terminal; `trust` answers the trust question, None expects none."""
    arguments = [*COMMAND[1:], "new", name, "-p", str(source), "--set", "name=y"]
    session = pexpect.spawn(
        COMMAND[0], arguments, cwd=here, encoding="utf-8", timeout=60, env={**os.environ, **home}, echo=False
    )
    if trust is not None:
        session.expect_exact("Do you trust exactly this code")
        seen = str(session.before)
        session.expect_exact("> ")
        session.sendline(trust)
    else:
        seen = ""
    if trust in (None, "yes"):
        session.expect_exact("Create this project?")
        session.expect_exact("> ")
        seen += str(session.before)
        session.sendline("yes")
    session.expect(pexpect.EOF)
    session.wait()
    return session.exitstatus, seen + str(session.before)


@pytest.mark.parametrize(
    ("files", "what"), [(HOOKED, "hook post_gen_project.sh"), (TASKED, "task"), (EXTENDED, "Jinja extension")]
)
@pytest.mark.parametrize("flags", [[], ["--yes"], ["--dry-run"], ["--trust", "0" * 64], ["--trust", ""]])
def test_without_a_terminal_untrusted_code_is_refused(
    tmp_path: Path,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    what: str,
    flags: list[str],
) -> None:
    """Without a terminal, untrusted code is refused; the hint names --trust, and nothing runs."""
    source = write_template(tmp_path / "template", files)
    monkeypatch.chdir(here)
    run = in_process("new", "shop", "-p", str(source), *flags, "--json", capsys=capsys)

    assert run.status == 11
    error = run.json["error"]
    assert (error["code"], error["exit_code"]) == ("untrusted", 11)
    assert what in error["message"]
    shown = in_process("pattern", "show", str(source), "--json", capsys=capsys).json
    assert f"--trust {shown['origin']['digest'][:12]}" in error["hint"]
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("length", [12, 64])
def test_trust_takes_a_digest(template: Path, here: Path, home: dict[str, str], length: int) -> None:
    """--trust takes at least twelve digits of the digest, for one run only."""
    agreed = ["--trust", digest(template, here)[:length]]
    made = blueprint("new", "shop", "-p", template, *agreed, "--set", "name=y", cwd=here, env=home)

    assert made.status == 0, made.err
    assert (here / "shop/hooked.txt").read_text() == "y\n"
    assert blueprint("new", "other", "-p", template, cwd=here, env=home).status == 11


@pytest.mark.parametrize("length", [1, 11])
def test_a_short_digest_is_refused(template: Path, here: Path, length: int) -> None:
    """Fewer than twelve digits are refused: other content could share them."""
    agreed = digest(template, here)[:length]
    assert blueprint("new", "shop", "-p", template, "--trust", agreed, cwd=here).status == 11


def test_show_prints_all_code(template: Path, here: Path) -> None:
    """`pattern show` prints all code of a template, as text and as JSON."""
    assert f"  | {HOOK.splitlines()[1]}" in blueprint("pattern", "show", template, cwd=here).out
    shown = blueprint("pattern", "show", template, "--json", cwd=here).json
    assert shown["code"] == [{"what": "hook post_gen_project.sh", "text": HOOK}]


@pytest.mark.parametrize("kind", ["copier", "cookiecutter"])
def test_bundled_extensions_are_shown_with_their_code(tmp_path: Path, here: Path, kind: str) -> None:
    """An extension in the template is shown with its code, an installed one by name."""
    extensions = ["jinja2.ext.do", "its.own.Shout", "other.Thing"]
    files = {
        "copier": {"copier.yml": f"_jinja_extensions: {extensions}\n"},
        "cookiecutter": {"cookiecutter.json": json.dumps({"name": "x", "_extensions": extensions})},
    }
    source = write_template(tmp_path / "template", {**files[kind], "its/own.py": "class Shout: ...\n"})
    assert blueprint("pattern", "show", source, "--json", cwd=here).json["code"] == [
        {"what": "Jinja extension its.own.Shout", "text": "class Shout: ...\n"},
        {"what": "Jinja extension other.Thing", "text": "other.Thing"},
    ]


@pytest.mark.parametrize("answer", ["", "no", "y e s"])
def test_everything_but_yes_is_no(template: Path, here: Path, home: dict[str, str], answer: str) -> None:
    """Any answer except yes is a no, and the code was shown before."""
    status, seen = at_a_terminal(template, here, home, "shop", answer)

    assert status == 11
    assert "echo {{ cookiecutter.name }} > hooked.txt" in seen
    assert list(here.iterdir()) == []
    assert not list(template.parent.glob("config/**/trusted.json"))


def test_trust_is_remembered_until_the_content_changes(
    template: Path, here: Path, home: dict[str, str]
) -> None:
    """Trust is remembered until any file changes: a hook may run the file beside it."""
    assert at_a_terminal(template, here, home, "one", "yes")[0] == 0
    assert at_a_terminal(template, here, home, "two", None)[0] == 0
    assert blueprint("new", "three", "-p", template, cwd=here, env=home).status == 0

    write_template(template, {"helper.sh": "echo changed"})
    refused: Outcome = blueprint("new", "four", "-p", template, cwd=here, env=home)
    assert refused.status == 11


def test_trust_is_for_one_source_and_one_commit(
    template: Path, tmp_path: Path, here: Path, home: dict[str, str]
) -> None:
    """The same content from another source or commit must be trusted again."""
    commit(template, "v1.0.0")
    assert at_a_terminal(url(template), here, home, "one", "yes")[0] == 0
    assert blueprint("new", "two", "-p", url(template), cwd=here, env=home).status == 0
    assert blueprint("new", "three", "-p", template, cwd=here, env=home).status == 11

    commit(template)
    assert blueprint("new", "four", "-p", url(template), cwd=here, env=home).status == 11
    kept = tmp_path / "config/blueprint/trusted.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text())["trusted"][0]["source"] == url(template)
