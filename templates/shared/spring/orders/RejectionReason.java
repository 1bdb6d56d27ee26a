package com.example.shop.orders;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why an order was rejected. */
public enum RejectionReason {
    OUT_OF_STOCK,
    PAYMENT_DECLINED,
    TIMEOUT;

    /** Returns the reason as it is stored and shown. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the reason that is stored as this text. */
    public static @Nullable RejectionReason of(@Nullable String code) {
        return code == null ? null : valueOf(code.toUpperCase(Locale.ROOT));
    }
}
