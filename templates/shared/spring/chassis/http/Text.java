package com.example.shop.chassis.http;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** Text of {@code min} to {@code max} characters that every database can store: no NUL, no half of a surrogate pair. */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = Text.Validator.class)
public @interface Text {
    int min() default 0;

    int max();

    String message() default "must be a text of {min} to {max} characters";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Checks texts. */
    class Validator implements ConstraintValidator<Text, String> {
        private int min;
        private int max;

        @Override
        public void initialize(Text text) {
            min = text.min();
            max = text.max();
        }

        @Override
        public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
            return value == null || isStorable(value, min, max);
        }

        static boolean isStorable(String value, int min, int max) {
            int length = value.codePointCount(0, value.length());
            return length >= min
                    && length <= max
                    && value.codePoints()
                            .noneMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
        }
    }
}
