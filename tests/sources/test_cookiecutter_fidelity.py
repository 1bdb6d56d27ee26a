"""blueprint renders Cookiecutter templates to the same files as Cookiecutter, byte for byte."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import AnswersError
from tests.repositories import commit

from .templates import Files, by_blueprint, by_cookiecutter, url, write_template

TOP = "{{ cookiecutter.slug }}"


def variables(**more: Any) -> str:
    """Return a cookiecutter.json with a name, a slug and `more`."""
    slug = "{{ cookiecutter.name|lower|replace(' ', '-') }}"
    return json.dumps({"name": "My Thing", "slug": slug, **more})


EVERYTHING = variables(
    licence=["MIT", "BSD {{ cookiecutter.slug }}", "none"],
    flag=[False, True],
    docs=True,
    year=2020,
    ratio=0.5,
    empty="",
    options={"first": {"a": "{{ cookiecutter.slug }}", "b": ["{{ cookiecutter.docs }}"]}, "2": {}},
    _private=["{{ not rendered }}"],
    __rendered="{{ cookiecutter.slug|upper }}-{{ cookiecutter.year }}",
    __mapping={"x": "{{ cookiecutter.licence }}"},
    __prompts__={"name": "What is it called?", "licence": {"__prompt__": "Which?", "MIT": "the short one"}},
)

ALL = (
    "{% for key, value in cookiecutter.items() if key[1:] not in ('template', 'output_dir', 'repo_dir') %}"
    "{{ key }}={{ value|jsonify }}\n{% endfor %}{{ _cookiecutter|jsonify }}\n"
)

FEATURES: Mapping[str, tuple[Files, Mapping[str, Any]]] = {
    "defaults of every type": ({"cookiecutter.json": EVERYTHING, f"{TOP}/all.txt": ALL}, {}),
    "answers of every type": (
        {"cookiecutter.json": EVERYTHING, f"{TOP}/all.txt": ALL.replace("{{ _cookiecutter|jsonify }}", "")},
        {
            "name": "Other",
            "licence": "none",
            "flag": True,
            "docs": False,
            "year": "1999",
            "empty": "full",
            "options": {"first": {"a": "z", "b": ["False"]}, "2": {}},
        },
    ),
    "files that are only copied": (
        {
            "cookiecutter.json": variables(_copy_without_render=["*.html", "raw", "deep/raw", "{{ x }}.txt"]),
            f"{TOP}/page.html": "{{ raw }}",
            f"{TOP}/raw/x.txt": "{{ raw }}",
            f"{TOP}/deep/raw/{{{{ cookiecutter.slug }}}}.txt": "{% raw %}",
            f"{TOP}/deep/{{{{ cookiecutter.slug }}}}.html": "{{ raw }}",
            f"{TOP}/rendered.txt": "{{ cookiecutter.slug }}",
        },
        {},
    ),
    "files in general": (
        {
            "cookiecutter.json": variables(),
            f"{TOP}/binary.bin": bytes(range(256)),
            f"{TOP}/crlf.txt": b"{{ cookiecutter.name }}\r\nend\r\n",
            f"{TOP}/no newline": "{{ cookiecutter.name }}",
            f"{TOP}/run.sh": "#!/bin/sh\necho {{ cookiecutter.name }}\n",
            f"{TOP}/{{% if cookiecutter.slug %}}there{{% endif %}}.txt": "yes",
            f"{TOP}/{{% if not cookiecutter.slug %}}nowhere{{% endif %}}": "no",
            f"{TOP}/{{{{ cookiecutter.slug }}}}/{{{{ cookiecutter.slug.split('-')[0] }}}}.py": "x = 1\n",
            f"{TOP}/include.txt": "{% include 'part.txt' %}{% include 'shared.txt' %}",
            f"{TOP}/part.txt": "part {{ cookiecutter.slug }}\n",
            "templates/shared.txt": "shared {{ cookiecutter.slug }}\n",
            "README.md": "not part of it",
        },
        {},
    ),
    "filters and tags of Cookiecutter": (
        {
            "cookiecutter.json": variables(date="{% now 'utc', '%Y' %}"),
            f"{TOP}/a.txt": "{{ 'Ä b'|slugify }} {{ cookiecutter.date }}{% now 'utc', '%Y' %}",
            f"{TOP}/b.txt": "{{ {'a': 1}|jsonify(0) }}",
        },
        {},
    ),
    "settings of Jinja": (
        {
            "cookiecutter.json": variables(
                _jinja2_env_vars={"lstrip_blocks": True, "trim_blocks": True},
                _extensions=["jinja2.ext.do"],
                _new_lines="\r\n",
            ),
            f"{TOP}/a.txt": "{% set x = [1] %}\n  {% do x.append(2) %}\n{{ x }}\n",
        },
        {},
    ),
    "extensions in the template": (
        {
            "cookiecutter.json": variables(_extensions=["its_own.Shout"]),
            f"{TOP}/a.txt": "{{ cookiecutter.name|shout }}",
            "its_own.py": "from jinja2.ext import Extension\n\n\nclass Shout(Extension):\n"
            "    def __init__(self, environment):\n        super().__init__(environment)\n"
            "        environment.filters['shout'] = lambda text: text.upper() + '!'\n",
        },
        {},
    ),
    "hooks": (
        {
            "cookiecutter.json": variables(),
            f"{TOP}/a.txt": "a",
            f"{TOP}/unwanted.txt": "b",
            "hooks/pre_gen_project.py": "open('before.txt', 'w').write('{{ cookiecutter.name }}')\n",
            "hooks/post_gen_project.sh": "#!/bin/sh\nrm unwanted.txt\nmkdir new && cp a.txt new/\n",
        },
        {},
    ),
}

NESTED = {
    "cookiecutter.json": json.dumps(
        {
            "templates": {
                "app": {"path": "./kinds/app", "title": "An app", "description": "Something to start"},
                "lib": {"path": "kinds/lib", "title": "A library"},
            }
        }
    ),
    "kinds/app/cookiecutter.json": variables(port=8000),
    f"kinds/app/{TOP}/app.txt": "{{ cookiecutter.port }}",
    "kinds/lib/cookiecutter.json": variables(version="0.1", name="Lib"),
    f"kinds/lib/{TOP}/lib.txt": "{{ cookiecutter.version }} {{ cookiecutter.name }}",
}

NESTED_OLD_FORMAT = {
    **NESTED,
    "cookiecutter.json": json.dumps({"template": ["app (kinds/app)", "lib (kinds/lib)"]}),
}


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("from_git", [False, True], ids=["folder", "git"])
def test_the_files_are_the_same(tmp_path: Path, feature: str, from_git: bool) -> None:
    """From a folder and from a repository, contents, names and executable bits are the same."""
    files, answers = FEATURES[feature]
    template = write_template(tmp_path / "template", files)
    if from_git:
        commit(template)
    trust = feature in ("hooks", "extensions in the template")

    expected = by_cookiecutter(str(template), answers, tmp_path, trust=trust)
    assert by_blueprint(url(template) if from_git else str(template), answers, trust=trust) == expected
    assert expected


@pytest.mark.parametrize("files", [NESTED, NESTED_OLD_FORMAT], ids=["templates", "template"])
def test_one_of_several_nested_templates_is_rendered(tmp_path: Path, files: Files) -> None:
    """The first nested template is the default, and the selected one determines the questions."""
    template = write_template(tmp_path / "template", files)
    assert by_blueprint(str(template), {"port": "9"}) == by_cookiecutter(
        str(template), {"port": "9"}, tmp_path
    )

    library = by_cookiecutter(str(template / "kinds/lib"), {}, template)
    assert by_blueprint(str(template), {"template": "lib"}) == library
    assert library["lib.txt"].content == b"0.1 Lib"


def test_the_newest_commit_is_used_despite_tags(tmp_path: Path) -> None:
    """Without a ref, the newest commit is used rather than the newest tag, as in Cookiecutter."""
    template = write_template(
        tmp_path / "template", {"cookiecutter.json": variables(), f"{TOP}/a.txt": "old"}
    )
    commit(template, "v1.0.0")
    write_template(template, {f"{TOP}/a.txt": "new"})
    commit(template)

    assert by_blueprint(url(template), {})["a.txt"].content == b"new"
    assert by_blueprint(f"{url(template)}@v1.0.0", {})["a.txt"].content == b"old"


def test_a_default_that_cannot_be_rendered_needs_an_answer(tmp_path: Path) -> None:
    """A variable whose default is null or cannot be rendered is required; the calling tool answers it."""
    template = write_template(
        tmp_path / "template",
        {
            "cookiecutter.json": variables(version="{{ cookiecutter.version }}", none=None),
            f"{TOP}/a.txt": "{{ cookiecutter.version }} {{ cookiecutter.none }}",
        },
    )
    given = {"version": "1.0", "none": "some"}
    assert by_blueprint(str(template), given) == by_cookiecutter(str(template), given, tmp_path)
    for missing in given:
        with pytest.raises(AnswersError, match=f"{missing} is required"):
            by_blueprint(str(template), {name: value for name, value in given.items() if name != missing})
