package com.example.shop.payments;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kind of a ledger entry. */
enum Kind {
    TOP_UP,
    DEBIT,
    REFUND,
    /** The user will never pay for the order: a saga gave it up before the debit. */
    VOID;

    /** Returns the name as it is stored and shown. */
    @JsonValue
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind with this code. */
    static Kind of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
