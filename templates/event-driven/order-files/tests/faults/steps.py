"""Steps of an order: the handlers of events, by consumer group and type of event."""

from .experiment import Experiment

STEPS = {
    "inventory": {
        "OrderPlaced": "reserve",
        "OrderConfirmed": "commit",
        "OrderRejected": "release",
        "OrderCancelled": "restock",
    },
    "payments": {"StockReserved": "debit", "OrderRejected": "refund", "OrderCancelled": "refund"},
    "orders": {"PaymentDebited": "confirm", "PaymentDeclined": "reject", "StockRefused": "reject"},
    "cart": {"OrderConfirmed": "clear cart"},
    "notifications": dict.fromkeys(("OrderConfirmed", "OrderRejected", "OrderCancelled"), "notify"),
}


def steps_after(event_type: str) -> list[str]:
    """Return the steps that an event of this type starts, in all groups."""
    return [steps[event_type] for steps in STEPS.values() if event_type in steps]


def count(experiment: Experiment, group: str, kind: str, number: int = 1) -> None:
    """Count a fault at all steps of a consumer group."""
    for step in set(STEPS[group].values()):
        experiment.count_fault(step, kind, number)
