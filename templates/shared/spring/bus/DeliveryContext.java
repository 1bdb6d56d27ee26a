package com.example.shop.chassis.messaging.bus;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/** One attempt to handle an event, as metrics and traces observe it; the headers of its message may continue a trace. */
class DeliveryContext extends ReceiverContext<StoredMessage> {

    DeliveryContext(StoredMessage message) {
        super((carrier, name) -> carrier.headers().get(name), Kind.CONSUMER);
        setCarrier(message);
    }
}
