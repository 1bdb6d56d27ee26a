"""Domain model of inventory."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock of one SKU: `on_hand` units, of which `reserved` are held for orders."""

    sku: str
    on_hand: int
    reserved: int


class ReservationState(StrEnum):
    """The state of an order's reservation."""

    REFUSED = "REFUSED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    COMMITTED = "COMMITTED"
    RESTOCKED = "RESTOCKED"
