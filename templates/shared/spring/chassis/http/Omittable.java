package com.example.shop.chassis.http;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A property of a request body that may be omitted, and is null then; a null in the body is refused. */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@JsonDeserialize(using = Omittable.Reader.class)
public @interface Omittable {

    /** Reads the value as the type of the property says. */
    final class Reader extends ValueDeserializer<Object> {
        private final @Nullable ValueDeserializer<?> value;

        Reader() {
            this(null);
        }

        private Reader(@Nullable ValueDeserializer<?> value) {
            this.value = value;
        }

        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new Reader(context.findContextualValueDeserializer(property.getType(), property));
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            return Objects.requireNonNull(value).deserialize(parser, context);
        }

        @Override
        public Object getNullValue(DeserializationContext context) {
            return context.reportInputMismatch(this, "must not be null");
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }
}
