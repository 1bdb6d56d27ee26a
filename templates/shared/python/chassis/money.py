"""Money in integer minor units."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of one currency (ISO 4217)."""

    amount: int
    currency: str
