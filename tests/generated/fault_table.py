"""Tables of faults: every step of an order, every kind of fault, and each database.

Each cell was hit by at least one fault, or has a reason why the fault does not apply to the step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DATABASES = ("postgresql", "mysql")
NOT_RUN = "-"
Cell = tuple[str, str]


@dataclass(frozen=True)
class FaultTable:
    """The steps and faults of a pattern; `not_applicable` has the reason for each cell that cannot be hit."""

    steps: Sequence[str]
    faults: Sequence[str]
    not_applicable: Mapping[Cell, str] = field(default_factory=dict)

    def missing(self, report: Mapping[str, Any]) -> list[Cell]:
        """Return the cells that a run should have hit, and did not."""
        found = _counts(report)
        cells = [(step, fault) for fault in self.faults for step in self.steps]
        return [cell for cell in cells if not found.get(cell) and cell not in self.not_applicable]

    def unknown(self, report: Mapping[str, Any]) -> list[Cell]:
        """Return the cells that a run has hit, and that are not in the table or should not be possible."""
        return [
            (step, fault)
            for step, fault in _counts(report)
            if (step, fault) in self.not_applicable
            or (step not in (*self.steps, "any") or (step != "any" and fault not in self.faults))
        ]

    def to_markdown(self, reports: Mapping[str, Mapping[str, Any]]) -> str:
        """Return the numbers of faults in the reports of the databases, and the totals of their runs."""
        reasons = list(dict.fromkeys(self.not_applicable.values()))
        counts = [_counts(reports[name]) if name in reports else None for name in DATABASES]

        def cell(step: str, fault: str) -> str:
            if (step, fault) in self.not_applicable:
                return f"n/a {1 + reasons.index(self.not_applicable[step, fault])}"
            numbers = (NOT_RUN if found is None else str(found.get((step, fault), 0)) for found in counts)
            return " / ".join(numbers)

        rows = [("fault", *self.steps), ("---",) * (1 + len(self.steps))]
        rows += [(fault, *(cell(step, fault) for step in self.steps)) for fault in self.faults]
        anywhere = dict.fromkeys(kind for found in counts if found for step, kind in found if step == "any")
        lines = [f"Faults by step, as {' / '.join(DATABASES)}:", "", *map(_row, rows), ""]
        lines += [f"n/a {number}: {reason}" for number, reason in enumerate(reasons, 1)]
        lines += [f"at any step: {kind}: {cell('any', kind)}" for kind in anywhere]
        lines += [f"{name}: {_summary(report)}" for name, report in reports.items()]
        return "\n".join(lines) + "\n"


def _counts(report: Mapping[str, Any]) -> dict[Cell, int]:
    return {(each["step"], each["fault"]): each["number"] for each in report["faults"]}


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _summary(report: Mapping[str, Any]) -> str:
    totals = ", ".join(f"{name} {report.get(name, NOT_RUN)}" for name in ("accepted", "lost", "deadlocks"))
    loads = ("; ".join(f"{name} {number}" for name, number in load.items()) for load in report["loads"])
    return "; ".join([totals, *(f"without a fault: {load}" for load in loads)])


def _reason(reason: str, faults: Sequence[str], steps: Sequence[str]) -> dict[Cell, str]:
    return {(step, fault): reason for fault in faults for step in steps}


_CALLS = ("look up", "reserve", "debit", "commit", "clear cart", "refund", "release", "restock")
_EVENTS = (
    *("reserve", "debit", "confirm", "reject", "commit"),
    *("clear cart", "notify", "release", "restock", "refund"),
)
_STATEMENTS = (
    *("look up", "reserve", "debit", "clear cart", "store", "commit"),
    *("cancel", "restock", "refund", "deliver"),
)
TABLES = {
    "monolith": FaultTable(
        _STATEMENTS,
        (
            *("process killed before the step", "process killed after the step", "process paused"),
            *("database: cut connections", "database: crash", "rows locked"),
        ),
        {
            **_reason("It reads without locks.", ("rows locked",), ("look up",)),
            **_reason("It adds rows that no other transaction knows.", ("rows locked",), ("store",)),
            **_reason("The transaction has locked all its rows before.", ("rows locked",), ("commit",)),
            **_reason("The relay skips the events that are locked.", ("rows locked",), ("deliver",)),
        },
    ),
    "microservices": FaultTable(
        _CALLS,
        (
            *("call lost", "call response lost", "call late", "call response late"),
            *("call duplicated", "call redelivered"),
            *("caller killed before the call", "caller killed before the response"),
            *("provider killed before the call", "provider killed before the response"),
            "all other services killed",
            *("one of two orchestrators killed", "one of two orchestrators paused"),
            *("database: cut connections", "database: crash"),
        ),
        _reason(
            "The order is not stored yet, so no other process can go on with it.",
            ("one of two orchestrators killed", "one of two orchestrators paused"),
            ("look up",),
        ),
    ),
    "event-driven": FaultTable(
        _EVENTS,
        (
            *("consumer paused", "consumer killed in a batch", "group member joins and leaves"),
            *("event repeated out of order", "poison message", "event without its data"),
            "event that always fails",
            *("event in the previous version", "timeout during the step"),
            *("broker stopped", "broker killed", "database: crash"),
        ),
        {
            **_reason(
                "The event has only one version.",
                ("event in the previous version",),
                tuple(step for step in _EVENTS if step != "debit"),
            ),
            **_reason(
                "The order is decided by then, so it cannot time out any more.",
                ("timeout during the step",),
                ("commit", "clear cart", "notify", "release", "restock", "refund"),
            ),
            **_reason(
                "The step does not fail for an order that it does not know.",
                ("event that always fails",),
                tuple(step for step in _EVENTS if step not in ("confirm", "reject")),
            ),
            **_reason("The order is rejected either way.", ("timeout during the step",), ("reject",)),
        },
    ),
}
