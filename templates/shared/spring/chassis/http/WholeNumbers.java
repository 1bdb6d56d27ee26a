package com.example.shop.chassis.http;

import java.math.BigDecimal;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** Reads integers as JSON Schema has them (2020-12, validation, section 6.1.1): {@code 1.0} is one, and 1.5 is not. */
final class WholeNumbers<N extends Number> extends StdScalarDeserializer<N> {

    private final Function<BigDecimal, N> exact;

    private WholeNumbers(Class<N> type, Function<BigDecimal, N> exact) {
        super(type);
        this.exact = exact;
    }

    /** Returns the module that reads the integers of request bodies. */
    static SimpleModule module() {
        return new SimpleModule("whole-numbers")
                .addDeserializer(Integer.class, new WholeNumbers<>(Integer.class, BigDecimal::intValueExact))
                .addDeserializer(Long.class, new WholeNumbers<>(Long.class, BigDecimal::longValueExact));
    }

    @Override
    @SuppressWarnings("unchecked")
    public N deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.currentToken().isNumeric()) {
            return (N) context.handleUnexpectedToken(getValueType(context), parser);
        }
        try {
            return exact.apply(parser.getDecimalValue());
        } catch (ArithmeticException inexact) {
            throw new InputCoercionException(parser, "not an integer in range", parser.currentToken(), handledType());
        }
    }
}
