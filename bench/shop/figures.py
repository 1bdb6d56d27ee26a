"""Results: figures with their targets, as a table or as JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Aim:
    """Target of a figure, or of its ratio if it has one: `at_least` or `at_most`."""

    at_least: float = float("-inf")
    at_most: float = float("inf")

    def met_by(self, value: float) -> bool:
        """Whether `value` meets the target."""
        return self.at_least <= value <= self.at_most

    def __str__(self) -> str:
        return f">= {self.at_least:g}" if self.at_most == float("inf") else f"<= {self.at_most:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Quantity measured in several rounds; its ratio is relative to `base`, a median."""

    group: str
    name: str
    unit: str
    rounds: tuple[float, ...]
    base: float | None = None
    aim: Aim | None = None

    @property
    def value(self) -> float:
        """Median of the rounds."""
        return median(self.rounds)

    @property
    def ratio(self) -> float | None:
        """Value as a multiple of the base."""
        return self.value / self.base if self.base else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.aim is None:
            return None
        return self.aim.met_by(self.value if self.ratio is None else self.ratio)


def show(machine: Mapping[str, str], figures: Sequence[Figure], *, as_json: bool) -> None:
    """Print machine and figures as a table, or as a JSON object."""
    if as_json:
        print(_json(machine, figures))
        return
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
    # Output to a file has no width, and the default of 80 columns is too narrow.
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    console.print(
        ", ".join(f"{name} {value}" for name, value in machine.items()), style="dim", highlight=False
    )


def _json(machine: Mapping[str, str], figures: Sequence[Figure]) -> str:
    """Return machine and figures as a JSON object."""
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


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
