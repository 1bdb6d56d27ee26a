"""Upcasting of events of old versions."""

from datetime import UTC, datetime
from uuid import uuid4

import msgspec

from chassis.messaging.events import Event
from chassis.money import Money

from ..events import StockReserved
from ..upcasting import stock_reserved


def test_stock_reserved_version_1_gets_the_currency_of_the_shop() -> None:
    order_id, user_id = uuid4(), uuid4()
    old = Event(
        id=uuid4(),
        type="StockReserved",
        version=1,
        time=datetime(2026, 1, 1, tzinfo=UTC),
        key=str(order_id),
        traceparent=None,
        data=msgspec.Raw(msgspec.json.encode({"order_id": order_id, "user_id": user_id, "amount": 250})),
    )
    new = stock_reserved("EUR")(old)
    assert (new.id, new.version) == (old.id, 2)
    payload = msgspec.json.decode(new.data, type=StockReserved)
    assert payload == StockReserved(order_id, user_id, Money(250, "EUR"))
