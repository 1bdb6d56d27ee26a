package com.example.shop.chassis.telemetry;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** The labels of requests have few values, whatever clients write. */
class RequestConventionTest {

    @ParameterizedTest
    @CsvSource({"GET, GET", "PATCH, PATCH", "BREW, _OTHER", "get, _OTHER"})
    void unknownMethodsShareOneLabel(String method, String label) {
        ServerRequestObservationContext context = new ServerRequestObservationContext(
                new MockHttpServletRequest(method, "/some/path"), new MockHttpServletResponse());
        assertThat(new RequestConvention().getLowCardinalityKeyValues(context))
                .extracting("value")
                .containsExactlyInAnyOrder(label, "unmatched", "200");
    }
}
