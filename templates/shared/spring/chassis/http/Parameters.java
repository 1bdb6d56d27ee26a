package com.example.shop.chassis.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Parsing of paths, queries and headers that several contexts share. */
public final class Parameters {

    /** The form of a SKU. */
    public static final String SKU = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private static final Pattern SKU_FORM = Pattern.compile(SKU);
    private static final Pattern KEY_FORM = Pattern.compile("[!-~]{1,255}");
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern NUMBER = Pattern.compile("0*[0-9]{1,3}");
    private static final Pattern POSITIVE = Pattern.compile("0*[1-9][0-9]{0,8}");
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    // LocalDateTime also parses times without seconds and other years, but not more than nine digits of a second.
    private static final Pattern TIME =
            Pattern.compile("(?<local>(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?)"
                    + "((?<=\\.[0-9]{9})[0-9]+)?"
                    + "(?:[Zz]|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))");
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;
    private static final int MAX_WAIT = 30;
    private static final int MAX_SEARCH = 200;

    private Parameters() {}

    /** Returns whether the text has the form of a SKU. */
    public static boolean isSku(String text) {
        return SKU_FORM.matcher(text).matches();
    }

    /** Returns whether the text has the form of a UUID; Java's own parser takes shorter ones, too. */
    public static boolean isId(String text) {
        return UUID_FORM.matcher(text).matches();
    }

    /** Returns the SKU in a path; throws 404 for a text that cannot be one. */
    public static String sku(String given) {
        if (!isSku(given)) {
            throw Problem.notFound("There is no product with this SKU.");
        }
        return given;
    }

    /** Returns the UUID in a path; throws 404 for a text that cannot be one. */
    public static UUID id(String given) {
        if (!isId(given)) {
            throw Problem.notFound("There is nothing with this id.");
        }
        return UUID.fromString(given);
    }

    /** Returns the UUID in a parameter of the query, null if it is not given; throws 422 for another text. */
    public static @Nullable UUID id(String name, @Nullable String given) {
        if (given == null) {
            return null;
        }
        if (!isId(given)) {
            throw Problem.validation("/" + name, "must be a UUID");
        }
        return UUID.fromString(given);
    }

    /** Returns the time in a parameter of the query, null if it is not given; throws 422 unless it has an offset. */
    public static @Nullable Instant time(String name, @Nullable String given) {
        if (given == null) {
            return null;
        }
        try {
            return instant(given);
        } catch (DateTimeException malformed) {
            throw Problem.validation("/" + name, "must be a time like 2026-11-28T20:15:00Z");
        }
    }

    // OffsetDateTime knows offsets up to 18 hours; RFC 3339 allows all below 24.
    private static Instant instant(String given) {
        Matcher time = TIME.matcher(given);
        if (!time.matches()) {
            throw new DateTimeException("The time has no offset.");
        }
        Instant local = LocalDateTime.parse(time.group("local")).toInstant(ZoneOffset.UTC);
        if (time.group("sign") == null) {
            return local;
        }
        Duration offset = Duration.ofHours(Integer.parseInt(time.group("hours")))
                .plusMinutes(Integer.parseInt(time.group("minutes")));
        return time.group("sign").equals("+") ? local.minus(offset) : local.plus(offset);
    }

    /** Returns the number in a path; throws 404 unless it is 1 to 999,999,999. */
    public static int number(String given) {
        if (!POSITIVE.matcher(given).matches()) {
            throw Problem.notFound("There is nothing with this number.");
        }
        return Integer.parseInt(given);
    }

    /** Returns the number in a parameter of the query; throws 422 unless it is 1 to 999,999,999. */
    public static int number(String name, @Nullable String given) {
        if (given == null || !POSITIVE.matcher(given).matches()) {
            throw Problem.validation("/" + name, "must be a number from 1 to 999999999");
        }
        return Integer.parseInt(given);
    }

    /** Returns the constant that a parameter of the query names, null if it is not given; throws 422 for another text. */
    public static <E extends Enum<E>> @Nullable E constant(String name, Class<E> type, @Nullable String given) {
        if (given == null) {
            return null;
        }
        Set<E> constants = EnumSet.allOf(type);
        return constants.stream()
                .filter(each -> each.name().equals(given))
                .findFirst()
                .orElseThrow(() -> Problem.validation("/" + name, "must be one of " + constants));
    }

    /** Returns the header Idempotency-Key; throws 400 if it is missing or malformed. */
    public static String idempotencyKey(@Nullable String given) {
        if (given == null || given.isEmpty()) {
            throw new Problem(
                    HttpStatus.BAD_REQUEST, "idempotency-key-missing", "The Idempotency-Key header is required.");
        }
        if (!KEY_FORM.matcher(given).matches()) {
            throw Problem.badRequest("The Idempotency-Key header must have 1 to 255 visible ASCII characters.");
        }
        return given;
    }

    /** Returns the size of a page; throws 422 unless it is 1 to 100. */
    public static int limit(@Nullable String given) {
        if (given == null) {
            return DEFAULT_LIMIT;
        }
        int limit = NUMBER.matcher(given).matches() ? Integer.parseInt(given) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw Problem.validation("/limit", "must be 1 to 100");
        }
        return limit;
    }

    /** Returns the seconds to wait for a response; throws 422 unless they are 0 to 30. */
    public static double wait(@Nullable String given) {
        if (given == null) {
            return 0;
        }
        double seconds = SECONDS.matcher(given).matches() ? Double.parseDouble(given) : Double.MAX_VALUE;
        if (seconds < 0 || seconds > MAX_WAIT) {
            throw Problem.validation("/wait", "must be 0 to 30");
        }
        return seconds;
    }

    /** Returns the text to search for; throws 422 if it is too long, or no database can store it. */
    public static @Nullable String search(String name, @Nullable String given) {
        if (given != null && !Text.Validator.isStorable(given, 0, MAX_SEARCH)) {
            throw Problem.validation("/" + name, "must be a text of at most 200 characters");
        }
        return given;
    }
}
