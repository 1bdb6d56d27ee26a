"""`check` finds each kind of fault, and says where it is and with which answers."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .starters import check, write_starter

YAML = "pattern.yaml"
SERVICE = "files/src/{{ package }}/service.py.jinja"
README = "files/README.md.jinja"
TERMS = "recommend:\n  terms:\n    - {name: quiet, points: 1}\n"
Edit = tuple[str, str, str]


def line_of(folder: Path, path: str, text: str) -> int:
    """The first line of a file with `text` in it."""
    lines = (folder / path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_starter_has_no_problems(tmp_path: Path) -> None:
    """Whoever starts from it starts from something right."""
    report = check(write_starter(tmp_path))
    assert report.problems == ()
    assert report.combinations == 4


@dataclass(frozen=True)
class Fault:
    """A fault planted in the starter, and what is to be said about it.

    `at` is a text on the line of the fault; `message` is all that is said, or with dots its beginning.
    """

    edits: tuple[Edit, ...]
    code: str
    at: str
    message: str
    answers: dict[str, Any] = field(default_factory=dict)


UNDEFINED = {
    "in a template": Fault(
        ((README, "# {{ project }}", "# {{ projekt }}"),),
        "undefined",
        "{{ projekt }}",
        "'projekt' is not defined; did you mean 'project'?",
    ),
    "in a branch for some answers": Fault(
        ((README, "docker build --tag {{ project }}", "docker build --tag {{ image }}"),),
        "undefined",
        "{{ image }}",
        "'image' is not defined",
        {"container": True},
    ),
    "in a loop that never runs": Fault(
        ((SERVICE, 'WORDS = "', '{% for x in [] %}{{ nowhere }}{% endfor %}\nWORDS = "'),),
        "undefined",
        "nowhere",
        "'nowhere' is not defined",
    ),
    "in the condition of a layer": Fault(
        ((YAML, "when: container}", "when: container and cloud}"),),
        "undefined",
        "cloud",
        "in 'container and cloud': 'cloud' is not defined",
        {"container": True},
    ),
    "in the place of a layer": Fault(
        ((YAML, 'from: container, to: "."', 'from: container, to: "{{ pakage }}"'),),
        "undefined",
        "pakage",
        "in '{{ pakage }}': 'pakage' is not defined; did you mean 'package'?",
        {"container": True},
    ),
    "in the list of a layer": Fault(
        ((YAML, 'to: ".", when: container}', 'to: "{{ item }}", each: {item: regions}, when: container}'),),
        "undefined",
        "each:",
        "in 'regions': 'regions' is not defined",
    ),
    "in a value": Fault(
        ((YAML, "if greeting == 'formal'", "if greeting == formal"),),
        "undefined",
        "== formal",
        """in "'Good day' if greeting == formal else 'Hello'": 'formal' is not defined""",
    ),
    "in the condition of an option": Fault(
        ((YAML, "    default: false", "    default: false\n    when: cloud"),),
        "undefined",
        "when: cloud",
        "in 'cloud': 'cloud' is not defined",
    ),
    "in a command": Fault(
        ((YAML, "test: make test", 'test: "make {{ target }}"'),),
        "undefined",
        "make {{ target }}",
        "in 'make {{ target }}': 'target' is not defined",
    ),
    "a secret outside of files": Fault(
        ((YAML, "test: make test", """test: "make {{ secret('x') }}\""""),),
        "undefined",
        "secret('x')",
        """in "make {{ secret('x') }}": secrets are for files only, not for paths and values""",
    ),
}

USELESS = {
    "an option": Fault(
        ((YAML, "values:  ", "  colour: {type: boolean, question: Colour?, default: true}\nvalues:  "),),
        "unused-option",
        "colour:",
        "nothing uses the option 'colour'",
    ),
    "a value": Fault(
        ((YAML, "layers:", "  image: \"'x'\"\nlayers:"),),
        "unused-value",
        "image:",
        "nothing uses the value 'image'",
    ),
    "a layer that no answers bring in": Fault(
        ((YAML, "when: container}", "when: container and greeting == 'rude'}"),),
        "unreachable-layer",
        "rude",
        "no answers bring the layer 'container' in (container and greeting == 'rude')",
    ),
    "a file to look at that is nowhere": Fault(
        ((YAML, "look: [README.md,", "look: [READMI.md,"),),
        "never-there",
        "READMI",
        "no project has the file 'READMI.md'",
    ),
}

