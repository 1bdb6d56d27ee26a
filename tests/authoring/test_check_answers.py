"""`check` tries answers together: what some of them break is found, and what none breaks is no problem."""

from pathlib import Path
from typing import Any

import pytest

from blueprint.authoring.problems import Problem
from tests.patterns_on_disk import TINY_FILES, tiny, write_pattern

from .starters import check

QUESTION = {"question": "What?"}
ON = {"type": "boolean", "default": True, **QUESTION}
CLOUDS = {"type": "choice", "choices": {"aws": "AWS", "gcp": "GCP"}, "default": "aws", **QUESTION}


def problems(folder: Path, files: dict[str, str | bytes], **content: Any) -> tuple[Problem, ...]:
    """What is wrong with a pattern of one layer of `files`, and of what else there is in `content`."""
    plain = {"options": {}, "values": {}, "look": [], "layers": [{"from": "files", "to": "."}]}
    files = {f"files/{path}" if "/" not in path else path: text for path, text in files.items()}
    return check(write_pattern(folder, tiny(**{**plain, **content}), files)).problems


def test_a_path_that_only_some_answers_break(tmp_path: Path) -> None:
    """An empty answer makes a path with an empty name."""
    pattern = write_pattern(tmp_path, tiny(), {**TINY_FILES, "files/replicas.jinja": "{{ replicas }}"})
    (problem,) = check(pattern).problems
    assert problem.code == "hostile"
    assert problem.message == "the pattern may not write 'deploy//app.yaml': '' is not a file name"
    assert problem.answers == {"domain": ""}


def test_a_default_that_keeps_a_path_whole_is_no_problem(tmp_path: Path) -> None:
    """The way to put that right."""
    layers = [
        {"from": "files", "to": "."},
        {"from": "deploy", "to": "deploy/{{ domain or 'default' }}", "when": "kubernetes"},
    ]
    pattern = write_pattern(
        tmp_path, tiny(layers=layers), {**TINY_FILES, "files/replicas.jinja": "{{ replicas }}"}
    )
    assert check(pattern).problems == ()


def test_every_conflict_between_layers(tmp_path: Path) -> None:
    """With the files of both sides, and only for answers that bring both layers in."""
    options = {"a": ON, "b": {**ON, "default": False}}
    layers = [{"from": "one", "to": ".", "when": "a"}, {"from": "two", "to": ".", "when": "b"}]
    files = {"one/x": "1", "two/x": "2", "one/y.jinja": "{{ a }}", "two/y": "yes", "one/z": "z", "two/z": "z"}
    found = problems(tmp_path, files, options=options, layers=layers)

    assert [(each.code, each.message, each.answers) for each in found] == [
        ("conflict", f"{path} comes from one/{path}{end} and from two/{path}, and they differ", {"b": True})
        for path, end in (("x", ""), ("y", ".jinja"))
    ]
    assert {each.line for each in found} == {line_of(tmp_path, "from: two")}


def test_files_that_are_one_on_some_systems(tmp_path: Path) -> None:
    """The engine refuses them, and nothing else is wrong."""
    (problem,) = problems(tmp_path, {"readme": "", "README": ""})
    assert "are the same file on some systems" in problem.message


def test_a_failure_that_takes_three_answers(tmp_path: Path) -> None:
    """A layer that pairs of answers do not bring in is brought in by a search, and rendered."""
    options = {name: {**CLOUDS, "choices": {str(n): "x" for n in range(4)}, "default": "0"} for name in "abc"}
    layers = [
        {"from": "files", "to": "."},
        {"from": "rare", "to": ".", "when": "a == '3' and b == '2' and c == '3'"},
    ]
    (problem,) = problems(tmp_path, {"x": "", "rare/x.jinja": "{{ 1 // 0 }}"}, options=options, layers=layers)
    assert (problem.code, problem.answers) == ("fails", {"a": "3", "b": "2", "c": "3"})


@pytest.mark.parametrize(
    ("when", "reachable"),
    [
        ("replicas > 50", True),
        ("replicas > 100", False),
        ("replicas == 17", True),
        ("domain == 'example.org'", True),
        ("half == 8", True),
        ("'blue' in colours", True),
        ("nothing > 0", False),
        ("domain | length > 150", None),
    ],
)
def test_conditions_on_numbers_texts_lists_and_values(
    tmp_path: Path, when: str, reachable: bool | None
) -> None:
    """The values in a condition are tried, and all numbers of a range. What cannot be known is no problem."""
    options = tiny()["options"]
    options["colours"] = {"type": "list", **QUESTION}
    options["replicas"]["maximum"] = 100
    used = "{{ database }}{{ domain if kubernetes }}{{ replicas }}{{ colours }}{{ half + nothing }}"
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
    """A condition that does not ask for the domain where there is none."""
    return when.replace("domain", "(domain if kubernetes else '')")


