"""An old process tells of old versions of events."""

import json
from uuid import uuid4

from ..messages import INVENTORY, Message
from .trial import PRICE, Trial


def test_news_in_the_version_before_are_understood(trial: Trial) -> None:
    """While inventory is away, its predecessor tells payments that the units are promised."""
    sku, customer = trial.product(), trial.customer()
    trial.shop.kill("inventory")
    order = trial.place(customer, {sku: 1})
    told = {
        "id": str(uuid4()),
        "type": "StockReserved",
        "version": 1,
        "time": "2026-01-01T00:00:00Z",
        "key": order,
        "traceparent": None,
        "data": {"order_id": order, "user_id": customer.id, "amount": PRICE},
    }
    trial.shop.messages.publish([Message(INVENTORY, order, json.dumps(told).encode())])
    trial.strikes += 1
    assert trial.end_of(customer, order) == "CONFIRMED"
    assert customer.payments(order) == [("debit", PRICE)]
    trial.shop.launch("inventory")
    trial.conclude()
