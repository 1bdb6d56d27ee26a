"""blueprint renders Copier templates to the same files as Copier, byte for byte."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.errors import AnswersError
from tests.repositories import commit

from .templates import Files, by_blueprint, by_copier, url, write_template

pytestmark = pytest.mark.slow
ANSWERS_FILE = {"{{ _copier_conf.answers_file }}.jinja": "# Copier\n{{ _copier_answers|to_nice_yaml -}}\n"}

QUESTIONS = """
name: {type: str, help: "What is it called?\\nIt has a name.", default: My Thing}
slug:
  type: str
  default: "{{ name | lower | replace(' ', '-') }}"
  validator: "{% if ' ' in slug %}no spaces{% endif %}"
count: {type: int, default: "{{ name | length }}"}
ratio: {type: float, default: 0.5}
docs: {type: bool, default: "{{ count > 3 }}"}
settings: {type: json, default: '{"a": [1, null, "{{ slug }}"]}'}
matrix: {type: yaml, default: "[3.10, '3.11', {x: y}]"}
where: {type: path, default: "src/{{ slug }}"}
password: {type: str, secret: true, default: changeme}
short: 5
"""

ALL = "\n".join(
    f"{name}={{{{ {name} | to_json }}}}"
    for name in ["name", "slug", "count", "ratio", "docs", "settings", "matrix", "where", "password", "short"]
)

CHOICES = """
plain: {choices: [one, two], default: two}
labelled: {choices: {The first: 1, The second: 2}, type: int, default: 1}
pairs: {choices: [[None at all, null], [Some, [1, x]]], type: yaml, default: [1, x]}
typed: {choices: {Yes it is: true, No: false, Maybe: {value: {a: [1]}}}, type: yaml, default: {a: [1]}}
guarded:
  choices:
    Free: {value: free}
    Paid: {value: paid, validator: "{% if plain == 'one' %}not with one{% endif %}"}
  default: free
many: {choices: [a, b, c], multiselect: true, default: [c, a]}
numbers: {choices: {One: 1, Two: 2}, type: int, multiselect: true, default: "[2]"}
computed: {choices: "[{{ plain }}-1, {{ plain }}-2]", default: "{{ plain }}-2"}
"""

SETTINGS = """
_subdirectory: "template-{{ kind }}"
_answers_file: .answers/{{ kind }}.yml
_exclude: ["*.md", "{% if kind == 'app' %}lib_only{% endif %}", "!KEEP.md"]
_skip_if_exists: [kept.txt]
_templates_suffix: .tmpl
_message_after_copy: "Made {{ kind }}."
_min_copier_version: "9.0.0"
_secret_questions: [token]
kind: {choices: [app, lib], default: app}
token: {default: abc}
"""

ENVOPS = """
_envops:
  variable_start_string: "[["
  variable_end_string: "]]"
  block_start_string: "[%"
  block_end_string: "%]"
  keep_trailing_newline: false
  undefined: jinja2.StrictUndefined
