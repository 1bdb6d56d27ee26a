"""A secret answer stays secret, whatever a template makes of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.errors import AnswersError
from blueprint.patterns import Answers, Pattern, check_answers, load_pattern
from blueprint.project import with_state
from blueprint.render import Rendering
from blueprint.sources import find_pattern, render
from tests.patterns_on_disk import tiny, write_files, write_pattern

PASSWORD = "correct-horse-7"  # noqa: S105 - not a password
COPIER: Mapping[str, Any] = {
    "_subdirectory": "template",
    "_message_after_copy": "Log in with {{ password }}",
    "password": {
        "type": "str",
        "secret": True,
        "default": "changeme1",
        "validator": "{% if password|length < 8 or not password|regex_search('[0-9]') %}weak{% endif %}",
    },
    "url": {"type": "str", "default": "db://shop:{{ password|urlencode }}@host"},
    "backup": {"type": "str", "default": "{{ url }}/backup"},
    "size": {"type": "str", "default": "small"},
}
TEMPLATES = {
    "filter.yaml": "data: {{ password | b64encode }}\n",
    "macro.txt": '{% from "macros" import shout %}{{ shout(password) }}\n',
    "default.txt": "{{ backup | reverse }}\n",
    "condition.txt": "{% if password == 'correct-horse-7' %}yes{% endif %}\n",
    "public.txt": "{{ size }} {{ password | length }}\n",
}
SECRET = {"filter.yaml", "macro.txt", "default.txt", "condition.txt"}


def copier(folder: Path, **changes: Any) -> Pattern:
    """A Copier template whose files use a secret answer in many ways."""
    files = {f"template/{path}.jinja": text for path, text in TEMPLATES.items()}
    macros = "{% macro shout(text) %}<{{ text | upper }}>{% endmacro %}"
    write_files(
        folder,
        {"copier.yml": yaml.safe_dump({**COPIER, **changes}, sort_keys=False), "macros": macros, **files},
    )
    return find_pattern(str(folder))


def secret_files(rendering: Rendering) -> set[str]:
    return {path for path, file in rendering.tree.items() if file.secret}


def test_files_that_depend_on_a_secret_answer_are_secret(tmp_path: Path) -> None:
    """Filters, macros, conditions and other defaults do not hide that a file depends on a secret."""
    pattern = copier(tmp_path / "template")
    answers = check_answers(pattern, "shop", {"password": PASSWORD})
    rendering = render(pattern, answers)
    assert secret_files(rendering) == SECRET
    assert rendering.message == ""
    state = with_state(rendering.tree, pattern, answers, "template")
    assert state[".blueprint/private/pristine.tar.gz"].mode == 0o600
    assert b"horse" not in state[".blueprint/answers.yaml"].content


def test_a_default_that_depends_on_a_secret_answer_is_secret(tmp_path: Path) -> None:
    """Such a default is neither stored nor shown, and need not be given again; another answer is public."""
    pattern = copier(tmp_path / "template")
    answers = check_answers(pattern, "shop", {"password": PASSWORD})
    assert answers.secret == {"password", "url", "backup"}
    assert answers.given_secrets == {"password"}
    assert dict(answers.remembered) == {"size": "small"}

    answers = check_answers(pattern, "shop", {"password": PASSWORD, "url": "db://mine"})
    assert dict(answers.remembered) == {"url": "db://mine", "backup": "db://mine/backup", "size": "small"}


def test_a_default_password_is_public(tmp_path: Path) -> None:
    """The default of a secret question is in the template, so nothing has to be hidden."""
    pattern = copier(tmp_path / "template")
    answers = check_answers(pattern, "shop", {})
    assert answers.secret == {"password"}
    assert secret_files(render(pattern, answers)) == set()


def test_every_file_is_secret_if_the_template_accepts_only_one_answer(tmp_path: Path) -> None:
    """If no other answer can be tried, nobody knows which files depend on the secret one."""
    only = {**COPIER["password"], "validator": f"{{% if password != '{PASSWORD}' %}}wrong{{% endif %}}"}
    pattern = copier(tmp_path / "template", password=only)
    answers = check_answers(pattern, "shop", {"password": PASSWORD})
    assert secret_files(render(pattern, answers)) == TEMPLATES.keys()
    assert dict(answers.remembered) == {}


def native(folder: Path) -> tuple[Pattern, Answers]:
    """A native pattern with a secret option, a default that uses it, and a computed value."""
    options = {
        "password": {"type": "string", "question": "Password?", "default": "x", "secret": True},
        "url": {
            "type": "string",
            "question": "URL?",
            "default": "db://{{ password }}@host",
            "validator": "{% if 'bad' in url %}{{ url }} is bad{% endif %}",
        },
    }
    layers = [{"from": "files", "to": "."}]
    content = tiny(options=options, values={"hash": "password | upper"}, layers=layers, look=[])
    files = {
        "files/hash.jinja": "{{ hash | reverse }}\n",
        "files/url.jinja": "{{ url }}\n",
        "files/plain": "plain\n",
    }
    pattern = load_pattern(write_pattern(folder, content, files))
    return pattern, check_answers(pattern, "shop", {"password": PASSWORD})


def test_secret_answers_of_native_patterns_stay_secret(tmp_path: Path) -> None:
    """Computed values and defaults of native patterns are followed in the same way."""
    pattern, answers = native(tmp_path)
    assert answers.secret == {"password", "url"}
    assert secret_files(render(pattern, answers)) == {"hash", "url"}


def test_an_error_does_not_show_a_default_that_depends_on_a_secret(tmp_path: Path) -> None:
    """If the default that depends on a secret answer is not valid, the error does not show it."""
    pattern, _ = native(tmp_path)
    with pytest.raises(AnswersError) as error:
        check_answers(pattern, "shop", {"password": "bad-horse"})
    assert "horse" not in error.value.message + error.value.hint
