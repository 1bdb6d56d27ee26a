package com.example.shop.content;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a member of the staff may do: authors write their own articles, editors change and publish all. */
enum Role {
    AUTHOR,
    EDITOR;

    /** Returns the name as it is stored and shown. */
    @JsonValue
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the role with this code. */
    static Role of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