name: thing
other: "[[ name ]]!"
"""

FEATURES: Mapping[str, tuple[Files, Mapping[str, Any]]] = {
    "defaults of every type": ({"copier.yml": QUESTIONS, "all.jinja": ALL, **ANSWERS_FILE}, {}),
    "answers of every type": (
        {"copier.yml": QUESTIONS, "all.jinja": ALL, **ANSWERS_FILE},
        {
            "name": "Other {{ thing }}",
            "slug": "x",
            "count": -1,
            "ratio": 2.0,
            "docs": False,
            "settings": {"b": True},
            "matrix": None,
            "where": "a/b",
            "short": 6,
        },
    ),
    "choices by default": (
        {"copier.yaml": CHOICES, "all.jinja": "{{ _copier_answers }}", **ANSWERS_FILE},
        {},
    ),
    "settings": (
        {
            "copier.yml": SETTINGS,
            "template-app/a.txt.tmpl": "{{ kind }} {{ token }}",
            "template-app/b.jinja": "{{ not rendered }}",
            "template-app/README.md": "no",
            "template-app/KEEP.md": "yes",
            "template-app/lib_only/x": "no",
            "template-app/kept.txt": "kept",
            "template-app/{{ _copier_conf.answers_file }}.tmpl": "{{ _copier_answers|to_nice_yaml }}",
            "template-lib/x": "no",
        },
        {"token": "secret"},
    ),
    "files in general": (
        {
            "copier.yml": "flag: true\n",
            "binary.bin": bytes(range(256)),
            "crlf.txt.jinja": b"{{ flag }}\r\nend\r\n",
            "no newline.jinja": "{{ flag }}",
            "run.sh.jinja": "#!/bin/sh\necho {{ flag }}\n",
            "{% if flag %}there{% endif %}.jinja": "yes",
            "{% if not flag %}nowhere{% endif %}/x": "no",
            "both.txt": "plain, without a template's effect",
            "both.txt.jinja": "the template wins: {{ flag }}",
            "__pycache__/x.pyc": "no",
            "~draft": "no",
            "{{ _folder_name }}/{{ pathjoin('a', 'b') }}.txt": "deep",
            "{% include 'part' %}.txt.jinja": (
                "{% include 'part' %}{% from 'macros' import twice %}{{ twice('x') }}"
            ),
            "part": "part",
            "macros": "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}",
            "filters.jinja": "{{ {'b': 1, 'a': [2]} | to_yaml }}{{ 'x' | b64encode }}{{ _copier_conf.os }}",
        },
        {},
    ),
    "loops in paths": (
        {
            "copier.yml": "modules: {type: yaml, default: '[{name: a, n: 1}, {name: b, n: 2}]'}\n",
            "{% yield m from modules %}{{ m.name }}{% endyield %}/mod.txt.jinja": "{{ m.name }} {{ m.n }}",
            "flat/{% yield m from modules %}{{ m.name }}{% endyield %}.txt.jinja": "{{ m.n }}",
        },
        {"modules": [{"name": "x", "n": 1}, {"name": "y", "n": [2]}]},
    ),
    "envops": (
        {
            "copier.yml": ENVOPS,
            "[[ name ]].txt.jinja": "[[ other ]] {{ name }} [% if name %]yes[% endif %]\n",
        },
        {},
    ),
    "no suffix": (
        {
            "copier.yml": "_templates_suffix: ''\nname: x\n",
            "a.txt": "{{ name }}",
            "raw.bin": b"\xff\xfe{{ name }}",
        },
        {},
    ),
    "conditions and computed values": (
        {
            "copier.yml": "db: {type: bool, default: false}\n"
            "engine: {type: str, default: sqlite, when: '{{ db }}'}\n"
            "url: {type: str, default: '{{ engine }}://x', when: false}\n"
            "port: {type: int, default: '{{ url | length }}'}\n"
            "nothing: {type: str, when: false}\n",
            "all.jinja": "{{ db }} {{ engine }} {{ url }} {{ port }} {{ nothing }}",
            **ANSWERS_FILE,
        },
        {},
    ),
    "a file of questions": (
        {
            "copier.yml": "!include more/*.yml\n---\n_exclude: [more, copier.yml]\nlast: '{{ first }}'\n",
            "more/a.yml": "first: 1\n_exclude: ['*.tmp']\n",
            "a.txt.jinja": "{{ first }} {{ last }}",
            "b.tmp": "no",
        },
        {"first": 2},
    ),
    "no questions at all": ({"copier.yml": "", "a.txt": "a"}, {}),
    "extensions of Jinja itself": (
        {
            "copier.yml": "_jinja_extensions: [jinja2.ext.do, jinja2.ext.loopcontrols]\n",
            "a.jinja": "{% set x = [] %}{% do x.append(1) %}{{ x }}",
        },
        {},
    ),
}


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("from_git", [False, True], ids=["folder", "git"])
def test_the_files_are_the_same(tmp_path: Path, feature: str, from_git: bool) -> None:
    """From a folder and from a tag of a repository, contents, names and executable bits are the same."""
    files, answers = FEATURES[feature]
    template = write_template(tmp_path / "template", files)
    source = str(template)
    if from_git:
        commit(template, "v1.2.0")
        source = url(template)
    trust = "extensions" in feature

    expected = by_copier(source, answers, tmp_path, trust=trust)
    assert by_blueprint(source, answers) == expected
    assert expected


def test_tasks_run_in_staging_and_migrations_do_not(tmp_path: Path) -> None:
    """A trusted template's tasks run in Copier's order and environment; its migrations do not run."""
    tasks = """
