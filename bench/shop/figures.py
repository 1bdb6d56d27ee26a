"""What came out: figures with their aims, as a table for people or as JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure, or its ratio if it has one, should reach: `at_least` or `at_most`."""

    at_least: float = float("-inf")
    at_most: float = float("inf")

    def met_by(self, value: float) -> bool:
        """Tell whether `value` is as aimed at."""
        return self.at_least <= value <= self.at_most

    def __str__(self) -> str:
        return f">= {self.at_least:g}" if self.at_most == float("inf") else f"<= {self.at_most:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured in several rounds; `base` is the median of what its ratio is taken to."""

    group: str
    name: str
    unit: str
    rounds: tuple[float, ...]
    base: float | None = None
    aim: Aim | None = None

    @property
    def value(self) -> float:
        """The middle round."""
        return median(self.rounds)

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the base."""
        return self.value / self.base if self.base else None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None without one."""
        if self.aim is None:
            return None
        return self.aim.met_by(self.value if self.ratio is None else self.ratio)


def as_json(machine: Mapping[str, str], figures: Sequence[Figure]) -> str:
    """Return everything as one JSON object."""
    told = [
        {
            "group": figure.group,
            "name": figure.name,
            "unit": figure.unit,
            "value": round(figure.value, 3),
            "rounds": [round(each, 3) for each in figure.rounds],
            "ratio": None if figure.ratio is None else round(figure.ratio, 3),
            "aim": str(figure.aim) if figure.aim else None,
            "met": figure.met,
        }
        for figure in figures
    ]
    return json.dumps({"machine": dict(machine), "figures": told}, indent=2)


def show(machine: Mapping[str, str], figures: Sequence[Figure]) -> None:
    """Print the table."""
    table = Table(
        "", "median", "rounds", "unit", "ratio", "aim", title="The generated shop", title_justify="left"
    )
    for number, figure in enumerate(figures):
        if number == 0 or figures[number - 1].group != figure.group:
            table.add_section()
            table.add_row(f"[bold]{figure.group}")
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        spread = f"{_short(min(figure.rounds))} .. {_short(max(figure.rounds))}"
        aim = f"{figure.aim} {'met' if figure.met else 'missed'}" if figure.aim else ""
        table.add_row(f"  {figure.name}", _short(figure.value), spread, figure.unit, ratio, aim)
    # A file has no width of its own, and the usual 80 columns are too few.
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    console.print(
        ", ".join(f"{name} {value}" for name, value in machine.items()), style="dim", highlight=False
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
