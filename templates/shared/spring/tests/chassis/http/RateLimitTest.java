package com.example.shop.chassis.http;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Rate limits are written like 10/minute. */
class RateLimitTest {

    @Test
    void aLimitHasANumberAndAWindow() {
        assertThat(RateLimit.valueOf("10/minute")).isEqualTo(new RateLimit(10, Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "0/minute", "10/week", "-1/second", "10 per minute"})
    void anotherTextIsRefused(String text) {
        assertThatThrownBy(() -> RateLimit.valueOf(text)).hasMessageContaining("10/minute");
    }
}
