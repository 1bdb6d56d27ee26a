package com.example.shop.chassis;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Identifiers that sort by creation time. */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** Returns a UUID version 7 (RFC 9562, section 5.7): Unix time in milliseconds, its fraction, then random bits. */
    public static UUID next() {
        Instant now = Instant.now();
        // The fraction keeps the ids of one millisecond in order, as far as the clock tells them apart.
        long fraction = ChronoUnit.NANOS.between(now.truncatedTo(ChronoUnit.MILLIS), now) * 4096 / 1_000_000;
        return id(now.toEpochMilli(), fraction, RANDOM.nextLong());
    }

    /** Returns the lowest id that {@link #next} could have returned at that moment; no id is from before 1970. */
    public static UUID firstAt(Instant moment) {
        return id(Math.clamp(moment.getEpochSecond(), 0, 1L << 37) * 1000 + moment.getNano() / 1_000_000, 0, 0);
    }

    private static UUID id(long milliseconds, long fraction, long random) {
        long high = (milliseconds << 16) | 0x7000 | fraction;
        return new UUID(high, (random & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }
}
