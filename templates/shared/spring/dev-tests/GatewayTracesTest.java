package com.example.shop.dev;

import io.micrometer.observation.ObservationPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** The gateway does not begin a trace for each probe. */
class GatewayTracesTest {

    private final ObservationPredicate traced = new GatewayTraces().withoutProbes();

    @ParameterizedTest
    @CsvSource({"/livez, false", "/readyz, false", "/startupz, false", "/v1/orders, true", "/readyz/more, true"})
    void probesAreNotTraced(String path, boolean expected) {
        ServerRequestObservationContext request = new ServerRequestObservationContext(
                new MockHttpServletRequest("GET", path), new MockHttpServletResponse());
        assertThat(traced.test("http.server.requests", request)).isEqualTo(expected);
    }
}
