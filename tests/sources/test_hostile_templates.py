"""What templates of other tools must not do, by whatever way they try."""

import json
import os
import tempfile
from contextlib import nullcontext
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import BlueprintError, HostilePatternError, PatternError, RenderError, UntrustedError
from blueprint.patterns import check_answers
from blueprint.sources import find_pattern, render, render_limits, staging

from .templates import Files, ours, write_template

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('touch MARK').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context.environment.__class__ }}",
    "{{ ''|attr('__class__') }}",
    "{{ '{0.__class__.__mro__}'.format(1) }}",
    "{{ ('{0.__class__}'|string).format(1) }}",
    "{{ [1]|map(attribute='__class__')|list }}",
    "{{ namespace.__init__.__globals__ }}",
    "{% set x = joiner.__init__.__globals__ %}{{ x.os }}",
    "{{ 9 ** 9999999 }}",
    "{{ 'x' * 99999999999 }}",
    "{{ range(999999999)|list }}",
    "{{ lipsum(n=9999) }}",
]

COPIER_ESCAPES = [
    *ESCAPES,
    "{{ _copier_conf.settings.from_file }}",
    "{{ _copier_conf.src_path.parser.os }}",
    "{% include '../secret' %}",
    "{% include '/etc/hostname' %}",
]

COOKIECUTTER_ESCAPES = [
    *ESCAPES,
    "{{ cookiecutter.__class__.__init__.__globals__ }}",
    "{% include '../../secret' %}",
    "{% include '/etc/hostname' %}",
]

WAYS_OUT = [
    "../evil",
    "a/../../evil",
    "/tmp/evil",  # noqa: S108
    "..",
    ".git/hooks/post-checkout",
    ".GIT/config",
    ".blueprint/x",
]


def copier(folder: Path, questions: str = "", files: Files | None = None) -> Path:
    """A Copier template with these questions."""
    return write_template(folder / "template", {"copier.yml": questions, **(files or {})})


def cookiecutter(folder: Path, variables: object, files: Files | None = None) -> Path:
    """A Cookiecutter template with these variables."""
    content = json.dumps(variables) if isinstance(variables, dict) else str(variables)
    return write_template(folder / "template", {"cookiecutter.json": content, **(files or {})})


@pytest.fixture(autouse=True)
def _outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that no template may see, and a folder to leave marks in."""
    (tmp_path / "secret").write_text("top secret")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("escape", COPIER_ESCAPES)
@pytest.mark.parametrize("place", ["file", "path", "default", "when", "validator", "choices"])
def test_copiers_templates_stay_in_the_sandbox(tmp_path: Path, escape: str, place: str) -> None:
    """In every text that is rendered."""
    text = json.dumps(escape)
    questions = {
        "default": f"x: {{type: str, default: {text}}}",
        "when": f"x: {{type: str, default: a, when: {text}}}",
        "validator": f"x: {{type: str, default: a, validator: {text}}}",
        "choices": f"x: {{type: str, choices: {text}, default: a}}",
    }
    files = {"file": {"a.jinja": escape}, "path": {escape.replace("/", ""): ""}}
    template = copier(tmp_path, questions.get(place, ""), files.get(place))

    refused_or_harmless(str(template))


@pytest.mark.parametrize("escape", COOKIECUTTER_ESCAPES)
@pytest.mark.parametrize("place", ["file", "path", "default", "choice", "private", "mapping"])
def test_cookiecutters_templates_stay_in_the_sandbox(tmp_path: Path, escape: str, place: str) -> None:
    """Which Cookiecutter itself does not have."""
    variables: dict[str, dict[str, Any]] = {
        "default": {"x": escape},
        "choice": {"x": [escape, "a"]},
        "private": {"__x": escape},
        "mapping": {"x": {"a": escape}},
    }
    files = {"file": {"a": escape}, "path": {escape.replace("/", ""): ""}}.get(
        place, {"a": "{{ cookiecutter.x }}"}
    )
    template = cookiecutter(
        tmp_path,
        {"name": "x", **variables.get(place, {})},
        {f"{{{{ cookiecutter.name }}}}/{path}": content for path, content in files.items()},
    )
    refused_or_harmless(str(template))


def refused_or_harmless(source: str) -> None:
    """Either it is refused, or nothing of Python's internals or of the outside is in what was made."""
    try:
        made = ours(source, {})
    except BlueprintError:
        made = {}
    everything = b"".join(file.content for file in made.values()) + "".join(made).encode()
    for leaked in (b"<class", b"<module", b"<function", b"top secret", b"__globals__", b"root:"):
        assert leaked not in everything
    assert not Path("MARK").exists()


