"""Tests of needs.yaml: strict parsing, commented output, and an exact round trip."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from blueprint.needs.answers import complete
from blueprint.needs.errors import NeedsError
from blueprint.needs.file import parse_needs, read_needs_file, to_yaml
from blueprint.needs.inputs import DATA, Input, inputs
from blueprint.needs.presets import PRESETS, load_preset
from blueprint.needs.schema import json_schema


def values(spec: Input) -> st.SearchStrategy[object]:
    """Return a strategy for every value that an input may have, and "don't know"."""
    if spec.steps():
        return st.sampled_from([*spec.steps(), None])
    if spec.type == "integer":
        return st.none() | st.integers(int(spec.minimum or 0), int(spec.maximum or 0))
    return st.none() | st.floats(spec.minimum, spec.maximum)


RATES = {"mean_rps", "peak_rps"}
ANSWERS = st.fixed_dictionaries({name: values(spec) for name, spec in inputs().items() if name not in RATES})


@given(ANSWERS)
def test_written_needs_read_back_the_same(answers: dict[str, object]) -> None:
    """Values and assumptions survive writing needs.yaml and reading it back."""
    needs = complete(answers)
    assert complete(parse_needs(to_yaml(needs), "needs.yaml")) == needs


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_the_round_trip(name: str) -> None:
    """A preset with its flows survives writing needs.yaml and reading it back."""
    needs = complete(load_preset(name))
    assert complete(parse_needs(to_yaml(needs), "needs.yaml")) == needs


def test_each_written_value_has_its_question_above() -> None:
    """Each written value has its question above it and its unit beside it."""
    text = to_yaml(complete({"engineers": 12}))
    for spec in inputs().values():
        assert f"# {spec.question}\n" in text
    assert "\n  engineers: 12  # people\n" in text
    assert "\n  # teams: 2  # teams\n" in text


def test_a_file_of_an_earlier_version_is_read() -> None:
    """A file with independent_deploy gives the share of waiting changes."""
    text = "team: {engineers: 60, independent_deploy: required}\n"
    assert parse_needs(text, "old.yaml") == {"engineers": 60, "waiting_percent": 60}


def test_the_published_schema_is_that_of_the_inputs(regenerate: bool) -> None:
    """The published schema equals the one generated from the inputs."""
    path = DATA / "needs.schema.json"
    text = json.dumps(json_schema(), indent=2) + "\n"
    if regenerate:
        path.write_text(text)
    assert path.read_text() == text


@pytest.mark.parametrize("name", PRESETS)
def test_files_are_valid_by_the_schema(name: str) -> None:
    """Written files and presets are valid by the published schema."""
    jsonschema.Draft202012Validator.check_schema(json_schema())
    for text in (to_yaml(complete(load_preset(name))), (DATA / "presets" / f"{name}.yaml").read_text()):
        jsonschema.validate(yaml.safe_load(text), json_schema())


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\ntraffic: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "alias"),
        ("traffic: " + "[" * 5000 + "]" * 5000, "deep"),
        ("traffic: {peak_rps: 1}\ntraffic: {peak_rps: 2}", "twice"),
        ("trafic: {peak_rps: 1}", "did you mean 'traffic'"),
        ("traffic: {peek_rps: 1}", "traffic.peek_rps: unknown name; did you mean 'peak_rps'"),
        ("traffic: {engineers: 1}", "traffic.engineers: belongs to team"),
        ("traffic: 7", "traffic: expected"),
        ("traffic: {peak_rps: .nan}", "traffic.peak_rps"),
        ("traffic: {peak_rps: -.inf}", "traffic.peak_rps"),
        ("traffic: {peak_rps: !!python/object:os.system 1}", "python"),
        ("format: 2", "format"),
        ("- a", "expected groups"),
        ("just words", "expected groups"),
        ("traffic: {peak_rps: [", "line 2"),
        ("traffic: {peak_rps: 12:30}", "base 60"),
        ("traffic: {peak_rps: 010}", "octal"),
        ("traffic: {peak_rps: 2026-01-31}", "2026-01-31 is not a number"),
    ],
)
def test_an_invalid_needs_file_is_refused(text: str, says: str) -> None:
    """An error in needs.yaml names the file or the field, and has a hint."""
    with pytest.raises(NeedsError) as caught:
        parse_needs(text, "my-needs.yaml")
    assert "my-needs.yaml" in caught.value.message or "traffic" in caught.value.message
    assert says in caught.value.message
    assert caught.value.hint


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """A file of a gigabyte is refused without being read into memory."""
    path = tmp_path / "needs.yaml"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(NeedsError, match="larger"):
        read_needs_file(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The error about a missing file, or a folder in its place, names the path."""
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(NeedsError, match=str(path)):
            read_needs_file(path)
