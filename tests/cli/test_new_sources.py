"""`blueprint new --pattern SOURCE` handles every kind of template from every kind of source."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pexpect
import pytest
import yaml

from tests.patterns_on_disk import tiny, write_pattern
from tests.repositories import commit
from tests.sources.templates import by_cookiecutter, by_copier, on_disk, url, write_template

from .running import COMMAND, blueprint

COPIER = {
    "copier.yml": """
name:
  help: What is it called?
  default: ""
  validator: "{% if name|length < 3 %}too short{% endif %}"
slug: {type: str, default: "{{ name|lower }}-it"}
licence: {choices: {The MIT licence: mit, None at all: none}, default: none}
parts: {choices: [api, web, docs], multiselect: true, default: [api]}
key: {type: str, secret: true, default: changeme}
port: {type: int, default: 80, when: "{{ 'web' in parts }}"}
""",
    "{{ slug }}.txt.jinja": "{{ name }} {{ licence }} {{ parts|join('+') }} {{ port }}\n",
    "key.txt.jinja": "{{ key }}\n",
    "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}",
}
COPIER_ANSWERS = {"name": "Thing", "licence": "mit", "parts": ["api", "web"], "port": 8080}

COOKIECUTTER = {
    "cookiecutter.json": json.dumps(
        {
            "name": "My Thing",
            "slug": "{{ cookiecutter.name|lower }}",
            "licence": ["MIT", "none"],
            "docs": True,
        }
    ),
    "{{ cookiecutter.slug }}/a.txt": "{{ cookiecutter.name }} {{ cookiecutter.licence }}\n",
    "{{ cookiecutter.slug }}/{% if cookiecutter.docs %}docs.txt{% endif %}": "{{ cookiecutter.docs }}\n",
}
COOKIECUTTER_ANSWERS = {"name": "Other", "licence": "none", "docs": False}

TOOLS: Mapping[str, tuple[Mapping[str, str], Mapping[str, Any], Any]] = {
    "copier": (COPIER, COPIER_ANSWERS, by_copier),
    "cookiecutter": (COOKIECUTTER, COOKIECUTTER_ANSWERS, by_cookiecutter),
}


def as_source(folder: Path, where: str) -> str:
    """Return `folder` as a source of the kind `where`."""
    if where == "folder":
        return str(folder)
    if where == "git":
        commit(folder, "v1.4.0")
        return f"{url(folder)}@v1.4.0"
    archive = folder.with_suffix(".zip")
    with ZipFile(archive, "w") as file:
        for path in folder.rglob("*"):
            file.write(path, f"top/{path.relative_to(folder)}")
    return str(archive)


def project_files(folder: Path) -> dict[str, bytes]:
    """Return path and content of every file of the project outside .blueprint."""
    files = {path: file.content for path, file in on_disk(folder).items()}
    return {path: content for path, content in files.items() if not path.startswith(".blueprint/")}


@pytest.mark.parametrize("where", ["folder", "zip", "git"])
@pytest.mark.parametrize("tool", TOOLS)
def test_every_template_renders_from_every_source(tmp_path: Path, here: Path, tool: str, where: str) -> None:
    """The dry run, the real run and the original tool agree on every file."""
    files, answers, by_tool = TOOLS[tool]
    template = write_template(tmp_path / "template", files)
    source = as_source(template, where)
    given = here / "answers.yaml"
    given.write_text(yaml.safe_dump(dict(answers)))
    arguments = ("new", "my-shop", "-p", source, "--answers", given, "--json")

    dry = blueprint(*arguments, "--dry-run", cwd=here)
    assert dry.status == 0, dry.out
    assert not (here / "my-shop").exists()
    made = blueprint(*arguments, cwd=here).json
    assert made == {**dry.json, "written": True}

    expected = by_tool(source if where == "folder" else str(template), answers, tmp_path)
    own = {path: file.content for path, file in expected.items() if path != ".copier-answers.yml"}
    theirs = project_files(here / "my-shop")
    theirs.pop(".copier-answers.yml", None)
    assert theirs == own
    origin = yaml.safe_load((here / "my-shop/.blueprint/source.yaml").read_text())["origin"]
    assert (origin["type"], origin["kind"]) == (where, tool)


@pytest.mark.parametrize("tool", TOOLS)
def test_answers_are_checked_for_each_tool(tmp_path: Path, here: Path, tool: str) -> None:
    """Answers are checked by name, type and choices, for each tool."""
    template = write_template(tmp_path / "template", TOOLS[tool][0])

    def refused(text: str) -> str:
        run = blueprint("new", "x", "-p", template, "--set", "name=Long", "--set", text, "--json", cwd=here)
        assert (run.status, run.json["error"]["code"]) == (3, "bad-answers")
        return str(run.json["error"]["message"])

    assert "no option 'licenc'; did you mean 'licence'?" in refused("licenc=mit")
    assert "'gpl' is not valid for licence" in refused("licence=gpl")
    if tool == "copier":
        assert "port does not exist with these answers" in refused("port=80")
        assert "['api', 'database'] is not valid for parts" in refused("parts=api,database")
    else:
        assert "'perhaps' is not valid for --set docs" in refused("docs=perhaps")


def test_a_validator_message_is_shown(tmp_path: Path, here: Path) -> None:
    """A validator's message is shown, and a default that it rejects must be answered."""
    template = write_template(tmp_path / "template", COPIER)
    short = blueprint("new", "x", "-p", template, "--set", "name=ab", "--json", cwd=here).json["error"]
    assert short["message"].startswith("'ab' is not valid for name: ")
    assert "too short" in short["message"]
    missing = blueprint("new", "x", "-p", template, "--json", cwd=here).json["error"]
    assert missing["message"] == "name is required: What is it called?"