_tasks:
  - "echo {{ name }} $STAGE > task.txt"
  - [sh, -c, "mkdir -p made && mv old.txt made/new.txt"]
  - {command: "echo no > no.txt", when: "{{ name == 'other' }}"}
  - {command: "echo deep > deep.txt", working_directory: made}
_migrations: [{version: v0.1.0, command: "touch migrated.txt"}]
name: thing
"""
    template = write_template(
        tmp_path / "template", {"copier.yml": tasks, "old.txt": "x", "a.jinja": "{{ name }}"}
    )
    commit(template, "v1.0.0")

    made = by_blueprint(url(template), {}, trust=True)
    assert made == by_copier(url(template), {}, tmp_path, trust=True)
    assert set(made) == {"task.txt", "made/new.txt", "made/deep.txt", "a"}


def test_every_choice_can_be_selected(tmp_path: Path) -> None:
    """A choice can be selected by the text that a user types, and by the value in Copier's answers file."""
    template = write_template(
        tmp_path / "template", {"copier.yml": CHOICES, "all.jinja": "{{ _copier_answers }}"}
    )
    typed = {
        "plain": "two",
        "labelled": "2",
        "pairs": "None at all",
        "typed": "true",
        "guarded": "paid",
        "many": ["b"],
        "numbers": ["2", "1"],
        "computed": "two-1",
    }
    values = {
        "plain": "two",
        "labelled": 2,
        "pairs": "None at all",
        "typed": True,
        "guarded": "paid",
        "many": ["b"],
        "numbers": [2, 1],
        "computed": "two-1",
    }
    expected = by_copier(str(template), values, tmp_path)
    assert by_blueprint(str(template), typed) == by_blueprint(str(template), values) == expected
    assert by_blueprint(str(template), {"typed": '{"a": [1]}'}) == by_blueprint(
        str(template), {"typed": {"a": [1]}}
    )


@pytest.mark.parametrize(("tags", "expected"), [(["v1.0.0", "v2.0.0", "v3.0.0rc1"], "v2.0.0"), ([], None)])
def test_the_newest_release_is_used(tmp_path: Path, tags: list[str], expected: str | None) -> None:
    """Without a ref, the newest release is used, or the newest commit if there is no release."""
    template = write_template(tmp_path / "template", {"copier.yml": "", **ANSWERS_FILE})
    for tag in [*tags, None]:
        write_template(template, {"content": str(tag)})
        commit(template, tag)

    made = by_blueprint(url(template), {})
    assert made == by_copier(url(template), {}, tmp_path)
    assert made["content"].content == str(expected).encode()


def test_a_default_may_need_a_question_without_a_default(tmp_path: Path) -> None:
    """A template whose later defaults use a required answer can be loaded, and renders like Copier."""
    questions = {
        "name": {"type": "str"},
        "slug": {"type": "str", "default": "{{ name.lower() }}"},
        "first": {"type": "str", "default": "{{ name.split()[0] }}"},
    }
    template = write_template(
        tmp_path / "template",
        {
            "copier.yml": yaml.safe_dump(questions, sort_keys=False),
            "a.txt.jinja": "{{ name }} {{ slug }} {{ first }}",
        },
    )
    answers = {"name": "My Shop"}
    assert by_blueprint(str(template), answers) == by_copier(str(template), answers, tmp_path)
    with pytest.raises(AnswersError, match="name is required"):
        by_blueprint(str(template), {})
