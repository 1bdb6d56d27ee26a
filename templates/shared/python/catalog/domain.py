"""What the catalogue speaks of."""

from dataclasses import dataclass

from ..chassis.money import Money


@dataclass(frozen=True, slots=True)
class Product:
    """Something to sell. `version` starts at 1 and grows with each change."""

    sku: str
    name: str
    description: str
    category: str
    price: Money
    version: int
