"""Domain model of the catalog."""

from dataclasses import dataclass

from chassis.money import Money


@dataclass(frozen=True, slots=True)
class Product:
    """A product for sale. `version` starts at 1 and increases with each change."""

    sku: str
    name: str
    description: str
    category: str
    price: Money
    version: int
