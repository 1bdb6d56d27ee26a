"""Inputs of a recommendation: name, unit, range, default and question."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from blueprint.package_data import read_package_data

DATA = Path(__file__).with_name("data")

InputValue = float | int | str | bool | None
InputType = Literal["number", "integer", "choice", "boolean"]
Spread = Literal["lognormal", "complement", "ordered", "none"]
FLOWS_QUESTION = (
    "Which business flows are there, how consistent must each be, which modules does it touch, "
    "and what share of the requests is it?"
)


class Group(NamedTuple):
    """A group of inputs with a heading; the questions of required groups are always asked."""

    name: str
    title: str
    required: bool


class Input(NamedTuple):
    """One input of a recommendation.

    `short` names it in sentences and tables. `spread` says how an uncertain answer varies; with `complement`,
    the distance to `whole` varies.
    """

    name: str
    group: str
    short: str
    type: InputType
    default: InputValue
    question: str
    help: str
    example: str
    spread: Spread
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    whole: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = True
    asked: bool = True

    @property
    def label(self) -> str:
        """The path of this input in needs.yaml, as errors show it."""
        return f"{self.group}.{self.name}"

    def steps(self) -> tuple[InputValue, ...]:
        """Return the ordered values of a choice, a boolean or an integer scale; nothing for a quantity."""
        if self.type == "choice":
            return self.choices
        if self.type == "boolean":
            return (False, True)
        if self.spread == "ordered" and self.minimum is not None and self.maximum is not None:
            return tuple(range(int(self.minimum), int(self.maximum) + 1))
        return ()


@cache
def _document() -> Mapping[str, Any]:
    document: Mapping[str, Any] = read_package_data(DATA / "inputs.yaml")
    return document


@cache
def groups() -> Mapping[str, Group]:
    """Return the groups by name, in the order of the questionnaire."""
    return {name: Group(name=name, **row) for name, row in _document()["groups"].items()}


@cache
def inputs() -> Mapping[str, Input]:
    """Return every input by name, in the order of the questionnaire."""
    return {name: _input(name, row) for name, row in _document()["inputs"].items()}


def default_flows() -> list[Mapping[str, Any]]:
    """Return the business flows of the generated shop, which are assumed unless a team gives its own."""
    flows: list[Mapping[str, Any]] = _document()["flows"]
    return flows


def _input(name: str, row: Mapping[str, Any]) -> Input:
    texts = {key: " ".join(str(row[key]).split()) for key in ("question", "help", "example")}
    return Input(name=name, **{**row, **texts, "choices": tuple(row.get("choices", ()))})
