package com.example.shop.chassis.messaging;

/** Nothing can be delivered at present, whatever the event; this is not a failed attempt. */
public class DeliveryUnavailable extends RuntimeException {

    public DeliveryUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
