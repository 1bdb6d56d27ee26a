"""As much as analytics reads of events; what else is in them does not matter here."""

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
    """The envelope of an event of orders."""

    id: UUID
    type: str
    time: datetime
    data: msgspec.Raw


class ViewEvent(msgspec.Struct):
    """The envelope of a view: that it was, and when."""

    time: datetime


# Built once: a decoder has its types compiled.
decode_order_event = msgspec.json.Decoder(OrderEvent).decode
decode_order_record = msgspec.json.Decoder(_OrderRecord).decode
decode_view = msgspec.json.Decoder(ViewEvent).decode
