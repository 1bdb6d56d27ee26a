"""Upcasting: converts events of old versions to the newest one before they are handled.

Topics keep old events forever, and a service that is not yet updated publishes more of them. Producers write
the newest version; consumers accept every version.
"""

from chassis.messaging.bus.upcasters import Data, Upcasters


def stock_reserved(currency: str) -> Upcasters:
    """Return the upcasters of StockReserved; version 1 had no currency, so the shop's `currency` is added."""

    def add_currency(data: Data) -> Data:
        rest = {name: value for name, value in data.items() if name != "amount"}
        return rest | {"total": {"amount": data["amount"], "currency": currency}}

    upcasters = Upcasters()
    upcasters.add("StockReserved", 1, add_currency)
    upcasters.newest("StockReserved", 2)
    return upcasters
