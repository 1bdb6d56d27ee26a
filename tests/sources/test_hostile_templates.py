"""Untrusted Copier and Cookiecutter templates cannot read, write or run anything outside their project."""

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

from .templates import Files, by_blueprint, write_template

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

HOSTILE_PATHS = [
    "../evil",
    "a/../../evil",
    "/tmp/evil",  # noqa: S108
    "..",
    ".git/hooks/post-checkout",
    ".GIT/config",
    ".blueprint/x",
]


def copier(folder: Path, questions: str = "", files: Files | None = None) -> Path:
    """Write a Copier template with these questions and files."""
    return write_template(folder / "template", {"copier.yml": questions, **(files or {})})


def cookiecutter(folder: Path, variables: object, files: Files | None = None) -> Path:
    """Write a Cookiecutter template with these variables and files."""
    content = json.dumps(variables) if isinstance(variables, dict) else str(variables)
    return write_template(folder / "template", {"cookiecutter.json": content, **(files or {})})


@pytest.fixture(autouse=True)
def _outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that no template may read; commands of templates would run in the same folder."""
    (tmp_path / "secret").write_text("top secret")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("escape", COPIER_ESCAPES)
@pytest.mark.parametrize("place", ["file", "path", "default", "when", "validator", "choices"])
def test_copiers_templates_stay_in_the_sandbox(tmp_path: Path, escape: str, place: str) -> None:
    """No template text of Copier, from files to validators, can leave the sandbox."""
    text = json.dumps(escape)
    questions = {
        "default": f"x: {{type: str, default: {text}}}",
        "when": f"x: {{type: str, default: a, when: {text}}}",
        "validator": f"x: {{type: str, default: a, validator: {text}}}",
        "choices": f"x: {{type: str, choices: {text}, default: a}}",
    }
    files = {"file": {"a.jinja": escape}, "path": {escape.replace("/", ""): ""}}
    template = copier(tmp_path, questions.get(place, ""), files.get(place))

    assert_refused_or_harmless(str(template))


@pytest.mark.parametrize("escape", COOKIECUTTER_ESCAPES)
@pytest.mark.parametrize("place", ["file", "path", "default", "choice", "private", "mapping"])
def test_cookiecutters_templates_stay_in_the_sandbox(tmp_path: Path, escape: str, place: str) -> None:
    """No template text of Cookiecutter, which has no sandbox itself, can leave the sandbox of blueprint."""
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
    assert_refused_or_harmless(str(template))


def assert_refused_or_harmless(source: str) -> None:
    """Check that rendering is refused, or reveals nothing of Python's internals or of other files."""
    try:
        rendered = by_blueprint(source, {})
    except BlueprintError:
        rendered = {}
    everything = b"".join(file.content for file in rendered.values()) + "".join(rendered).encode()
    for leaked in (b"<class", b"<module", b"<function", b"top secret", b"__globals__", b"root:"):
        assert leaked not in everything
    assert not Path("MARK").exists()


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_copiers_templates_write_only_into_the_project(tmp_path: Path, path: str) -> None:
    """A Copier template cannot write outside the project through a path that an answer determines."""
    questions = f"_exclude: []\npath: {path}"
    template = copier(tmp_path, questions, {"{{ path }}": "evil", "{{ path }}.jinja": "evil"})
    with pytest.raises(PatternError):
        by_blueprint(str(template), {})
    assert not list(Path("/tmp").glob("evil*"))  # noqa: S108


@pytest.mark.parametrize(
    ("place", "path"),
    [
        *product(["file", "folder", "copied file"], HOSTILE_PATHS),
        *product(["top", "copied folder"], ["../evil", "a/../../evil", ".."]),
        ("top", "/tmp/evil"),  # noqa: S108
        ("copied folder", ".git/hooks"),
    ],
)
def test_cookiecutters_templates_write_only_into_the_project(tmp_path: Path, path: str, place: str) -> None:
    """No path of a Cookiecutter template, rendered or copied, can lead outside the project."""
    top, variables = "{{ cookiecutter.name }}", {"name": "x", "path": path, "_copy_without_render": ["*raw*"]}
    paths = {
        "file": f"{top}/{{{{ cookiecutter.path }}}}",
        "folder": f"{top}/{{{{ cookiecutter.path }}}}/a",
        "top": "{{ cookiecutter.path }}/a",
        "copied file": f"{top}/{{% if 'raw' %}}{{{{ cookiecutter.path }}}}{{% endif %}}",
        "copied folder": f"{top}/{{% if 'raw' %}}{{{{ cookiecutter.path }}}}{{% endif %}}/a",
    }
    template = cookiecutter(tmp_path, variables, {f"{top}/here": "", paths[place]: "evil"})
    if place == "top":
        (template / top / "here").unlink()
        (template / top).rmdir()
    with pytest.raises(PatternError):
        by_blueprint(str(template), {})
    assert not list(Path("/tmp").glob("evil*"))  # noqa: S108


