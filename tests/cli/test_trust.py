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


def test_bundled_extensions_are_shown_with_their_code(tmp_path: Path, here: Path) -> None:
    """A bundled extension is shown with its code and its imports, an installed one by name."""
    extensions = ["jinja2.ext.do", "its.own.Shout", "other.Thing"]
    files = {
        "cookiecutter.json": json.dumps({"name": "x", "_extensions": extensions}),
        "its/own.py": "from . import words\nimport json\nclass Shout: ...\n",
        "its/words.py": "WORDS = []\n",
        "its/unused.py": "UNUSED = []\n",
    }
    source = write_template(tmp_path / "template", files)
    assert blueprint("pattern", "show", source, "--json", cwd=here).json["code"] == [
        {"what": "Jinja extension its.own.Shout", "text": files["its/own.py"]},
        {"what": "Jinja extension other.Thing", "text": "other.Thing"},
        {"what": "module its/words.py, which an extension can import", "text": files["its/words.py"]},
    ]


def test_files_are_shown_as_extensions_of_copier(tmp_path: Path, here: Path) -> None:
    """Copier loads files as extensions, but modules only from installed packages: they are shown by name."""
    extensions = [
        "copier_template_extensions.TemplateExtensionLoader",
        "its/own.py:Shout",
        "its.own.Shout",
    ]
    files = {"copier.yml": json.dumps({"_jinja_extensions": extensions}), "its/own.py": "class Shout: ...\n"}
    source = write_template(tmp_path / "template", files)
    assert blueprint("pattern", "show", source, "--json", cwd=here).json["code"] == [
        {"what": "Jinja extension its/own.py:Shout", "text": "class Shout: ...\n"},
        {"what": "Jinja extension its.own.Shout", "text": "its.own.Shout"},
    ]


def test_programs_that_a_task_names_are_shown(tmp_path: Path, here: Path) -> None:
    """A program of the template that a task runs is shown, with the names of those that it runs in turn."""
    files = {
        "copier.yml": "_tasks: ['python {{ _copier_conf.src_path }}/scripts/setup.py']\n",
        "scripts/setup.py.jinja": "subprocess.run('helper.sh')\n",
        "scripts/helper.sh": "true\n",
        "scripts/other.sh": "false\n",
    }
    source = write_template(tmp_path / "template", files)
    shown = blueprint("pattern", "show", source, "--json", cwd=here).json["code"]
    assert shown[1:] == [
        {
            "what": "file scripts/setup.py.jinja, which this code names",
            "text": files["scripts/setup.py.jinja"],
        },
        {"what": "any of these files of the template, which the code names", "text": "scripts/helper.sh"},
    ]


def test_modules_that_a_program_imports_are_listed(tmp_path: Path, here: Path) -> None:
    """Python names a file by its module, and that module names others: all of them are listed."""
    files = {
        "copier.yml": "_tasks: ['python -m tools.setup', [python, -m, other]]\n",
        "tools/setup.py": "from . import (\n    first,\n)\nimport json, tools.second as two\n",
        "other/__main__.py": "",
        "tools/first.py": "subprocess.run(['sh', 'last.sh'])\n",
        "tools/second.py": "",
        "tools/unused.py": "import nothing\n",
        "last.sh": "true\n",
    }
    source = write_template(tmp_path / "template", files)
    shown = blueprint("pattern", "show", source, "--json", cwd=here).json["code"]
    assert [each["what"] for each in shown[2:]] == [
        "file other/__main__.py, which this code names",
        "file tools/setup.py, which this code names",
        "any of these files of the template, which the code names",
    ]
    assert shown[-1]["text"] == "last.sh\ntools/first.py\ntools/second.py"


def test_programs_that_a_hook_names_are_listed(tmp_path: Path, here: Path) -> None:
    """Programs that a hook names are listed by name: it may run them, or only delete them."""
    files = {**HOOKED, "hooks/post_gen_project.sh": "#!/bin/sh\nrm manage.py\n", "deep/manage.py": ""}
    source = write_template(tmp_path / "template", files)
    shown = blueprint("pattern", "show", source, "--json", cwd=here).json["code"]
    assert shown[1:] == [
        {"what": "any of these files of the template, which the code names", "text": "deep/manage.py"}
    ]


