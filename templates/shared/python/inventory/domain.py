"""What inventory speaks of."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of one SKU: `on_hand` lie on the shelf, `reserved` of these are promised."""

    sku: str
    on_hand: int
    reserved: int


class ReservationState(StrEnum):
    """What became of the units that an order asked for."""

    REFUSED = "REFUSED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    COMMITTED = "COMMITTED"
    RESTOCKED = "RESTOCKED"