@pytest.mark.parametrize("way", WAYS_OUT)
def test_copiers_templates_write_only_into_the_project(tmp_path: Path, way: str) -> None:
    """By a path that an answer makes."""
    template = copier(tmp_path, f"_exclude: []\nway: {way}", {"{{ way }}": "evil", "{{ way }}.jinja": "evil"})
    with pytest.raises(PatternError):
        ours(str(template), {})
    assert not list(Path("/tmp").glob("evil*"))  # noqa: S108


@pytest.mark.parametrize(
    ("place", "way"),
    [
        *product(["file", "folder", "copied file"], WAYS_OUT),
        *product(["top", "copied folder"], ["../evil", "a/../../evil", ".."]),
        ("top", "/tmp/evil"),  # noqa: S108
        ("copied folder", ".git/hooks"),
    ],
)
def test_cookiecutters_templates_write_only_into_the_project(tmp_path: Path, way: str, place: str) -> None:
    """Files, folders, the project itself, and what is copied without rendering."""
    top, variables = "{{ cookiecutter.name }}", {"name": "x", "way": way, "_copy_without_render": ["*raw*"]}
    paths = {
        "file": f"{top}/{{{{ cookiecutter.way }}}}",
        "folder": f"{top}/{{{{ cookiecutter.way }}}}/a",
        "top": "{{ cookiecutter.way }}/a",
        "copied file": f"{top}/{{% if 'raw' %}}{{{{ cookiecutter.way }}}}{{% endif %}}",
        "copied folder": f"{top}/{{% if 'raw' %}}{{{{ cookiecutter.way }}}}{{% endif %}}/a",
    }
    template = cookiecutter(tmp_path, variables, {f"{top}/here": "", paths[place]: "evil"})
    if place == "top":
        (template / top / "here").unlink()
        (template / top).rmdir()
    with pytest.raises(PatternError):
        ours(str(template), {})
    assert not list(Path("/tmp").glob("evil*"))  # noqa: S108


@pytest.mark.parametrize("target", ["/etc/hostname", "../../secret", "/etc", ".."])
@pytest.mark.parametrize("tool", ["copier", "cookiecutter"])
def test_links_that_leave_the_template_are_refused(tmp_path: Path, tool: str, target: str) -> None:
    """Copied, they would be the files that they lead to."""
    if tool == "copier":
        template = copier(tmp_path, "", {"a": ""})
        link = template / "link"
    else:
        template = cookiecutter(tmp_path, {"name": "x"}, {"{{ cookiecutter.name }}/a": ""})
        link = template / "{{ cookiecutter.name }}/link"
    link.symlink_to(target)
    with pytest.raises(HostilePatternError, match="a link that leaves"):
        find_pattern(str(template))


def test_links_inside_a_template_are_what_they_lead_to(tmp_path: Path) -> None:
    """As with Copier and Cookiecutter themselves."""
    template = copier(tmp_path, "", {"a": "content"})
    (template / "b").symlink_to("a")
    assert ours(str(template), {})["b"].content == b"content"


def test_links_that_would_be_written_are_refused(tmp_path: Path) -> None:
    """A project has only plain files."""
    with pytest.raises(PatternError, match="_preserve_symlinks"):
        find_pattern(str(copier(tmp_path, "_preserve_symlinks: true", {"a": ""})))


def test_pipes_are_refused(tmp_path: Path) -> None:
    """Reading one would wait forever."""
    os.mkfifo(copier(tmp_path) / "pipe")
    with pytest.raises(HostilePatternError, match="device"):
        find_pattern(str(tmp_path / "template"))


def test_more_text_than_a_project_may_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is rendered, not when the disk is full."""
    monkeypatch.setattr(render_limits, "MAX_TOTAL", 1000)
    with pytest.raises(HostilePatternError, match="of text"):
        ours(str(copier(tmp_path, "", {"a.jinja": "{% for i in range(900) %}xx{% endfor %}"})), {})


def test_more_files_than_a_project_may_have_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loop in a path makes as many as it likes."""
    monkeypatch.setattr(staging, "MAX_FILES", 10)
    with pytest.raises(HostilePatternError, match="10 files"):
        ours(str(copier(tmp_path, "", {"{% yield i from range(11) %}{{ i }}{% endyield %}": ""})), {})