EXTENSION = """from jinja2.ext import Extension


class Shout(Extension):
    def __init__(self, environment):
        super().__init__(environment)
        environment.filters["shout"] = lambda text: text.upper()
"""
QUESTIONS = {
    "copier": {
        "copier.yml": "_jinja_extensions: ['ext.py:Shout']\nname: x\n"
        'loud: {type: str, help: Its sound, default: "{{ name | shout }}"}\n',
        "a.txt.jinja": "{{ loud | shout }}",
        "ext.py": EXTENSION,
    },
    "cookiecutter": {
        "cookiecutter.json": json.dumps(
            {"name": "x", "loud": "{{ cookiecutter.name | shout }}", "_extensions": ["ext.Shout"]}
        ),
        "{{ cookiecutter.name }}/a.txt": "{{ cookiecutter.loud | shout }}",
        "ext.py": EXTENSION,
    },
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_trust_is_asked_before_code_that_the_questions_need(
    tmp_path: Path, here: Path, home: dict[str, str], kind: str
) -> None:
    """Questions that need the template's own code do not keep blueprint from asking for trust first."""
    source = write_template(tmp_path / "template", QUESTIONS[kind])
    refused = blueprint("new", "shop", "-p", source, "--json", cwd=here, env=home)
    assert (refused.status, refused.json["error"]["code"]) == (11, "untrusted")

    shown = blueprint("pattern", "show", source, cwd=here).out
    assert "shout }}]" in shown
    assert "Some questions need that code." in shown
    assert "| class Shout(Extension):" in shown

    agreed = ["--trust", digest(source, here), "--set", "name=y"]
    made = blueprint("new", "shop", "-p", source, *agreed, cwd=here, env=home)
    assert made.status == 0, made.err
    assert (here / "shop/a.txt").read_text() == "Y"


def test_what_runs_is_what_was_shown(tmp_path: Path, here: Path, home: dict[str, str]) -> None:
    """A hook that changes between the question and the answer does not run: its copy does."""
    source = write_template(tmp_path / "template", HOOKED)
    arguments = [*COMMAND[1:], "new", "shop", "-p", str(source), "--set", "name=y"]
    session = pexpect.spawn(
        COMMAND[0], arguments, cwd=here, encoding="utf-8", timeout=60, env={**os.environ, **home}, echo=False
    )
    session.expect_exact("Do you trust exactly this code")
    session.expect_exact("> ")
    write_template(source, {"hooks/post_gen_project.sh": "#!/bin/sh\necho evil > hooked.txt\n"})
    session.sendline("yes")
    session.expect_exact("Create this project?")
    session.expect_exact("> ")
    session.sendline("yes")
    session.expect(pexpect.EOF)
    session.wait()
    assert (here / "shop/hooked.txt").read_text() == "y\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{ '$SECRET' | expandvars }}", "expandvars, which reads environment variables"),
        ("{{ '/etc/host*' | fileglob }}", "fileglob, which reads names of files"),
        ("{{ ['~'] | map('expanduser') | list }}", "expanduser, which reads home folders"),
        ("{% filter realpath %}.{% endfilter %}", "realpath, which reads names of files"),
        ("{{ '/' |\n relpath }}", "relpath, which reads the working folder"),
    ],
)
@pytest.mark.parametrize("place", ["file", "include", "default"])
def test_filters_that_read_the_machine_need_trust(
    tmp_path: Path, here: Path, home: dict[str, str], text: str, what: str, place: str
) -> None:
    """A filter that reads the user's machine counts as code, and is shown with its line."""
    files = {
        "file": {"copier.yml": "", "a.txt.jinja": text},
        "include": {"copier.yml": "_exclude: [part]\n", "part": text, "a.txt.jinja": "{% include 'part' %}"},
        "default": {"copier.yml": json.dumps({"x": {"default": text}}), "a.txt.jinja": "{{ x }}"},
    }
    if place == "default":
        text = text.replace("\n", " ")
        files["default"]["copier.yml"] = json.dumps({"x": {"default": text}})
    source = write_template(tmp_path / "template", files[place])
    refused = blueprint("new", "shop", "-p", source, "--json", cwd=here, env=home).json["error"]
    assert refused["code"] == "untrusted"
    assert f"filter {what}" in refused["message"]
    if place == "file":
        made = blueprint("new", "shop", "-p", source, "--trust", digest(source, here), cwd=here, env=home)
        assert made.status == 0, made.err


def test_a_filter_that_is_not_shown_is_refused(tmp_path: Path, here: Path, home: dict[str, str]) -> None:
    """A filter of the machine whose use cannot be seen fails, and words that only look like one do not."""
    hidden = write_template(
        tmp_path / "template", {"copier.yml": "", "a.jinja": "{{ ['~'] | map('expand' ~ 'user') | list }}"}
    )
    error = blueprint("new", "shop", "-p", hidden, "--json", cwd=here, env=home).json["error"]
    assert (error["code"], "the filter expanduser" in error["message"]) == ("hostile-pattern", True)

    files = {"copier.yml": "", "a.py.jinja": "os.path.expanduser('~')  # {{ _copier_python }}\n"}
    plain = write_template(tmp_path / "plain", files)
    assert blueprint("new", "shop", "-p", plain, cwd=here, env=home).status == 0
    assert (here / "shop/a.py").read_text() == "os.path.expanduser('~')  # python\n"


@pytest.mark.parametrize("answer", ["", "no", "y e s"])
def test_everything_but_yes_is_no(template: Path, here: Path, home: dict[str, str], answer: str) -> None:
    """Any answer except yes is a no, and the code was shown before."""
    status, seen = at_a_terminal(template, here, home, "shop", answer)

    assert status == 11
    assert "echo {{ cookiecutter.name }} > hooked.txt" in seen
    assert list(here.iterdir()) == []
    assert not list(template.parent.glob("config/**/trusted.json"))


@pytest.mark.slow
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


@pytest.mark.slow
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
