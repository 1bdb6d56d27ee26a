"""Tests of the questions: about ten are required, and each has an explanation and a way to skip it."""

import pytest

from blueprint.needs.errors import NeedsError
from blueprint.needs.inputs import default_flows, groups, inputs
from blueprint.needs.presets import PRESETS, load_preset
from blueprint.needs.questions import (
    DONT_KNOW,
    choices_of,
    explanation,
    optional_questions,
    parse_answer,
    required_questions,
)


def test_about_ten_questions_are_required() -> None:
    """Only the questions about traffic, data, flows and the team are required."""
    required = required_questions({})
    assert {spec.group for spec in required} == {"traffic", "data", "team"}
    assert 8 <= len(required) + len(default_flows()) <= 17
    assert {spec.name for spec in required} & {spec.name for spec in optional_questions({})} == set()


def test_an_answered_question_is_not_asked_again() -> None:
    """An input that a flag, a file or a preset has answered is not asked for."""
    assert "peak_rps" not in {spec.name for spec in required_questions({"peak_rps": 9})}
    assert required_questions(load_preset("small-shop")) == []


def test_every_question_is_explained() -> None:
    """Every question has help, a unit or choices, and a choice or a line for when in doubt."""
    for spec in inputs().values():
        lines = explanation(spec)
        assert spec.question.endswith("?")
        assert lines[0] == spec.help
        assert DONT_KNOW in choices_of(spec) or DONT_KNOW in lines[-1]
        assert spec.unit or choices_of(spec)


@pytest.mark.parametrize("name", inputs())
def test_each_example_is_a_valid_answer(name: str) -> None:
    """The example in each explanation is a valid answer."""
    spec = inputs()[name]
    assert parse_answer(spec, spec.example.partition(" ")[0]) is not None


def test_answers_are_parsed_as_people_write_them() -> None:
    """Choices, yes and no, and "don't know" are valid answers."""
    known = inputs()
    assert parse_answer(known["workload"], "streaming") == "streaming"
    assert parse_answer(known["replay"], "Y") is True
    assert parse_answer(known["peak_rps"], DONT_KNOW) is None
    with pytest.raises(NeedsError, match=r"traffic\.workload"):
        parse_answer(known["workload"], "4")


def test_every_group_has_inputs_and_every_preset_a_file() -> None:
    """Every group has inputs, and every preset has a file."""
    assert {spec.group for spec in inputs().values()} == set(groups())
    for name in PRESETS:
        assert load_preset(name)
    with pytest.raises(NeedsError, match="did you mean 'small-shop'"):
        load_preset("smal-shop")