def test_answers_files_of_other_tools_work(tmp_path: Path, here: Path) -> None:
    """Copier's answers file and Cookiecutter's replay file work as answers files."""
    copier = write_template(tmp_path / "copier-template", COPIER)
    expected = by_copier(str(copier), COPIER_ANSWERS, tmp_path)
    given = tmp_path / "copier/my-shop/.copier-answers.yml"
    assert blueprint("new", "a", "-p", copier, "--answers", given, cwd=here).status == 0
    assert project_files(here / "a") == {path: file.content for path, file in expected.items()}

    cookiecutter = write_template(tmp_path / "cookiecutter-template", COOKIECUTTER)
    expected = by_cookiecutter(str(cookiecutter), COOKIECUTTER_ANSWERS, tmp_path)
    given = tmp_path / "replay/cookiecutter-template.json"
    assert blueprint("new", "b", "-p", cookiecutter, "--answers", given, cwd=here).status == 0
    assert project_files(here / "b") == {path: file.content for path, file in expected.items()}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_question_with_a_reserved_name_is_renamed(tmp_path: Path, here: Path, tool: str) -> None:
    """A question with a reserved name gets an underscore, and the project keeps its name."""
    names = {"project": "its own", "pattern": "paisley"}
    files = {
        "copier": {"copier.yml": yaml.safe_dump(names), "a.jinja": "{{ project }} {{ pattern }}"}
        | {"{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}"},
        "cookiecutter": {
            "cookiecutter.json": json.dumps(names),
            "{{ cookiecutter.project }}/a": "{{ cookiecutter.project }} {{ cookiecutter.pattern }}",
        },
    }
    template = write_template(tmp_path / "template", files[tool])
    made = blueprint("new", "shop", "-p", template, "--set", "pattern_=plain", "--json", cwd=here).json
    assert (made["project"], made["answers"]) == ("shop", {"project_": "its own", "pattern_": "plain"})
    assert (here / "shop/a").read_text() == "its own plain"

    TOOLS[tool][2](str(template), names, tmp_path)
    replayed = (
        tmp_path
        / {"copier": "copier/my-shop/.copier-answers.yml", "cookiecutter": "replay/template.json"}[tool]
    )
    assert blueprint("new", "again", "-p", template, "--answers", replayed, cwd=here).status == 0
    assert (here / "again/a").read_text() == "its own paisley"


def test_a_secret_answer_is_not_recorded(tmp_path: Path, here: Path) -> None:
    """A secret answer is neither shown nor recorded, and only the owner can read its file."""
    template = write_template(tmp_path / "template", COPIER)
    arguments = ("--set", "name=Thing", "--set", "key=s3cr3t-value")
    made = blueprint("new", "shop", "-p", template, *arguments, cwd=here)

    assert "s3cr3t" not in made.out
    assert (here / "shop/key.txt").read_text() == "s3cr3t-value\n"
    assert (here / "shop/key.txt").stat().st_mode & 0o077 == 0
    assert "s3cr3t" not in (here / "shop/.blueprint/answers.yaml").read_text()
    assert b"s3cr3t" not in (here / "shop/.blueprint/pristine.tar.gz").read_bytes()


def test_the_final_message_of_a_template_is_shown(tmp_path: Path, here: Path) -> None:
    """The final message of a template is rendered and shown."""
    questions = {"copier.yml": "_message_after_copy: 'Now start {{ name }}.'\nname: it\n", "a": ""}
    template = write_template(tmp_path / "template", questions)
    made = blueprint("new", "shop", "-p", template, cwd=here)
    assert made.out.endswith("  cd shop\n\nNow start it.\n")


def test_a_native_pattern_in_git_uses_shared_layers(here: Path, tmp_path: Path) -> None:
    """A pattern in a folder of a Git repository uses the shared layers of that repository."""
    layers = [{"from": "../shared", "to": "."}]
    write_pattern(tmp_path / "team/one", tiny(layers=layers, look=[]), {"../shared/a.txt": "shared"})
    commit(tmp_path / "team", "v1.0.0")

    made = blueprint("new", "shop", "-p", f"{url(tmp_path / 'team')}#one", "--json", cwd=here)
    assert made.status == 0
    assert (here / "shop/a.txt").read_text() == "shared"


@pytest.fixture
def session(tmp_path: Path, here: Path) -> "Iterator[pexpect.spawn[str]]":
    """A session of `blueprint new` at a terminal, with the Copier template."""
    template = write_template(tmp_path / "template", COPIER)
    arguments = [*COMMAND[1:], "new", "shop", "-p", str(template)]
    terminal = pexpect.spawn(COMMAND[0], arguments, cwd=here, encoding="utf-8", timeout=60, echo=False)
    yield terminal
    terminal.close(force=True)


@pytest.mark.slow
def test_the_wizard_asks_what_the_template_asks(session: "pexpect.spawn[str]", here: Path) -> None:
    """The wizard handles computed defaults, numbered and multiple choices, secrets and validators."""
    for question, answer in (
        ("What is it called?", "ab"),
        ("too short", "Thing"),
        ("slug", ""),
        ("1. mit: The MIT licence", "1"),
        ("any of api, web, docs", "docs, web"),
        ("key", "hidden-value"),
        ("port", "81"),
        ("Create this project?", "yes"),
    ):
        session.expect_exact(question)
        session.expect_exact("> ")
        if question == "slug":
            assert "[thing-it]" in str(session.before)
        session.sendline(answer)
    session.expect(pexpect.EOF)
    session.wait()

    assert session.exitstatus == 0
    assert "hidden-value" not in str(session.before)
    assert (here / "shop/thing-it.txt").read_text() == "Thing mit web+docs 81\n"
    assert (here / "shop/key.txt").read_text() == "hidden-value\n"
