package com.example.shop.chassis.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Integers are those of JSON Schema. */
class WholeNumbersTest {

    private final JsonMapper json =
            JsonMapper.builder().addModule(WholeNumbers.module()).build();

    @ParameterizedTest
    @ValueSource(strings = {"20", "20.0", "2e1", "200E-1"})
    void anIntegerIsReadHoweverItIsWritten(String text) {
        assertThat(json.readValue(text, Long.class)).isEqualTo(20);
        assertThat(json.readValue(text, Integer.class)).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1e400", "1e-400", "\"1\"", "true", "[1]", "9223372036854775808"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> json.readValue(text, Long.class)).isInstanceOf(JacksonException.class);
    }

    @Test
    void anIntegerHasFewerBitsThanALong() {
        assertThatThrownBy(() -> json.readValue("2147483648", Integer.class)).isInstanceOf(JacksonException.class);
    }
}
