"""Tests of the quantities of Kubernetes."""

import pytest

from blueprint.deployment.quantities import parse_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [("250m", 0.25), ("2", 2), (1.5, 1.5), ("128Mi", 2**27), ("1Gi", 2**30), ("5G", 5e9), ("2e3", 2000)],
)
def test_quantities_have_their_suffix(text: object, value: float) -> None:
    """Decimal and binary suffixes and exponents are read as Kubernetes reads them."""
    assert parse_quantity(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "m", "1.2.3", "1gi", "0x10", "1 Gi", "-1", "1e999", "9" * 40, None, True, [], "nan"]
)
def test_anything_else_is_refused(text: object) -> None:
    """What Kubernetes would refuse, a negative amount or an absurd one is refused."""
    with pytest.raises(ValueError, match="not a quantity"):
        parse_quantity(text)
