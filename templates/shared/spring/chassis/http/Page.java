package com.example.shop.chassis.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** One page of a list. It starts after the last item of the previous one, so none is skipped or repeated. */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    /** Returns a page of up to {@code limit} of the rows, which hold one more if there is a next page. */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> key) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        List<T> items = rows.subList(0, limit);
        return new Page<>(items, cursorOf(key.apply(items.getLast())));
    }

    private static String cursorOf(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the sort key in the cursor; throws the problem {@code bad-cursor} for a malformed one. */
    public static String keyOf(String cursor) {
        try {
            String key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            // Other texts, which no page has, are decoded to the same key.
            if (cursorOf(key).equals(cursor)) {
                return key;
            }
        } catch (IllegalArgumentException malformed) {
            // Answered like any other cursor that no page has.
        }
        throw badCursor();
    }

    /** Returns the problem {@code bad-cursor}. */
    public static Problem badCursor() {
        return new Problem(
                HttpStatus.BAD_REQUEST, "bad-cursor", "Invalid cursor. Use the next_cursor of another page.");
    }
}
