"""Events in old versions, published by services that are not yet updated."""

import json
from uuid import uuid4

from ..messages import INVENTORY, Message
from .experiment import PRICE, Experiment


def test_an_event_in_the_previous_version_is_understood(experiment: Experiment) -> None:
    """While inventory is down, its previous version publishes that the units are reserved."""
    sku, customer = experiment.product(), experiment.customer()
    experiment.shop.kill("inventory")
    order = experiment.place(customer, {sku: 1})
    event = {
        "id": str(uuid4()),
        "type": "StockReserved",
        "version": 1,
        "time": "2026-01-01T00:00:00Z",
        "key": order,
        "traceparent": None,
        "data": {"order_id": order, "user_id": customer.id, "amount": PRICE},
    }
    experiment.shop.messages.publish([Message(INVENTORY, order, json.dumps(event).encode())])
    experiment.count_fault("debit", "event in the previous version")
    assert experiment.final_state(customer, order) == "CONFIRMED"
    assert customer.payments(order) == [("debit", PRICE)]
    experiment.shop.launch("inventory")
    experiment.verify()