@pytest.mark.parametrize("target", ["/etc/hostname", "../../secret", "/etc", ".."])
@pytest.mark.parametrize("tool", ["copier", "cookiecutter"])
def test_links_that_leave_the_template_are_refused(tmp_path: Path, tool: str, target: str) -> None:
    """A link to a place outside the template is refused, as its target would be copied into the project."""
    if tool == "copier":
        template = copier(tmp_path, "", {"a": ""})
        link = template / "link"
    else:
        template = cookiecutter(tmp_path, {"name": "x"}, {"{{ cookiecutter.name }}/a": ""})
        link = template / "{{ cookiecutter.name }}/link"
    link.symlink_to(target)
    with pytest.raises(HostilePatternError, match="a link that leaves"):
        find_pattern(str(template))


def test_links_inside_a_template_become_copies(tmp_path: Path) -> None:
    """A link to another file of the template becomes a copy of that file, as in Copier."""
    template = copier(tmp_path, "", {"a": "content"})
    (template / "b").symlink_to("a")
    assert by_blueprint(str(template), {})["b"].content == b"content"


def test_preserved_links_become_copies(tmp_path: Path) -> None:
    """A link that a template would create in the project becomes a copy of its rendered target."""
    template = copier(
        tmp_path, "_preserve_symlinks: true\nname: x", {"{{ name }}.txt.jinja": "{{ name }}", "d/e": "e"}
    )
    (template / "link.jinja").symlink_to("{{ name }}.txt")
    (template / "folder").symlink_to("d")
    made = by_blueprint(str(template), {})
    assert {path: file.content for path, file in made.items()} == {
        "x.txt": b"x",
        "link": b"x",
        "d/e": b"e",
        "folder/e": b"e",
    }


@pytest.mark.parametrize("target", ["/etc/hostname", "../..", "nowhere", ".", "{{ '/etc/hostname' }}"])
def test_written_links_that_leave_the_project_are_refused(tmp_path: Path, target: str) -> None:
    """A link in the project that leads out of it, nowhere or around in a circle is refused."""
    command = f"ln -s '{target}' link"
    template = copier(tmp_path, json.dumps({"_tasks": [command]}), {"a": ""})
    with pytest.raises(HostilePatternError, match="link to something that is not in the project"):
        by_blueprint(str(template), {}, trust=True)


def test_pipes_are_refused(tmp_path: Path) -> None:
    """A named pipe in a template is refused, because reading it would block."""
    os.mkfifo(copier(tmp_path) / "pipe")
    with pytest.raises(HostilePatternError, match="device"):
        find_pattern(str(tmp_path / "template"))


def test_more_text_than_a_project_may_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rendering stops when the text exceeds the size limit, not when the disk is full."""
    monkeypatch.setattr(render_limits, "MAX_TOTAL", 1000)
    with pytest.raises(HostilePatternError, match="of text"):
        by_blueprint(str(copier(tmp_path, "", {"a.jinja": "{% for i in range(900) %}xx{% endfor %}"})), {})


def test_more_files_than_a_project_may_have_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path with a loop, which can create any number of files, cannot exceed the limit."""
    monkeypatch.setattr(staging, "MAX_FILES", 10)
    with pytest.raises(HostilePatternError, match="10 files"):
        by_blueprint(str(copier(tmp_path, "", {"{% yield i from range(11) %}{{ i }}{% endyield %}": ""})), {})


