package com.example.shop.chassis.http;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;

/** Takes the last of the values of a parameter that a query repeats; Spring would join them with commas. */
@Component
class LastParameter implements ConditionalGenericConverter {

    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
        return Set.of(new ConvertiblePair(String[].class, String.class));
    }

    @Override
    public boolean matches(TypeDescriptor given, TypeDescriptor wanted) {
        return wanted.hasAnnotation(RequestParam.class);
    }

    @Override
    public Object convert(@Nullable Object given, TypeDescriptor givenType, TypeDescriptor wanted) {
        String[] values = (String[]) Objects.requireNonNull(given);
        return values[values.length - 1];
    }
}