def test_an_endless_template_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a native one is."""
    monkeypatch.setattr("blueprint.sandbox.MAX_SECONDS", 0.5)
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(HostilePatternError, match="takes longer"):
        ours(str(copier(tmp_path, "x: 1\ny: '{{ x }}'", {"a.jinja": loop})), {})


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ("{", "line 1: is not valid JSON"),
        ("[]", "is not an object"),
        ({"templates": {"a": {"path": "../secret"}}}, "outside of the source"),
        ({"templates": {"a": {"path": "/etc"}}}, "outside of the source"),
        ({"template": ["a (../..)"]}, "outside of the source"),
        ({"template": ["no path"]}, "no path in brackets"),
        ({"templates": {"a": {}}}, "has no path"),
        ({"name": []}, "list of choices is empty"),
        (
            {"_jinja2_env_vars": {"context": {"cookiecutter": {"_extensions": ["evil"]}}}, "x": ""},
            "has context",
        ),
        ({"_jinja2_env_vars": {"extensions": ["evil"]}, "x": ""}, "has extensions"),
        ({"__a": "{{ cookiecutter.none }}", "name": "x"}, "has no 'none'"),
        ({"name": "{{"}, "the variable name"),
    ],
)
def test_broken_variables_are_an_error_of_the_pattern(
    tmp_path: Path, variables: object, problem: str
) -> None:
    """With what is wrong, and no traceback."""
    with pytest.raises(PatternError, match=problem):
        find_pattern(str(cookiecutter(tmp_path, variables)))


@pytest.mark.parametrize(
    ("questions", "problem"),
    [
        ("a: [", "copier.yml"),
        ("_min_copier_version: 99.0.0", "requires Copier"),
        ("_external_data: {x: y.yml}", "_external_data"),
        ("x: {type: nonsense}", "nonsense"),
        ("x: {type: int, choices: {A: b}}", "the question x"),
        ("!include ../secret", "copier.yml|outside|inside"),
        ("_subdirectory: ..", "outside|Forbidden|forbidden|\\.\\."),
    ],
)
def test_broken_questions_are_an_error_of_the_pattern(tmp_path: Path, questions: str, problem: str) -> None:
    """With what is wrong, and no traceback."""
    template = copier(tmp_path, questions, {"a": ""})
    with pytest.raises(PatternError, match=problem):
        ours(str(template), {})


def test_a_hook_before_the_questions_is_refused(tmp_path: Path) -> None:
    """It would have to run before anybody has seen what it does to them."""
    template = cookiecutter(tmp_path, {"name": "x"}, {"hooks/pre_prompt.sh": "touch MARK"})
    with pytest.raises(PatternError, match="pre_prompt"):
        find_pattern(str(template))


def test_what_a_template_says_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    """Neither questions, nor help, nor messages, nor errors, nor the text of its code."""
    questions = (
        '_message_after_copy: "bye\\e[2J"\n_tasks: ["echo \\e[2J"]\n'
        'x: {type: str, help: "how?\\e[2J", default: a, placeholder: "\\e[2J"}\n'
        'y: {choices: {"one\\e[2J": 1}, type: int, default: 1}\n'
    )
    pattern = find_pattern(str(copier(tmp_path, questions)))
    said = repr(pattern.options) + repr(getattr(pattern, "scripts", ()))
    assert "[2J" in said
    assert "x1b" not in said


def test_code_is_refused_even_by_who_does_not_ask(tmp_path: Path) -> None:
    """Rendering itself refuses what nobody has agreed to; extensions are not even imported before."""
    (tmp_path / "template").mkdir()
    mark = tmp_path / "template/its_own.py"
    mark.write_text("raise SystemExit('imported')")
    for template in (
        cookiecutter(
            tmp_path, {"name": "x", "_extensions": ["its_own.Shout"]}, {"{{cookiecutter.name}}/a": ""}
        ),
        cookiecutter(
            tmp_path, {"name": "x"}, {"{{cookiecutter.name}}/a": "", "hooks/pre_gen_project.sh": "x"}
        ),
    ):
        pattern = find_pattern(str(template))
        with pytest.raises(UntrustedError, match="wants to run code"):
            render(pattern, check_answers(pattern, "shop", {}))


def test_a_hook_that_fails_is_an_error_of_the_template(tmp_path: Path) -> None:
    """And nothing of it is left."""
    template = cookiecutter(
        tmp_path,
        {"name": "x"},
        {"{{cookiecutter.name}}/a": "", "hooks/pre_gen_project.sh": "#!/bin/sh\nexit 3\n"},
    )
    with pytest.raises(RenderError, match="exit status: 3"):
        ours(str(template), {}, trust=True)


@pytest.mark.parametrize("status", [0, 3])
def test_of_a_hook_with_a_secret_in_it_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Also when it fails."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    template = cookiecutter(
        tmp_path,
        {"secret": "x"},
        {
            "{{cookiecutter.secret}}/a": "",
            "hooks/post_gen_project.sh": f"#!/bin/sh\necho '{{{{cookiecutter.secret}}}}' >b\nexit {status}\n",
        },
    )
    with nullcontext() if status == 0 else pytest.raises(RenderError):
        assert "b" in ours(str(template), {"secret": "of mine"}, trust=True)
    assert list(scratch.iterdir()) == []
