"""Rows of a bill for tables: each line with its low, base and high amount."""

from typing import NamedTuple

from blueprint.advise.result import CloudCost, Recommendation


class BillRow(NamedTuple):
    """A line of a bill with its group and its low, base and high amount in USD a month."""

    group: str
    name: str
    product: str
    verified: bool
    usd: tuple[float, float, float]


def bill_rows(cost: CloudCost) -> list[BillRow]:
    """Return the lines of the three bills of a cloud side by side; a bill without a line has 0."""
    bills = (cost.low, cost.base, cost.high)
    amounts = [{(line.group, line.name): line.usd for line in bill.lines} for bill in bills]
    lines = {(line.group, line.name): line for bill in bills for line in bill.lines}
    rows = []
    for key, line in lines.items():
        low, base, high = (usd.get(key, 0.0) for usd in amounts)
        rows.append(BillRow(line.group, line.name, line.product, line.verified, (low, base, high)))
    return rows


def own_cost(recommendation: Recommendation) -> CloudCost:
    """Return the cost on the cloud of the needs."""
    return next(cost for cost in recommendation.costs if cost.cloud == recommendation.needs.cloud)
