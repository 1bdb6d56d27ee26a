package com.example.shop.chassis.messaging;

/**
 * The receiver cannot be reached at present, whatever the event; this is not a failed attempt. If a relay throws it, all
 * events of the batch wait; if a handler does, this event.
 */
public class DeliveryUnavailable extends RuntimeException {

    public DeliveryUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
