package com.example.shop.chassis.http;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of hits in a window of time. */
public record RateLimit(int hits, Duration window) {

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8}) ?/ ?(second|minute|hour|day)");

    /** Parses a limit that is written like {@code 10/minute}; Spring calls this for settings. */
    public static RateLimit valueOf(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a limit is written like 10/minute");
        }
        Duration window = switch (matcher.group(2)) {
            case "second" -> Duration.ofSeconds(1);
            case "minute" -> Duration.ofMinutes(1);
            case "hour" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
        return new RateLimit(Integer.parseInt(matcher.group(1)), window);
    }
}
