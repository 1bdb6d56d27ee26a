package com.example.shop.chassis.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
        byte[] last = key.apply(items.getLast()).getBytes(StandardCharsets.UTF_8);
        return new Page<>(items, Base64.getUrlEncoder().withoutPadding().encodeToString(last));
    }

    /** Returns the sort key in the cursor; throws the problem {@code bad-cursor} for a malformed one. */
    public static String keyOf(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw badCursor();
        }
    }

    /** Returns the problem {@code bad-cursor}. */
    public static Problem badCursor() {
        return new Problem(
                HttpStatus.BAD_REQUEST, "bad-cursor", "Invalid cursor. Use the next_cursor of another page.");
    }
}
