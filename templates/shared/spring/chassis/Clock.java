package com.example.shop.chassis;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** The time as databases store it. */
public final class Clock {

    private Clock() {}

    /** Returns the current time in UTC, to the microsecond. */
    public static LocalDateTime now() {
        return LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }
}
