package com.example.shop.analytics;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Counts of one partition in one minute of event time; amounts are in minor units. Stored as JSON.
 *
 * <p>It has the order events that are counted in it. An outbox may publish an event twice, but with the same time and
 * key, and thus to the same partition and bucket. So an event has to be remembered only as long as its bucket.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
final class Bucket {

    long views;
    long confirmed;
    long revenue;
    long refunded;
    /** Placed orders by second. */
    long[] placed = new long[Windows.SECONDS];

    Sales sales = new Sales();
    private Set<Long> seen = new HashSet<>();

    /** Remembers an order event; returns false if it is known. */
    boolean firstTime(UUID event) {
        // The low half of a UUID has 62 random bits, enough to tell the events of one minute apart.
        return seen.add(event.getLeastSignificantBits());
    }
}
