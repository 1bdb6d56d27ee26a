package com.example.shop.chassis.messaging.bus;

/** The bus refuses a message for good, for example because it is too large. */
class MessageRefused extends RuntimeException {

    MessageRefused(Throwable cause) {
        super(cause);
    }
}
