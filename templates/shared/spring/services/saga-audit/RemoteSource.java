package com.example.shop.app;

import java.time.Duration;

import com.example.shop.audit.Facts;
import com.example.shop.chassis.calls.ServiceClient;

/** A context of another service that contributes its data to audits. */
interface RemoteSource {

    /** Snapshots grow with the number of orders and can take long to send. */
    ServiceClient.Limits LIMITS = new ServiceClient.Limits(Duration.ofSeconds(60), Duration.ofSeconds(30));

    /** Returns the data of the context, as they are now. */
    Facts read();
}
