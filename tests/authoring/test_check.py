"""`pattern check` finds each kind of fault, with its line and the answers that reproduce it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.patterns_on_disk import tiny, write_files, write_pattern

from .starters import check, write_starter

YAML = "pattern.yaml"
SERVICE = "files/src/{{ package }}/service.py.jinja"
README = "files/README.md.jinja"
FILES = '{from: files, to: "."}'
TERMS = "recommend:\n  terms:\n    - {name: quiet, points: 1}\n"
Edit = tuple[str, str, str]


def line_of(folder: Path, path: str, text: str) -> int:
    """The number of the first line that contains `text`."""
    lines = (folder / path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_starter_has_no_problems(tmp_path: Path) -> None:
    """`pattern check` finds no problem in the starter."""
    report = check(write_starter(tmp_path))
    assert report.problems == ()
    assert report.combinations == 4


def test_a_secret_file_that_git_does_not_ignore_is_a_warning(tmp_path: Path) -> None:
    """`pattern check` warns of a secret file that gets into git, with the answers that give it."""
    folder = write_starter(tmp_path)
    template = "{% if container %}{{ secret('token') }}{% endif %}\n"
    write_files(folder, {"files/token.txt.jinja": template})
    report = check(folder)
    assert report.problems == ()
    assert [(each.code, each.message, each.answers) for each in report.warnings] == [
        (
            "secret-not-ignored",
            "token.txt contains a secret, but no .gitignore of the pattern keeps it out of git",
            {"container": True},
        )
    ]
    write_files(folder, {"files/.gitignore": "token.*\n"})
    assert check(folder).warnings == ()


def test_a_file_with_a_secret_answer_that_git_does_not_ignore_is_a_warning(tmp_path: Path) -> None:
    """A file that depends on a secret answer, through a default as well, is a secret file."""
    question = {"type": "string", "question": "Password?", "default": "x", "secret": True}
    url = {"type": "string", "question": "URL?", "default": "db://{{ password }}"}
    layers = [{"from": "files", "to": "."}]
    content = tiny(options={"password": question, "url": url}, values={}, layers=layers, look=[])
    report = check(write_pattern(tmp_path, content, {"files/url.jinja": "{{ url }}\n"}))
    assert [each.message.split()[0] for each in report.warnings] == ["url"]


def test_texts_that_are_not_replaced_everywhere_are_warnings(tmp_path: Path) -> None:
    """`pattern check` warns of a text within a longer one, and of a file whose encoding is not known."""
    layer = {"from": "files", "to": ".", "replace": {"com.example": "a", "com.example.shop": "b"}}
    files: dict[str, str | bytes] = {
        "files/one": "com.example.shop com.example",
        "files/logo": b"\0 com.example",
        "files/two.jinja": "com.example",
        "files/latin": b"\xe9",
    }
    report = check(write_pattern(tmp_path, tiny(options={}, values={}, layers=[layer], look=[]), files))
    assert report.problems == ()
    assert [(each.code, each.path.name, each.message) for each in report.warnings] == [
        ("not-replaced", "logo", "'com.example' is not replaced here, because the file is not UTF-8 text"),
        (
            "nested-replacement",
            "pattern.yaml",
            "the text 'com.example' is part of 'com.example.shop', where only the longer one is replaced",
        ),
    ]


def test_files_are_compared_as_they_are_replaced(tmp_path: Path) -> None:
    """Two layers may give the same file once texts are replaced, also if another file fails."""
    layers = [{"from": "one", "to": "."}, {"from": "two", "to": ".", "replace": {"old": "new"}}]
    files = {"one/new": "new", "two/old": "old", "one/wrong.jinja": "{{ 1 // 0 }}"}
    report = check(write_pattern(tmp_path, tiny(options={}, values={}, layers=layers, look=[]), files))
    assert [(each.code, each.path.name) for each in report.problems] == [("fails", "wrong.jinja")]


@dataclass(frozen=True)
class Fault:
    """A fault to plant in the starter, and the problem that is expected.

    `at` is a text in the line of the fault. A `message` that ends with dots is only the start of the message.
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
        ((SERVICE, 'SALUTATION = "', '{% for x in [] %}{{ nowhere }}{% endfor %}\nSALUTATION = "'),),
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
    "in the target of a layer": Fault(
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
    "in a value with statements": Fault(
        (
            (
                YAML,
                "'Good day' if greeting == 'formal' else 'Hello'",
                "{% set salutation = greeting ~ grating %}",
            ),
        ),
        "undefined",
        "grating",
        "in '{% set salutation = greeting ~ grating %}': 'grating' is not defined; did you mean 'greeting'?",
    ),
    "in a replacement": Fault(
        ((YAML, "when: container}", "when: container, replace: {Dockerfile: '{{ greting }}'}}"),),
        "undefined",
        "greting",
        "in '{{ greting }}': 'greting' is not defined; did you mean 'greeting'?",
        {"container": True},
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
        """in "make {{ secret('x') }}": secret() is only available in files, not in paths and values""",
    ),
}

