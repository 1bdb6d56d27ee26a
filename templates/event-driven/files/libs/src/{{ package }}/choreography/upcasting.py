"""Old versions of events: topics are kept for ever, and a service not yet updated tells more of them.

Producers write the newest version. Consumers take every version: an old event is brought up to date before
any step sees it.
"""

from ..chassis.bus.schemas import Data, Upcasters


def stock_reserved(currency: str) -> Upcasters:
    """Return what brings StockReserved up to date; version 1 said nothing of the shop's only `currency`."""

    def add_currency(data: Data) -> Data:
        rest = {name: value for name, value in data.items() if name != "amount"}
        return rest | {"total": {"amount": data["amount"], "currency": currency}}

    upcasters = Upcasters()
    upcasters.add("StockReserved", 1, add_currency)
    upcasters.newest("StockReserved", 2)
    return upcasters
