"""`pattern check` with combinations of answers: it finds what some break, and reports no false positive."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from blueprint.authoring.problems import Problem
from tests.patterns_on_disk import TINY_FILES, tiny, write_pattern

from .starters import check

QUESTION = {"question": "What?"}
ON = {"type": "boolean", "default": True, **QUESTION}
CLOUDS = {"type": "choice", "choices": {"aws": "AWS", "gcp": "GCP"}, "default": "aws", **QUESTION}


def problems(folder: Path, files: Mapping[str, str | bytes], **content: Any) -> tuple[Problem, ...]:
    """Check a pattern with one layer of `files`; `content` overrides its pattern.yaml."""
    plain = {"options": {}, "values": {}, "look": [], "layers": [{"from": "files", "to": "."}]}
    files = {f"files/{path}" if "/" not in path else path: text for path, text in files.items()}
    return check(write_pattern(folder, tiny(**{**plain, **content}), files)).problems


def test_a_path_that_only_some_answers_break(tmp_path: Path) -> None:
    """An empty answer that makes an invalid path is a problem."""
    pattern = write_pattern(tmp_path, tiny(), {**TINY_FILES, "files/replicas.jinja": "{{ replicas }}"})
    (problem,) = check(pattern).problems
    assert problem.code == "hostile"
    assert problem.message == "the pattern may not write 'deploy//app.yaml': '' is not a file name"
    assert problem.answers == {"domain": ""}


def test_a_fallback_that_keeps_a_path_valid_is_not_a_problem(tmp_path: Path) -> None:
    """A fallback for an empty answer keeps the path valid."""
    layers = [
        {"from": "files", "to": "."},
        {"from": "deploy", "to": "deploy/{{ domain or 'default' }}", "when": "kubernetes"},
    ]
    pattern = write_pattern(
        tmp_path, tiny(layers=layers), {**TINY_FILES, "files/replicas.jinja": "{{ replicas }}"}
    )
    assert check(pattern).problems == ()


def test_every_conflict_between_layers_is_found(tmp_path: Path) -> None:
    """A conflict names the files of both layers and the answers that select both."""
    options = {"a": ON, "b": {**ON, "default": False}}
    layers = [{"from": "one", "to": ".", "when": "a"}, {"from": "two", "to": ".", "when": "b"}]
    files = {"one/x": "1", "two/x": "2", "one/y.jinja": "{{ a }}", "two/y": "yes", "one/z": "z", "two/z": "z"}
    found = problems(tmp_path, files, options=options, layers=layers)

    assert [(each.code, each.message, each.answers) for each in found] == [
        ("conflict", f"the layers give different files for {path}: one/{source} and two/{path}", {"b": True})
        for path, source in (("x", "x"), ("y", "y.jinja"))
    ]
    assert {each.line for each in found} == {line_of(tmp_path, "from: two")}


def test_names_that_differ_only_in_case_are_a_problem(tmp_path: Path) -> None:
    """Two files that are the same file on some systems give exactly one problem."""
    (problem,) = problems(tmp_path, {"readme": "", "README": ""})
    assert "are the same file on some systems" in problem.message


def test_a_failure_that_takes_three_answers(tmp_path: Path) -> None:
    """A search finds the answers for a layer that no pair of answers selects, and renders it."""
    options = {name: {**CLOUDS, "choices": {str(n): "x" for n in range(4)}, "default": "0"} for name in "abc"}
    layers = [
        {"from": "files", "to": "."},
        {"from": "rare", "to": ".", "when": "a == '3' and b == '2' and c == '3'"},
    ]
    (problem,) = problems(tmp_path, {"x": "", "rare/x.jinja": "{{ 1 // 0 }}"}, options=options, layers=layers)
    assert (problem.code, problem.answers) == ("fails", {"a": "3", "b": "2", "c": "3"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("when", "reachable"),
    [
        ("replicas > 50", True),
        ("replicas > 100", False),
        ("replicas == 17", True),
        ("domain == 'example.org'", True),
        ("half == 8", True),
        ("'blue' in colors", True),
        ("nothing > 0", False),
        ("domain | length > 150", None),
    ],
)
def test_conditions_on_numbers_texts_lists_and_values(
    tmp_path: Path, when: str, reachable: bool | None
) -> None:
    """The constants of a condition and all numbers of a range are tried; undecidable is not a problem."""
    options = tiny()["options"]
    options["colors"] = {"type": "list", **QUESTION}
    options["replicas"]["maximum"] = 100
    used = "{{ database }}{{ domain if kubernetes }}{{ replicas }}{{ colors }}{{ half + nothing }}"
    layers = [
        {"from": "files", "to": "."},
        {"from": "extra", "to": ".", "when": f"kubernetes is defined and ({safe(when)})"},
    ]
    found = problems(
        tmp_path,
        {"x.jinja": used, "extra/y": ""},
        options=options,
        values={"half": "replicas // 2", "nothing": "0 if kubernetes else 0"},
        layers=layers,
    )
    assert [problem.code for problem in found] == (["unreachable-layer"] if reachable is False else [])


def safe(when: str) -> str:
    """Guard a condition so that it only uses the domain where it exists."""
    return when.replace("domain", "(domain if kubernetes else '')")


HARMLESS = {
    "an option that is used in its branch only": "{% if cloud == 'aws' %}{{ zone }}{% endif %}",
    "in an expression": "{{ zone if cloud == 'aws' else 'none' }}",
    "after an and": "{{ cloud == 'aws' and zone }}",
    "after an or": "{{ cloud != 'aws' or zone }}",
    "in the other branch": "{% if cloud != 'aws' %}x{% elif on %}{{ zone }}{% else %}{{ zone }}{% endif %}",
    "tested with defined": "{% if zone is defined %}{{ zone }}{% endif %}",
    "tested with not defined": "{% if zone is not defined %}x{% else %}{{ zone }}{% endif %}",
    "with a default": "{{ zone | default('none') }}",
    "set with a default from outside": "{% set zone = zone | default('none') %}{{ zone }}",
    "set once, and compared": (
        "{% set clouds = clouds | default(['aws']) %}{{ 'x' if clouds == ['aws'] else zones }}"
    ),
    "set before a fragment": '{% set cloud = "gcp" %}{% include "_parts/either" %}',
    "set in a loop": "{% for zone in ['a', 'b'] %}{{ zone }}{{ loop.index }}{% endfor %}",
    "the argument of a macro": "{% macro m(zone) %}{{ zone }}{% endmacro %}{{ m('a') }}",
    "from a block": "{% set zone %}a{% endset %}{{ zone }}",
    "in a comment": "{# {{ zone }} #}",
    "in raw text": "{% raw %}{{ zone }}{% endraw %}",
    "in a fragment of its branch": '{% if cloud == "aws" %}{% include "_parts/zone" %}{% endif %}',
    "in a fragment in a loop": '{% for x in [1] %}{% include "_parts/loop" %}{% endfor %}',
    "in a fragment with macros": '{% from "_parts/macros" import m %}{{ m(cloud) }}',
    "a secret": "{{ secret('zone') }}",
    "a name of Jinja": "{{ range(3) | list }}{{ dict(a=1) }}{{ namespace(x=1).x }}",
}


@pytest.mark.parametrize("template", HARMLESS.values(), ids=HARMLESS)
def test_a_guarded_name_is_not_a_problem(tmp_path: Path, template: str) -> None:
    """A template may use an option that exists for one cloud only, if it is guarded."""
    files = {
        "files/x.jinja": f"{template}\n",
        "files/_parts/zone": "{{ zone }}",
        "files/_parts/either": "{{ zone if cloud == 'aws' else cloud }}",
        "files/_parts/loop": "{{ x }}{{ cloud }}",
        "files/_parts/macros": "{% macro m(cloud) %}{{ cloud }}{% endmacro %}",
        "files/used.jinja": "{{ cloud }}{{ on }}{{ zone if cloud == 'aws' }}",
    }
    zone = {"type": "string", "default": "a", "when": "cloud == 'aws'", **QUESTION}
    assert problems(tmp_path, {**files}, options={"cloud": CLOUDS, "on": ON, "zone": zone}) == ()


@pytest.mark.parametrize(
    "template",
    [
        "{% if on %}{{ zone }}{% endif %}",
        "{{ zone if on else 'none' }}",
        '{% include "_parts/zone" %}',
        '{% import "_parts/zone" as zones %}',
        "{% if zone %}x{% endif %}",
        "{% if cloud == 'aws' or zone %}x{% endif %}",
    ],
)
def test_an_option_that_does_not_exist_is_found(tmp_path: Path, template: str) -> None:
    """An unguarded use of an option that may not exist is a problem."""
    zone = {"type": "string", "default": "a", "when": "cloud == 'aws'", **QUESTION}
    files = {
        "files/x.jinja": f"{template}\n",
        "files/_parts/zone": "{{ zone }}",
        "files/used.jinja": "{{ cloud }}{{ on }}{{ zone if cloud == 'aws' }}",
    }
    (problem,) = problems(tmp_path, {**files}, options={"cloud": CLOUDS, "on": ON, "zone": zone})
    assert problem.message == "the option 'zone' does not exist here"
    assert problem.answers == ({} if "import" in template else {"cloud": "gcp"})


def test_the_item_of_a_layer_is_defined(tmp_path: Path) -> None:
    """The item of `each` is defined in the target, the condition, the paths and the files of a layer."""
    options = {"services": {"type": "list", "default": ["api"], **QUESTION}}
    layer = {
        "from": "service",
        "to": "services/{{ service }}",
        "each": {"service": "services"},
        "when": "service != 'gateway'",
    }
    files = {"service/{{ service }}.txt.jinja": "{{ service }}{{ servise }}"}
    (problem,) = problems(tmp_path, files, options=options, layers=[layer])
    assert (problem.code, problem.line) == ("undefined", 1)
    assert problem.message.startswith("'servise' is not defined")


def test_answers_that_a_validator_rejects_are_not_tried(tmp_path: Path) -> None:
    """An answer that would break a path is not a problem if the validator rejects it."""
    domain = {
        "type": "string",
        "default": "{{ project }}.example",
        "validator": "{% if ' ' in domain or not domain %}no domain{% endif %}",
        **QUESTION,
    }
    assert problems(tmp_path, {"{{ domain }}.txt": ""}, options={"domain": domain}) == ()


def test_validators_that_reject_everything_are_a_problem(tmp_path: Path) -> None:
    """A pattern whose validators reject all answers cannot be checked; one valid default is enough."""
    validator = "{% if '@' not in mail %}no address{% endif %}"
    mail = {"type": "string", "default": "x", "validator": validator, "required": True, **QUESTION}
    (problem,) = problems(tmp_path, {"x.jinja": "{{ mail }}"}, options={"mail": mail})
    assert (problem.code, problem.line) == ("fails", line_of(tmp_path, "options:"))
    mail["default"] = "ada@example.org"
    assert problems(tmp_path, {"x.jinja": "{{ mail }}"}, options={"mail": mail}) == ()


def test_a_default_that_the_validator_rejects_is_a_problem(tmp_path: Path) -> None:
    """A default that its own validator rejects is a problem."""
    domain = {
        "type": "string",
        "default": "x",
        "validator": "{% if domain == 'x' %}no{% endif %}",
        **QUESTION,
    }
    (problem,) = problems(tmp_path, {"x.jinja": "{{ domain }}"}, options={"domain": domain})
    assert (problem.code, problem.line) == ("fails", line_of(tmp_path, "default: x"))
    assert problem.message == "'x' is not valid for domain: no"


ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


@pytest.mark.slow
@pytest.mark.parametrize(("file", "to"), [(ENDLESS, "."), ("", f"x{ENDLESS}")], ids=["a file", "a path"])
def test_an_endless_template_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, to: str
) -> None:
    """The time limit ends the check of an endless template, even after other evaluations."""
    monkeypatch.setattr("blueprint.templating.MAX_SECONDS", 0.5)
    options = {"on": ON, "more": {**ON, "when": "on"}}
    layers = [{"from": "files", "to": to, "when": "on or (more is defined and more)"}]
    found = problems(tmp_path, {"x.jinja": file}, options=options, layers=layers)
    assert [problem.code for problem in found] == ["hostile"]
    assert "takes longer than 0.5 s" in found[0].message


def test_layers_from_a_repository_of_patterns(tmp_path: Path) -> None:
    """With REPOSITORY#DIR, layers may come from anywhere in the repository."""
    layers = [{"from": "../shared", "to": "."}]
    pattern = write_pattern(tmp_path / "own", tiny(options={}, values={}, look=[], layers=layers), {})
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/x").touch()

    assert [problem.code for problem in check(pattern).problems] == ["hostile"]
    assert check(Path(f"{tmp_path}#own")).problems == ()


def line_of(folder: Path, text: str) -> int:
    """The number of the first line of the pattern.yaml that contains `text`."""
    lines = (folder / "pattern.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)
