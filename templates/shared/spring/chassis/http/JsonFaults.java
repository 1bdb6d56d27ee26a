package com.example.shop.chassis.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Problems of JSON bodies that cannot be read, and JSON pointers (RFC 6901) to what is wrong in them. */
final class JsonFaults {

    private static final Pattern UPPER = Pattern.compile("[A-Z]");

    private JsonFaults() {}

    /** Returns 413 for a body that is too large, 400 for one that is not JSON, and 422 for one of another shape. */
    static Problem problem(HttpMessageNotReadableException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyLimitFilter.TooLarge) {
                return Problem.tooLarge();
            }
        }
        return switch (error.getCause()) {
            case null -> Problem.validation("", "must be a JSON object");
            // Thrown by the parser, but for valid JSON: a number that fits no Java type.
            case InputCoercionException number -> Problem.validation(pointer(number), "is out of range");
            // Thrown for the shape, but the body is not JSON: it goes on after its value.
            case MismatchedInputException more
            when more.getOriginalMessage().startsWith("Trailing token") ->
                Problem.badRequest("The request body is not valid JSON.");
            case DatabindException shape -> Problem.validation(pointer(shape), "is unknown, or of another type");
            default -> Problem.badRequest("The request body is not valid JSON.");
        };
    }

    /** Returns the pointer to a field that is named as in Java, such as {@code items[0].unitPrice}. */
    static String pointer(String field) {
        List<String> steps = new ArrayList<>();
        for (String step : field.replace("]", "").split("[.\\[]", -1)) {
            steps.add(
                    UPPER.matcher(step).replaceAll(upper -> "_" + upper.group().toLowerCase(Locale.ROOT)));
        }
        return "/" + String.join("/", steps);
    }

    private static String pointer(JacksonException error) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : error.getPath()) {
            String name = step.getPropertyName();
            pointer.append('/')
                    .append(
                            name == null
                                    ? step.getIndex()
                                    : name.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