HARMLESS = {
    "an option that is there in its branch only": "{% if cloud == 'aws' %}{{ zone }}{% endif %}",
    "in an expression": "{{ zone if cloud == 'aws' else 'none' }}",
    "behind an and": "{{ cloud == 'aws' and zone }}",
    "behind an or": "{{ cloud != 'aws' or zone }}",
    "in the other branch": "{% if cloud != 'aws' %}x{% elif on %}{{ zone }}{% else %}{{ zone }}{% endif %}",
    "asked for": "{% if zone is defined %}{{ zone }}{% endif %}",
    "asked for the other way": "{% if zone is not defined %}x{% else %}{{ zone }}{% endif %}",
    "with a default": "{{ zone | default('none') }}",
    "set with a default from outside": "{% set zone = zone | default('none') %}{{ zone }}",
    "set once, and asked for": (
        "{% set clouds = clouds | default(['aws']) %}{{ 'x' if clouds == ['aws'] else zones }}"
    ),
    "set in a fragment's place": '{% set cloud = "gcp" %}{% include "_parts/either" %}',
    "set in a loop": "{% for zone in ['a', 'b'] %}{{ zone }}{{ loop.index }}{% endfor %}",
    "the argument of a macro": "{% macro m(zone) %}{{ zone }}{% endmacro %}{{ m('a') }}",
    "from a block": "{% set zone %}a{% endset %}{{ zone }}",
    "in a comment": "{# {{ zone }} #}",
    "in raw text": "{% raw %}{{ zone }}{% endraw %}",
    "in a fragment of its branch": '{% if cloud == "aws" %}{% include "_parts/zone" %}{% endif %}',
    "in a fragment in a loop": '{% for x in [1] %}{% include "_parts/loop" %}{% endfor %}',
    "in a fragment with macros": '{% from "_parts/macros" import m %}{{ m(cloud) }}',
    "a secret": "{{ secret('zone') }}",
    "a word of Jinja": "{{ range(3) | list }}{{ dict(a=1) }}{{ namespace(x=1).x }}",
}


@pytest.mark.parametrize("template", HARMLESS.values(), ids=HARMLESS)
def test_what_is_fine_is_no_problem(tmp_path: Path, template: str) -> None:
    """The option `zone` exists only with one of two clouds, and each of these templates knows that."""
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
    """The same option where nobody made sure that it is there."""
    zone = {"type": "string", "default": "a", "when": "cloud == 'aws'", **QUESTION}
    files = {
        "files/x.jinja": f"{template}\n",
        "files/_parts/zone": "{{ zone }}",
        "files/used.jinja": "{{ cloud }}{{ on }}{{ zone if cloud == 'aws' }}",
    }
    (problem,) = problems(tmp_path, {**files}, options={"cloud": CLOUDS, "on": ON, "zone": zone})
    assert problem.message == "the option 'zone' does not exist here"
    assert problem.answers == ({} if "import" in template else {"cloud": "gcp"})


def test_a_layer_for_each_item(tmp_path: Path) -> None:
    """The item is known in the place, the condition, the paths and the files; a name of the past is not."""
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


def test_answers_that_a_validator_refuses_are_not_tried(tmp_path: Path) -> None:
    """Nor is a pattern to blame for what it refuses itself."""
    domain = {
        "type": "string",
        "default": "{{ project }}.example",
        "validator": "{% if ' ' in domain or not domain %}no domain{% endif %}",
        **QUESTION,
    }
    assert problems(tmp_path, {"{{ domain }}.txt": ""}, options={"domain": domain}) == ()


def test_validators_that_take_nothing(tmp_path: Path) -> None:
    """Then nothing can be tried, which is no success; an example that they take is enough."""
    validator = "{% if '@' not in mail %}no address{% endif %}"
    mail = {"type": "string", "default": "x", "validator": validator, "required": True, **QUESTION}
    (problem,) = problems(tmp_path, {"x.jinja": "{{ mail }}"}, options={"mail": mail})
    assert (problem.code, problem.line) == ("fails", line_of(tmp_path, "options:"))
    mail["default"] = "ada@example.org"
    assert problems(tmp_path, {"x.jinja": "{{ mail }}"}, options={"mail": mail}) == ()


def test_a_default_that_the_validator_refuses(tmp_path: Path) -> None:
    """Nobody could take the default."""
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


@pytest.mark.parametrize(("file", "to"), [(ENDLESS, "."), ("", f"x{ENDLESS}")], ids=["a file", "a path"])
def test_a_template_without_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, to: str
) -> None:
    """The check ends, and says why; conditions that were evaluated before do not lift the limit."""
    monkeypatch.setattr("blueprint.sandbox.MAX_SECONDS", 0.5)
    options = {"on": ON, "more": {**ON, "when": "on"}}
    layers = [{"from": "files", "to": to, "when": "on or (more is defined and more)"}]
    found = problems(tmp_path, {"x.jinja": file}, options=options, layers=layers)
    assert [problem.code for problem in found] == ["hostile"]
    assert "takes longer than 0.5 s" in found[0].message


def test_layers_from_a_repository_of_patterns(tmp_path: Path) -> None:
    """REPOSITORY#DIR: layers may come from anywhere there, as for those who use the repository."""
    layers = [{"from": "../shared", "to": "."}]
    pattern = write_pattern(tmp_path / "own", tiny(options={}, values={}, look=[], layers=layers), {})
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/x").touch()

    assert [problem.code for problem in check(pattern).problems] == ["hostile"]
    assert check(Path(f"{tmp_path}#own")).problems == ()


def line_of(folder: Path, text: str) -> int:
    """The first line of the pattern.yaml with `text`."""
    lines = (folder / "pattern.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)
