package com.example.shop.chassis.http;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TimeParameterTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-28T20:15:00Z, 2026-11-28T20:15:00Z",
        "2026-11-28T20:15:00.5+02:00, 2026-11-28T18:15:00.5Z",
        "2026-11-28t20:15:00z, 2026-11-28T20:15:00Z",
        "4521-07-25T06:45:53.17838-19:29, 4521-07-26T02:14:53.17838Z",
        "2026-11-28T20:15:00+23:59, 2026-11-27T20:16:00Z",
        "2026-11-28T20:15:00.1234567899999Z, 2026-11-28T20:15:00.123456789Z"
    })
    void timesWithAnOffsetOfLessThanADayAreInstants(String given, Instant expected) {
        assertThat(Parameters.time("at", given)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-11-28",
                "2026-11-28T20:15:00",
                "2026-11-28T20:15:00+24:00",
                "2026-13-01T00:00:00Z",
                "2026-11-28T20:15Z",
                "2026-11-28T20:15:00.Z",
                "2026-11-28T20:15:005Z",
                "0000-11-28T20:15:00Z",
                "+12026-11-28T20:15:00Z"
            })
    void otherTextsAreRefused(String given) {
        assertThatThrownBy(() -> Parameters.time("at", given)).isInstanceOf(Problem.class);
    }

    @Test
    void aTimeThatIsNotGivenIsNull() {
        assertThat(Parameters.time("at", null)).isNull();
    }
}