BROKEN = {
    "a layer that is not there": Fault(
        ((YAML, "from: container, ", "from: containers, "),),
        "missing-layer",
        "containers, ",
        "the layer 'containers' of functions: there is no folder ...",
    ),
    "a layer from outside": Fault(
        ((YAML, "from: container, ", "from: ../container, "),),
        "hostile",
        "../container, ",
        "the layer '../container' of functions is outside ...",
    ),
    "a template that is none": Fault(
        ((README, "{% endif %}", "{% endfi %}"),),
        "bad-template",
        "endfi",
        "Encountered unknown tag 'endfi'....",
    ),
    "an expression that is none": Fault(
        ((YAML, "when: container}", "when: container and}"),),
        "bad-pattern",
        "container and}",
        "in 'container and': unexpected 'end of template'",
    ),
    "two expressions in one": Fault(
        ((YAML, "when: container}", "when: container greeting}"),),
        "bad-pattern",
        "container greeting}",
        "in 'container greeting': unexpected 'greeting'",
    ),
    "a template that fails on some answers": Fault(
        ((SERVICE, 'WORDS = "', "{{ 1 / (greeting == 'friendly') }}\nWORDS = \""),),
        "fails",
        "1 / (",
        "division by zero",
        {"greeting": "formal"},
    ),
    "a value that fails on some answers": Fault(
        (
            (YAML, "layers:", '  half: "1 // (not container)"\nlayers:'),
            (README, "# {{", "# {{ half }} {{"),
        ),
        "fails",
        "half:",
        "in '1 // (not container)': integer division or modulo by zero",
        {"container": True},
    ),
    "a condition that fails": Fault(
        ((YAML, "when: container}", "when: container.x.y}"),),
        "fails",
        "container.x.y",
        "the pattern functions: in 'container.x.y': 'bool object' has no attribute 'x'",
    ),
    "a list that is none": Fault(
        ((YAML, 'to: ".", when: container}', 'to: "{{ item }}", each: {item: container}}'),),
        "fails",
        "each:",
        "the pattern functions: 'container' is not a list",
    ),
    "a term that the recommender does not know": Fault(
        ((YAML, "smoke: ", f"{TERMS}    - {{name: x, input: rps, table: {{}}}}\nsmoke: "),),
        "bad-terms",
        "input: rps",
        "functions: term 1 (x): rps: unknown input",
    ),
    "a hint that the recommender does not know": Fault(
        ((YAML, "smoke: ", f"{TERMS}  capacity: {{deployables: 0}}\nsmoke: "),),
        "bad-terms",
        "capacity:",
        "functions: recommend.capacity.deployables: 0 is invalid",
    ),
}

FAULTS = {
    **{f"undefined {name}": fault for name, fault in UNDEFINED.items()},
    **{f"useless: {name}": fault for name, fault in USELESS.items()},
    **BROKEN,
}


def test_no_kind_of_fault_hides_another(tmp_path: Path) -> None:
    """One of many kinds, planted together, are found together."""
    kinds = ["useless: an option", "useless: a value", "useless: a layer that no answers bring in"]
    kinds += ["undefined in a template", "useless: a file to look at that is nowhere"]
    kinds += ["a template that fails on some answers", "a hint that the recommender does not know"]
    edits = [edit for kind in kinds for edit in FAULTS[kind].edits]
    found = {problem.code for problem in check(write_starter(tmp_path, *edits)).problems}
    assert found == {FAULTS[kind].code for kind in kinds}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(tmp_path: Path, fault: Fault) -> None:
    """It is the only problem, at its line, with the fewest answers that show it."""
    (problem,) = check(write_starter(tmp_path, *fault.edits)).problems
    path = fault.edits[0][0]
    beginning, dots, _ = fault.message.partition("...")

    assert (problem.code, problem.path) == (fault.code, tmp_path / path)
    assert problem.message.startswith(beginning) if dots else problem.message == fault.message
    assert problem.line == line_of(tmp_path, path, fault.at)
    assert problem.answers == fault.answers
