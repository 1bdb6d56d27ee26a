"""Range of an uncertain estimate: what reports show instead of a number that would look exact."""

import math

WITHIN_80_PERCENT = 1.2816
"""Standard deviations on either side of the mean within which a normal quantity is in 80 of 100 cases."""


def likely_range(estimate: float, sd: float) -> tuple[float, float]:
    """Return the bounds of a lognormal estimate with this sigma that hold in 80 of 100 cases."""
    factor = math.exp(WITHIN_80_PERCENT * sd)
    return estimate / factor, estimate * factor


def range_text(estimate: float, sd: float) -> str:
    """Return these bounds with two significant digits: `20-45`."""
    low, high = (f"{float(f'{bound:.2g}'):,g}" for bound in likely_range(estimate, sd))
    return f"{low}-{high}"
