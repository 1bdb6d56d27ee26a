package com.example.shop.chassis.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A property that may be omitted is not null in a request. */
class OmittableTest {

    private final JsonMapper json = JsonMapper.shared();

    record Size(int width) {}

    record Change(
            @Omittable @Nullable String name,
            @Omittable @Nullable List<String> tags,
            @Omittable @Nullable Size size) {}

    @Test
    void whatIsOmittedIsNull() {
        assertThat(json.readValue("{}", Change.class)).isEqualTo(new Change(null, null, null));
    }

    @Test
    void valuesAreReadAsUsual() {
        String body = """
                {"name": "chair", "tags": ["old"], "size": {"width": 3}}""";
        assertThat(json.readValue(body, Change.class)).isEqualTo(new Change("chair", List.of("old"), new Size(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "tags", "size"})
    void nullIsRefusedAtItsProperty(String property) {
        assertThatThrownBy(() -> json.readValue("{\"%s\": null}".formatted(property), Change.class))
                .isInstanceOfSatisfying(
                        MismatchedInputException.class,
                        refused -> assertThat(refused.getPath())
                                .extracting("propertyName")
                                .containsExactly(property));
    }
}
