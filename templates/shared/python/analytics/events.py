"""Event fields that analytics decodes; all other fields are ignored."""

from datetime import datetime
from uuid import UUID

import msgspec


class _Amount(msgspec.Struct):
    amount: int


class _Line(msgspec.Struct):
    sku: str
    quantity: int
    unit_price: _Amount


class _Order(msgspec.Struct):
    items: list[_Line]
    total: _Amount


class _OrderRecord(msgspec.Struct):
    order: _Order


class OrderEvent(msgspec.Struct):
    """Envelope of an order event."""

    id: UUID
    type: str
    time: datetime
    data: msgspec.Raw


class ViewEvent(msgspec.Struct):
    """Envelope of a product view, reduced to its time."""

    time: datetime


# Built once, because a decoder compiles its types.
decode_order_event = msgspec.json.Decoder(OrderEvent).decode
decode_order_record = msgspec.json.Decoder(_OrderRecord).decode
decode_view = msgspec.json.Decoder(ViewEvent).decode
