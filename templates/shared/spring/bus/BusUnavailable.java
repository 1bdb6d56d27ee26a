package com.example.shop.chassis.messaging.bus;

import com.example.shop.chassis.messaging.DeliveryUnavailable;

/** The bus did not respond in time; it may or may not have stored what was published. */
class BusUnavailable extends DeliveryUnavailable {

    BusUnavailable(Throwable cause) {
        super("The bus did not respond.", cause);
    }
}