UNUSED = {
    "an option": Fault(
        ((YAML, "values:  ", "  color: {type: boolean, question: Color?, default: true}\nvalues:  "),),
        "unused-option",
        "color:",
        "the option 'color' is not used",
    ),
    "a value": Fault(
        ((YAML, "layers:", "  image: \"'x'\"\nlayers:"),),
        "unused-value",
        "image:",
        "the value 'image' is not used",
    ),
    "a layer that no answers select": Fault(
        ((YAML, "when: container}", "when: container and greeting == 'rude'}"),),
        "unreachable-layer",
        "rude",
        "no answers select the layer 'container' (container and greeting == 'rude')",
    ),
    "a text to replace that no file contains": Fault(
        ((YAML, FILES, FILES[:-1] + ", replace: {\n    wsgiref: '{{ greeting }}',\n    wsgi_ref: x}}"),),
        "unused-replacement",
        "wsgi_ref",
        "the layer 'files' copies no file with the text 'wsgi_ref' in it or in its path",
    ),
    "a text to replace that only templates contain": Fault(
        ((YAML, FILES, FILES[:-1] + ", replace: {pytest: x}}"), (README, "# {{", "pytest {{")),
        "unused-replacement",
        "pytest",
        "the layer 'files' copies no file with the text 'pytest' in it or in its path",
    ),
    "a text to replace that is only found within a longer one": Fault(
        ((YAML, FILES, FILES[:-1] + ", replace: {\n    wsgiref.simple_server: x,\n    simple: y}}"),),
        "unused-replacement",
        "simple: y",
        "the layer 'files' copies no file with the text 'simple' in it or in its path",
    ),
    "a path in look that no project contains": Fault(
        ((YAML, "look: [README.md,", "look: [READMI.md,"),),
        "never-there",
        "READMI",
        "no project contains the file 'READMI.md'",
    ),
}

BROKEN = {
    "a missing layer": Fault(
        ((YAML, "from: container, ", "from: containers, "),),
        "missing-layer",
        "containers, ",
        "the layer 'containers' of functions: no such folder: ...",
    ),
    "a layer outside of the pattern": Fault(
        ((YAML, "from: container, ", "from: ../container, "),),
        "hostile",
        "../container, ",
        "the layer '../container' of functions is outside ...",
    ),
    "an invalid template": Fault(
        ((README, "{% endif %}", "{% endfi %}"),),
        "bad-template",
        "endfi",
        "the template's syntax is wrong: Encountered unknown tag 'endfi'....",
    ),
    "an invalid expression": Fault(
        ((YAML, "when: container}", "when: container and}"),),
        "bad-pattern",
        "container and}",
        "in 'container and': the template's syntax is wrong: unexpected 'end of template'",
    ),
    "two expressions in one": Fault(
        ((YAML, "when: container}", "when: container greeting}"),),
        "bad-pattern",
        "container greeting}",
        "in 'container greeting': the template's syntax is wrong: unexpected 'greeting'",
    ),
    "a template that fails on some answers": Fault(
        ((SERVICE, 'SALUTATION = "', "{{ 1 / (greeting == 'friendly') }}\nSALUTATION = \""),),
        "fails",
        "1 / (",
        "an expression fails: ZeroDivisionError: division by zero",
        {"greeting": "formal"},
    ),
    "a value that fails on some answers": Fault(
        (
            (YAML, "layers:", '  half: "1 // (not container)"\nlayers:'),
            (README, "# {{", "# {{ half }} {{"),
        ),
        "fails",
        "half:",
        "in '1 // (not container)': an expression fails: ZeroDivisionError: ...",
        {"container": True},
    ),
    "a condition that fails": Fault(
        ((YAML, "when: container}", "when: container.x.y}"),),
        "fails",
        "container.x.y",
        "the pattern functions: in 'container.x.y': a value of type bool has no 'x'",
    ),
    "an each that is not a list": Fault(
        ((YAML, 'to: ".", when: container}', 'to: "{{ item }}", each: {item: container}}'),),
        "fails",
        "each:",
        "the pattern functions: 'container' is not a list",
    ),
    "an invalid recommendation term": Fault(
        ((YAML, "smoke: ", f"{TERMS}    - {{name: x, input: rps, table: {{}}}}\nsmoke: "),),
        "bad-terms",
        "input: rps",
        "functions: term 1 (x): rps: unknown input",
    ),
    "an invalid recommendation hint": Fault(
        ((YAML, "smoke: ", f"{TERMS}  capacity: {{deployables: 0}}\nsmoke: "),),
        "bad-terms",
        "capacity:",
        "functions: recommend.capacity.deployables: 0 is invalid",
    ),
}

FAULTS = {
    **{f"undefined {name}": fault for name, fault in UNDEFINED.items()},
    **{f"unused: {name}": fault for name, fault in UNUSED.items()},
    **BROKEN,
}


def test_no_fault_hides_another(tmp_path: Path) -> None:
    """Faults of different kinds in one pattern are all found."""
    kinds = ["unused: an option", "unused: a value", "unused: a layer that no answers select"]
    kinds += ["undefined in a template", "unused: a path in look that no project contains"]
    kinds += ["a template that fails on some answers", "an invalid recommendation hint"]
    edits = [edit for kind in kinds for edit in FAULTS[kind].edits]
    found = {problem.code for problem in check(write_starter(tmp_path, *edits)).problems}
    assert found == {FAULTS[kind].code for kind in kinds}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(tmp_path: Path, fault: Fault) -> None:
    """A planted fault is the only problem, with its line and the fewest answers that reproduce it."""
    (problem,) = check(write_starter(tmp_path, *fault.edits)).problems
    path = fault.edits[0][0]
    beginning, dots, _ = fault.message.partition("...")

    assert (problem.code, problem.path) == (fault.code, tmp_path / path)
    assert problem.message.startswith(beginning) if dots else problem.message == fault.message
    assert problem.line == line_of(tmp_path, path, fault.at)
    assert problem.answers == fault.answers
