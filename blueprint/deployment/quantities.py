"""Quantities of Kubernetes, such as 250m, 1Gi and 2e3."""

import re

_FORM = re.compile(r"(\d{1,18}(?:\.\d{0,9})?|\.\d{1,9})(?:([eE][+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)")
_DECIMAL = {
    name: 1000.0**power for power, name in enumerate(("n", "u", "m", "", "k", "M", "G", "T", "P", "E"), -3)
}
_BINARY = {f"{name}i": 1024.0**power for power, name in enumerate("KMGTPE", 1)}
_FACTORS = _DECIMAL | _BINARY

MIB = 1024.0**2
GB = 1000.0**3


def parse_quantity(value: object) -> float:
    """Return a quantity in its unit: cores for CPU, bytes for memory and storage. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"not a quantity: {value!r}")
    form = _FORM.fullmatch(str(value))
    if not form:
        raise ValueError(f"not a quantity: {value!r}")
    number, exponent, suffix = form.groups()
    return float(number + (exponent or "")) * _FACTORS[suffix or ""]