def test_an_endless_template_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Copier template that exceeds the time limit is stopped."""
    monkeypatch.setattr("blueprint.templating.MAX_SECONDS", 0.5)
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(HostilePatternError, match="takes longer"):
        by_blueprint(str(copier(tmp_path, "x: 1\ny: '{{ x }}'", {"a.jinja": loop})), {})


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ("{", "line 1: is not valid JSON"),
        ("[]", "is not an object"),
        ({"templates": {"a": {"path": "../secret"}}}, "outside the source"),
        ({"templates": {"a": {"path": "/etc"}}}, "outside the source"),
        ({"template": ["a (../..)"]}, "outside the source"),
        ({"template": ["no path"]}, "no path in parentheses"),
        ({"templates": {"a": {}}}, "has no path"),
        ({"name": []}, "list of choices is empty"),
        (
            {"_jinja2_env_vars": {"context": {"cookiecutter": {"_extensions": ["evil"]}}}, "x": ""},
            "may not set context",
        ),
        ({"_jinja2_env_vars": {"extensions": ["evil"]}, "x": ""}, "may not set extensions"),
        ({"__a": "{{ cookiecutter.none }}", "name": "x"}, "has no 'none'"),
        ({"name": "{{"}, "the variable name"),
    ],
)
def test_broken_variables_are_an_error_of_the_pattern(
    tmp_path: Path, variables: object, problem: str
) -> None:
    """An invalid cookiecutter.json is reported as an error of the pattern that says what is wrong."""
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
        (f"!include {'../' * 20}etc/hostname", "copier.yml|outside|inside"),
        ("_subdirectory: ..", "outside|Forbidden|forbidden|\\.\\."),
    ],
)
def test_broken_questions_are_an_error_of_the_pattern(tmp_path: Path, questions: str, problem: str) -> None:
    """An invalid copier.yml is reported as an error of the pattern that says what is wrong."""
    template = copier(tmp_path, questions, {"a": ""})
    with pytest.raises(PatternError, match=problem):
        by_blueprint(str(template), {})


def test_a_hook_before_the_questions_is_refused(tmp_path: Path) -> None:
    """A `pre_prompt` hook is refused: it would have to run before the user can approve it."""
    template = cookiecutter(tmp_path, {"name": "x"}, {"hooks/pre_prompt.sh": "touch MARK"})
    with pytest.raises(PatternError, match="pre_prompt"):
        find_pattern(str(template))


def test_texts_of_a_template_cannot_control_a_terminal(tmp_path: Path) -> None:
    """Questions, help texts, placeholders and code of a template are shown without control characters."""
    questions = (
        '_message_after_copy: "bye\\e[2J"\n_tasks: ["echo \\e[2J"]\n'
        'x: {type: str, help: "how?\\e[2J", default: a, placeholder: "\\e[2J"}\n'
        'y: {choices: {"one\\e[2J": 1}, type: int, default: 1}\n'
    )
    pattern = find_pattern(str(copier(tmp_path, questions)))
    shown = repr(pattern.options) + repr(getattr(pattern, "scripts", ()))
    assert "[2J" in shown
    assert "x1b" not in shown


def test_untrusted_code_is_refused_by_rendering_itself(tmp_path: Path) -> None:
    """Rendering refuses untrusted code even without a trust check before, and imports no extension."""
    (tmp_path / "template").mkdir()
    (tmp_path / "template/its_own.py").write_text("raise SystemExit('imported')")
    for template in (
        cookiecutter(
            tmp_path, {"name": "x", "_extensions": ["its_own.Shout"]}, {"{{cookiecutter.name}}/a": ""}
        ),
        cookiecutter(
            tmp_path, {"name": "x"}, {"{{cookiecutter.name}}/a": "", "hooks/pre_gen_project.sh": "x"}
        ),
    ):
        pattern = find_pattern(str(template))
        with pytest.raises(UntrustedError, match="template runs code that you have not trusted"):
            render(pattern, check_answers(pattern, "shop", {}))


def test_a_failing_hook_is_an_error_of_the_template(tmp_path: Path) -> None:
    """If a hook of a template fails, the error names its exit status."""
    template = cookiecutter(
        tmp_path,
        {"name": "x"},
        {"{{cookiecutter.name}}/a": "", "hooks/pre_gen_project.sh": "#!/bin/sh\nexit 3\n"},
    )
    with pytest.raises(RenderError, match="exit status: 3"):
        by_blueprint(str(template), {}, trust=True)


@pytest.mark.parametrize("status", [0, 3])
def test_rendered_hooks_with_secrets_are_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """A rendered hook, which contains a secret answer, is deleted even if it fails."""
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
        assert "b" in by_blueprint(str(template), {"secret": "of mine"}, trust=True)
    assert [path for path in scratch.iterdir() if not path.name.startswith("blueprint-template-")] == []
