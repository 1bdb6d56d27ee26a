"""Encoding of events as messages: the value is the whole envelope, the headers repeat what routers need."""

import msgspec

from ..events import Event
from .port import Message, Record


def message_of(event: Event, topic: str) -> Message:
    """Return the event as a message to `topic`, with its W3C trace context."""
    headers = {"id": str(event.id), "type": event.type, "version": str(event.version)}
    if event.traceparent is not None:
        headers["traceparent"] = event.traceparent
    return Message(topic, event.key, msgspec.json.encode(event), headers)


def event_of(record: Record) -> Event:
    """Return the event in a record; raise `msgspec.MsgspecError` if the record is malformed."""
    return _decoder.decode(record.value)


_decoder = msgspec.json.Decoder(Event)
